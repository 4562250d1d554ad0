"""What the address of the page asks for."""

from dataclasses import dataclass

from apdash.components.filters import address
from apdash.errors import ApdashError
from apdash.pages.page import Params, whole

PATH = "/indicateurs"
FILE = "/indicateurs/liste.csv"
OVERVIEW, EVALUATION = "", "evaluation"


@dataclass(frozen=True, slots=True)
class Asked:
    """The address, read. review: the closed bilan whose figures are wanted (None: today's); point: code of the rule
    whose list is opened."""

    params: Params
    view: str
    grade: str
    division: int | None
    review: int | None
    point: str

    def href(self, **changes: str | None) -> str:
        """Return the address with some parameters changed; None removes one."""
        return address(PATH, self.params, **changes)


def read_asked(params: Params) -> Asked:
    """Return what an address asks for; raises `ApdashError` for one that leads nowhere."""
    view = params.get("vue", OVERVIEW)
    if view not in (OVERVIEW, EVALUATION):
        raise ApdashError("Adresse incomplète.", "Cette adresse ne mène nulle part ; reprenez par le menu.")
    return Asked(
        params=params,
        view=view,
        grade=params.get("niveau", ""),
        division=whole(params, "division"),
        review=whole(params, "au"),
        point=params.get("point", ""),
    )
