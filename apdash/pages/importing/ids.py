"""The address of the page and the ids its callbacks listen to."""

PATH = "/importer"
UPLOAD = "importing-upload"
DROP = "importing-drop"
BUSY_LOOK = "importing-busy-look"
BUSY_WRITE = "importing-busy-write"
TOLD_LOOK = "importing-told-look"  # beside the button that looks again
TOLD_WRITE = "importing-told-write"  # beside the button that writes
CATEGORY = "importing-category"
SEARCH = "importing-search"
ROWS = "importing-rows"
DOWNLOAD = "importing-download"


def pressed(act: str, at: str = "") -> dict[str, str]:
    """Return the id of a button: what it does, and to what."""
    return {"importing": act, "at": at}


def field(name: str) -> dict[str, str]:
    """Return the id of a field that changes how the files are read."""
    return {"importing": "field", "name": name}


def agreed(name: str) -> dict[str, str]:
    """Return the id of a box to tick before writing."""
    return {"importing": "agreed", "name": name}
