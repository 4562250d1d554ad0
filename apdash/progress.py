"""Tells how far a long task is: a bar on the terminal's error stream, nothing when nobody is looking."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

Report = Callable[[float, str], None]  # share done, from 0 to 1; what is being done


def silent(share: float, words: str) -> None:
    """Tell nobody."""


@contextmanager
def progress_bar() -> Iterator[Report]:
    """Yield the function a long task calls as it goes; the bar leaves no trace."""
    if not sys.stderr.isatty():
        yield silent
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("", total=1.0)
        yield lambda share, words: bars.update(task, completed=share, description=words)
