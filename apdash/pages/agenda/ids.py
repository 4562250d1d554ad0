"""Identifiers of the page « Séances »."""

OPENED = "agenda-opened"
PANEL, PANEL_TITLE, PANEL_BODY = "agenda-panel", "agenda-panel-title", "agenda-panel-body"
SETTLE = "agenda-settle"


def day(param: str, shown: str) -> dict[str, str]:
    """A day to choose: the parameter of the address it changes, and the day it shows at first."""
    return {"agenda": "day", "param": param, "shown": shown}


def opens(what: str, key: object = "") -> dict[str, str]:
    """The attributes of a button that opens the panel: what it shows (session, add, action), of which number.

    Not an identifier: a week holds dozens of them, and one listener in the browser answers for all.
    """
    return {"data-agenda": what, "data-key": str(key)}


def field(gesture: str, name: str) -> dict[str, str]:
    """A field of the panel that is open."""
    return {"agenda": "field", "gesture": gesture, "name": name}


def said(gesture: str) -> dict[str, str]:
    """Where the panel says what stands in the way of a gesture."""
    return {"agenda": "said", "gesture": gesture}


def agreed(gesture: str) -> dict[str, str]:
    """The box to tick when something is to be accepted knowingly."""
    return {"agenda": "agreed", "gesture": gesture}


def does(gesture: str, key: str) -> dict[str, str]:
    """The button that makes a gesture on a session or an action."""
    return {"agenda": "do", "gesture": gesture, "key": key}


def fate(session: int) -> dict[str, object]:
    """What becomes of one meeting of an absent adult."""
    return {"agenda": "fate", "session": session}
