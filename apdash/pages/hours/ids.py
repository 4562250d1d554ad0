"""Names of the parts of the hours page."""

DOWNLOAD = "hours-download"
WHAT_IF = "hours-what-if"
KIND, DAY, MINUTES, SINCE, NUMBER, LENGTH, FROM, UNTIL = (
    f"hours-if-{name}" for name in ("kind", "day", "minutes", "since", "number", "length", "from", "until")
)


def gives(kind: str) -> dict[str, str]:
    """Return the id of the button that gives the table of the page as a file: csv or xlsx."""
    return {"hours-give": kind}
