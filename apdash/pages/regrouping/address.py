"""What the address of the page says, read once: the band, the bilan, the step and what is open in it."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from apdash.components.filters import address
from apdash.pages.page import Params

PATH = "/regroupement"
STEPS = ("preparer", "proposer", "ajuster", "valider")
LIST = "propositions"


@dataclass(frozen=True, slots=True)
class Asked:
    """Where one is: a band and a bilan that exist, a step, and what is open in it (None: nothing).

    band: a row of `queries.bands.bands`, with year; review: a row of `queries.reviews.reviews`.
    """

    band: dict[str, Any]
    review: dict[str, Any]
    step: str
    proposal: int | None
    slot: str | None
    student: int | None
    job: str | None = None
    back_to: str | None = None

    def href(self, **changes: str | int | None) -> str:
        """Return the address of the same place with some parameters changed; None removes one."""
        return address(PATH, self.params(), **{k: None if v is None else str(v) for k, v in changes.items()})

    def params(self) -> dict[str, str]:
        """Return the parameters of this place, all of them written out but those of a search under way."""
        known = {
            "bande": self.band["code"],
            "bilan": self.review["code"],
            "etape": self.step,
            "proposition": self.proposal and str(self.proposal),
            "creneau": self.slot,
            "eleve": self.student and str(self.student),
        }
        return {name: value for name, value in known.items() if value}


def asked(params: Params, *, bands: pl.DataFrame, reviews: pl.DataFrame, step: str) -> Asked:
    """Return what is asked for; the first band and the first review stand in for what is missing or unknown.

    Neither frame is empty; step: where to go when the address does not say.
    """
    wanted = params.get("etape", "")
    return Asked(
        band=_row(bands, params.get("bande")),
        review=_row(reviews, params.get("bilan")),
        step=wanted if wanted in (*STEPS, LIST) else step,
        proposal=_integer(params.get("proposition")),
        slot=params.get("creneau"),
        student=_integer(params.get("eleve")),
        job=params.get("tache"),
        back_to=params.get("retour") if params.get("retour") in STEPS else None,
    )


def _row(frame: pl.DataFrame, code: str | None) -> dict[str, Any]:
    found = frame.filter(pl.col("code") == (code or ""))
    return (found if found.height else frame).row(0, named=True)


def _integer(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 16 else None
