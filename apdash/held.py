"""What is long to build and asked many questions: kept for a while, two at most, used by one thread at a time.

Whoever asks last comes first: what is under way is cut short, unless it is being made ready, which serves everybody.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

KEPT = 2  # held at once


class Closable(Protocol):
    """What holds memory or threads that it can let go of."""

    def close(self) -> None:
        """Let go of them."""


Thing = TypeVar("Thing", bound=Closable)


class Held(Generic[Thing]):
    """One thing: the one owner of who may use it and who waits for it.

    make: builds it, around the signal that cuts short what it does; ready: gets it ready, at each turn.
    """

    def __init__(self, make: Callable[[threading.Event], Thing], ready: Callable[[Thing], None]) -> None:
        self._make, self._get_ready = make, ready
        self._thing: Thing | None = None
        self._stop = threading.Event()
        self._state = threading.Condition()
        self._waiting = 0
        self._busy = self._may_cut = self._closed = False

    @property
    def wanted(self) -> bool:
        """Whether somebody waits for it, or it is closed: an answer under way is cut short."""
        return self._closed or self._waiting > 0

    @contextmanager
    def turn(self, *, first: bool) -> Iterator[Thing | None]:
        """Give the thing, ready; None once closed. first: what is under way is cut short."""
        with self._state:
            self._waiting += first
            if first and self._may_cut:
                self._stop.set()
            self._state.wait_for(lambda: not self._busy and (first or self._waiting == 0))
            self._waiting -= first
            self._busy = True
        try:
            yield self._ready()
        finally:
            with self._state:
                self._busy = self._may_cut = False
                self._let_go()
                self._state.notify_all()

    def close(self) -> None:
        """End what is under way; whoever uses the thing lets go of it."""
        with self._state:
            self._closed = True
            self._stop.set()
            if not self._busy:
                self._let_go()

    def _ready(self) -> Thing | None:
        with self._state:
            if self._closed:
                return None
            self._stop.clear()
        thing = self._thing = self._thing or self._make(self._stop)
        self._get_ready(thing)
        with self._state:
            self._may_cut = True
            if self.wanted:
                self._stop.set()
            return None if self._closed else thing

    def _let_go(self) -> None:
        if self._closed and self._thing is not None:
            self._thing.close()
            self._thing = None


class Shelf(Generic[Thing]):
    """The things held by this process: the last ones asked for, each under a number."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[int, Held[Thing]] = {}

    def of(self, number: int, new: Callable[[], Held[Thing]]) -> Held[Thing]:
        """Return the thing of a number; the one longest unused is let go of when there are too many."""
        with self._lock:
            found = self._held.pop(number, None) or new()
            self._held[number] = found
            for old in list(self._held)[:-KEPT]:
                self._held.pop(old).close()
            return found

    def close(self) -> None:
        """Let go of everything."""
        with self._lock:
            for held in self._held.values():
                held.close()
            self._held.clear()
