"""What the address of the page asks for."""

from dataclasses import dataclass
from datetime import date, timedelta

from apdash.components.filters import address
from apdash.errors import ApdashError
from apdash.pages.page import Params, day_in, whole
from apdash.rights import Action, Role, Viewer

PATH = "/seances"
WEEK, ABSENCE = "", "absence"


@dataclass(frozen=True, slots=True)
class Asked:
    """The address, read: day is the one a phone shows, in the week from monday on; mine keeps what one leads."""

    params: Params
    view: str
    day: date
    grade: str
    division: int | None
    band: int | None
    adult: int | None
    mine: bool
    first: date
    last: date

    @property
    def monday(self) -> date:
        """The first day of the week shown."""
        return self.day - timedelta(days=self.day.weekday())

    @property
    def saturday(self) -> date:
        """The last day of the week shown."""
        return self.monday + timedelta(days=5)

    def href(self, **changes: str | None) -> str:
        """Return the address with some parameters changed; None removes one."""
        return address(PATH, self.params, **{"seance": None, **changes})


def asked(viewer: Viewer, params: Params, *, today: date) -> Asked:
    """Return what the address asks for; a silent address shows a teacher their own sessions."""
    view = params.get("vue", WEEK)
    if view not in (WEEK, ABSENCE) or (view == ABSENCE and not viewer.can(Action.PLAN_SESSIONS)):
        raise ApdashError("Adresse incomplète.", "Cette adresse ne mène nulle part ; reprenez par le menu.")
    teacher = viewer.role == Role.TEACHER
    first = day_in(params, "du", today)
    return Asked(
        params=params,
        view=view,
        day=day_in(params, "date", today),
        grade=params.get("niveau", ""),
        division=whole(params, "division"),
        band=whole(params, "bande"),
        adult=whole(params, "adulte"),
        mine=viewer.staff is not None and params.get("miennes", "1" if teacher else "0") == "1",
        first=first,
        last=max(first, day_in(params, "au", first + timedelta(days=7))),
    )
