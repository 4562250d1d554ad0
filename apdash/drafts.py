"""What people are preparing, kept by the server for a while instead of travelling with their pages."""

import threading
import time
from collections.abc import Callable

LIFETIME = 30 * 60  # seconds without being looked at: time for a meeting to be interrupted, not for a day
KEPT = 8  # people who may prepare something at the same time; the one idle the longest gives way


class Drafts:
    """One value per owner: the one owner of what is prepared and not written yet."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: dict[str, tuple[float, object]] = {}
        self._lock = threading.Lock()

    def keep(self, owner: str, value: object) -> None:
        """Hold a value for this owner, in place of the one before."""
        with self._lock:
            self._clear_old()
            self._held.pop(owner, None)
            while len(self._held) >= KEPT:
                del self._held[min(self._held, key=lambda one: self._held[one][0])]
            self._held[owner] = (self._clock(), value)

    def find(self, owner: str) -> object | None:
        """Return what is held for this owner, for another `LIFETIME`; None when there is nothing left."""
        with self._lock:
            self._clear_old()
            if owner not in self._held:
                return None
            value = self._held[owner][1]
            self._held[owner] = (self._clock(), value)
            return value

    def forget(self, owner: str) -> None:
        """Let go of what is held for this owner."""
        with self._lock:
            self._held.pop(owner, None)

    def _clear_old(self) -> None:
        now = self._clock()
        for owner in [owner for owner, (at, _value) in self._held.items() if now - at > LIFETIME]:
            del self._held[owner]
