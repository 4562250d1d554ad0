"""Identifiers of the dialog of gestures."""

OPENED = "gesture-opened"
DIALOG, DIALOG_TITLE, DIALOG_BODY = "gesture-dialog", "gesture-dialog-title", "gesture-dialog-body"


def opens(gesture: str, key: str) -> dict[str, str]:
    """The attributes of a button that opens the dialog of a gesture; key: the numbers it is about, with hyphens.

    Not an identifier: a page holds hundreds of them, and one listener in the browser answers for all.
    """
    return {"data-gesture": gesture, "data-key": key}


def field(gesture: str, key: str, name: str) -> dict[str, str]:
    """A field of the dialog that is open."""
    return {"dialog": "field", "gesture": gesture, "key": key, "name": name}


def said(gesture: str, key: str) -> dict[str, str]:
    """Where the dialog says what stands in the way."""
    return {"dialog": "said", "gesture": gesture, "key": key}


def agreed(gesture: str, key: str) -> dict[str, str]:
    """The box to tick when something is to be accepted knowingly."""
    return {"dialog": "agreed", "gesture": gesture, "key": key}


def does(gesture: str, key: str) -> dict[str, str]:
    """The button that does what the dialog is about."""
    return {"dialog": "do", "gesture": gesture, "key": key}
