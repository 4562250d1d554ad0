"""Serves APdash: `python app.py [--db PATH] [--host HOST] [--port PORT]`, the demonstration school by default."""

import sys

from apdash.cli import run

if __name__ == "__main__":
    run(["serve", *sys.argv[1:]])
