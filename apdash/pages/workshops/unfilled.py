"""What the home page says of workshop bilans: those of one's own groups at the end of a period, how many are left."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import polars as pl

from apdash.components.filters import address
from apdash.labels import NBSP, count, short_day
from apdash.pages.workshops.where import PATH
from apdash.rights import Action, Role, Viewer
from apdash.services import Services
from apdash.store.queries.workshops import workshops

BEFORE, AFTER = timedelta(days=10), timedelta(days=21)
_MOST = 3


def unfilled_workshops(
    services: Services, viewer: Viewer, year: int
) -> Iterator[tuple[str, str, str, str, str, str, str]]:
    """Yield icon, urgency, title, words, due, address, button for what is left around the end of a period."""
    mine = workshops(services.store, replace(viewer, role=Role.TEACHER), year=year)
    left = pl.col("filled") < pl.col("students")
    for row in _near(mine, services).filter(left).head(_MOST).iter_rows(named=True):
        words = f"{count(row['filled'], 'élève')} sur {row['students']}, vingt secondes chacun"
        href = address(PATH, {}, groupe=str(row["ap_group"]), periode=str(row["period"]))
        title = f"Bilan d’atelier{NBSP}: {row['name']} {row['code']}"
        yield (
            "card-checklist",
            "accent",
            title,
            words,
            f"fin de période le {short_day(row['ends_on'])}",
            href,
            "Remplir",
        )
    if viewer.can(Action.CHANGE_GROUPS):
        every = _near(workshops(services.store, viewer, year=year), services)
        others = every.join(mine.select("ap_group", "period"), on=["ap_group", "period"], how="anti").filter(
            left
        )
        if others.height:
            title = f"{count(others.height, 'bilan d’atelier incomplet', 'bilans d’atelier incomplets')}"
            missing = int((others["students"] - others["filled"]).sum())
            href = address(PATH, {}, periode=str(others["period"][0]))
            words = f"{count(missing, 'élève')} sans réponse"
            yield "card-checklist", "watch", title, words, "", href, "Voir les ateliers"


def _near(rows: pl.DataFrame, services: Services) -> pl.DataFrame:
    today = services.today()
    return rows.filter(pl.col("ends_on").is_between(today - AFTER, today + BEFORE))
