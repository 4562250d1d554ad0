"""`python -m apdash`."""

from apdash.cli import run

run()
