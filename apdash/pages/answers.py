"""Answers of the addresses that speak JSON: a refusal in words, numbers read with care, the hour of a record."""

from collections.abc import Callable
from datetime import datetime

import flask

from apdash.errors import ApdashError
from apdash.labels import NBSP, hour


def answered(answer: Callable[[], flask.typing.ResponseReturnValue]) -> flask.typing.ResponseReturnValue:
    """Return the answer, or 422 with the title and the words of a refusal."""
    try:
        return answer()
    except ApdashError as error:
        return {"title": error.title, "message": f"{error.title} {error.message}".strip()}, 422


def whole_number(value: object) -> int:
    """Return an id as it came; raises `ApdashError` when it is none."""
    try:
        number = int(value)  # type: ignore[call-overload]
    except (TypeError, ValueError):
        raise unreadable() from None
    if not 0 <= number < 2**63:
        raise unreadable()
    return number


def unreadable() -> ApdashError:
    """Return the refusal of a message that our own pages never send."""
    return ApdashError("Demande illisible.", "Rechargez la page, puis recommencez.")


def saved_at(now: datetime) -> str:
    """Return the hour of an acknowledgement, `14 h 32`, minutes always written."""
    return hour(now.time()) if now.minute else f"{now.hour}{NBSP}h{NBSP}00"
