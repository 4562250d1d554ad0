"""Each measure in a process of its own: its memory is its own, and solvers do not meet."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_BESIDE = 300.0
"""Seconds beyond its limit that a child may take to read, build and stop."""


def told(module: str, *arguments: object, limit: float) -> dict[str, object] | None:
    """What `python -m tests.benchmarks.MODULE` prints as JSON; None, with a word on stderr, when it fails."""
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *map(str, arguments)]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=2 * limit + _BESIDE, check=False
        )
    except subprocess.TimeoutExpired:
        print(f"{' '.join(command[2:5])}: did not stop", file=sys.stderr, flush=True)
        return None
    if done.returncode:
        words = done.stderr.strip().splitlines()[-1:] or [f"ended with {done.returncode}"]
        print(f"{' '.join(command[2:5])}: {words[0]}", file=sys.stderr, flush=True)
        return None
    return json.loads(done.stdout.splitlines()[-1])
