"""The command line: `python -m apdash COMMAND`."""

from apdash.cli.main import main, run

__all__ = ["main", "run"]
