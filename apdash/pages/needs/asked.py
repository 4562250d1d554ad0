"""What the address of the needs page asks for."""

from dataclasses import dataclass

from apdash.pages.page import Params

PATH = "/besoins"
ALL = "tous"
NONE = "aucune"
VIEWS = (
    ("carte", "Carte", "grid-3x3-gap"),
    ("tableau", "Tableau", "table"),
    ("repartition", "Répartition", "bar-chart-steps"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters, read: None where the address is silent. sort: code of a need or `nom`;
    turned: the other way round; opened: division ids."""

    view: str
    grade: str | None
    division: int | None
    review: int | None
    axis: str | None
    profile: str | None
    sort: str | None
    turned: bool
    opened: frozenset[int] | None
    by_division: bool
    only_waiting: bool


def read_asked(params: Params) -> Asked:
    """Return what an address asks for; whatever cannot be read counts as not said."""
    view = params.get("vue", "carte")
    opened = params.get("ouvre")
    return Asked(
        view=view if view in {code for code, _, _ in VIEWS} else "carte",
        grade=params.get("niveau") or None,
        division=whole(params.get("division")),
        review=whole(params.get("bilan")),
        axis=params.get("axe") or None,
        profile=params.get("profil") or None,
        sort=params.get("tri") or None,
        turned=params.get("sens") == "inverse",
        opened=None if opened is None else frozenset(filter(None, map(whole, opened.split(",")))),
        by_division=params.get("groupe") != "non",
        only_waiting=params.get("non-servis") == "oui",
    )


def whole(text: str | None) -> int | None:
    """Return the number a parameter holds, None when it holds none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None
