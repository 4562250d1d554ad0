"""The columns of the tables that are filled in here."""

from apdash.calendar import WEEKDAYS
from apdash.components.entry_table import Column

CLOSURES = (
    Column("label", "Vacances ou jour férié"),
    Column("starts_on", "Du", "date", width="165px"),
    Column("ends_on", "Au (inclus)", "date", width="165px"),
)
PERIODS = (
    Column("code", "Code", width="90px"),
    Column("label", "Nom"),
    Column("starts_on", "Du", "date", width="165px"),
    Column("ends_on", "Au (inclus)", "date", width="165px"),
)
ROOMS = (
    Column("code", "Salle"),
    Column("capacity", "Places", "number", width="110px"),
    Column("kind", "Usage (CDI, informatique, atelier…)"),
)
EVERY_WEEK, IN_BLOCKS = "toutes", "blocs"
WEEKS = ((EVERY_WEEK, "toutes"), ("A", "semaines A"), ("B", "semaines B"), (IN_BLOCKS, "en blocs"))
SLOTS = (
    Column("code", "Code (court, neutre)", width="170px"),
    Column("day", "Jour", "select", tuple((day, day) for day in WEEKDAYS)),
    Column("starts_at", "Début", "time", width="130px"),
    Column("minutes", "Minutes", "number", width="110px"),
    Column("weeks", "Semaines", "select", WEEKS, width="150px"),
)
BLOCKS = (
    Column("code", "Code du créneau", width="170px"),
    Column("on_day", "Date du bloc", "date", width="165px"),
    Column("starts_at", "Début du bloc", "time", width="130px"),
    Column("minutes", "Minutes du bloc", "number", width="110px"),
)


def placements(divisions: list[tuple[str, str]]) -> tuple[Column, ...]:
    """Return the columns of the weeks away, for these divisions (id, code)."""
    return (
        Column("division", "Division", "select", tuple(divisions)),
        Column("starts_on", "Du", "date", width="165px"),
        Column("ends_on", "Au (inclus)", "date", width="165px"),
    )
