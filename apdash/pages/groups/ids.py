"""Identifiers of the page « Groupes »."""

OPENED = "groups-opened"
DIALOG, DIALOG_TITLE, DIALOG_BODY = "groups-dialog", "groups-dialog-title", "groups-dialog-body"
DOWNLOAD, UNTIL = "groups-download", "groups-until"


def day(param: str, shown: str) -> dict[str, str]:
    """A day to choose: the parameter of the address it changes, and the day it shows at first."""
    return {"groups": "day", "param": param, "shown": shown}


def opens(gesture: str, key: str) -> dict[str, str]:
    """The attributes of a button that opens the dialog of a gesture; key: the numbers it is about, with hyphens.

    Not an identifier: a page holds hundreds of them, and one listener in the browser answers for all.
    """
    return {"data-gesture": gesture, "data-key": key}


def field(gesture: str, key: str, name: str) -> dict[str, str]:
    """A field of the dialog that is open."""
    return {"groups": "field", "gesture": gesture, "key": key, "name": name}


def said(gesture: str, key: str) -> dict[str, str]:
    """Where the dialog says what stands in the way."""
    return {"groups": "said", "gesture": gesture, "key": key}


def agreed(gesture: str, key: str) -> dict[str, str]:
    """The box to tick when something is to be accepted knowingly."""
    return {"groups": "agreed", "gesture": gesture, "key": key}


def does(gesture: str, key: str) -> dict[str, str]:
    """The button that does what the dialog is about."""
    return {"groups": "do", "gesture": gesture, "key": key}


def gives(kind: str) -> dict[str, str]:
    """The button that downloads a kind of file."""
    return {"groups": "export", "kind": kind}
