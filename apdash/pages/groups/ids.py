"""Identifiers of the page « Groupes »."""

DOWNLOAD, UNTIL = "groups-download", "groups-until"


def day(param: str, shown: str) -> dict[str, str]:
    """A day to choose: the parameter of the address it changes, and the day it shows at first."""
    return {"groups": "day", "param": param, "shown": shown}


def gives(kind: str) -> dict[str, str]:
    """The button that downloads a kind of file."""
    return {"groups": "export", "kind": kind}
