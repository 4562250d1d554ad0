"""Step 4 in place: what changes on the left, the decision on the right."""

from datetime import date

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import link_button
from apdash.components.states import empty
from apdash.labels import listed
from apdash.pages.page import Action, Services, Viewer
from apdash.pages.regrouping.address import Asked
from apdash.pages.regrouping.changes import away_card, flows_card, people_card
from apdash.pages.regrouping.decide import Case, decision_card
from apdash.pages.regrouping.fairness import fairness_warning
from apdash.pages.regrouping.understanding import report_of
from apdash.pages.regrouping.view import View
from apdash.rights import CONSOLE
from apdash.store.queries.bands import band as band_row
from apdash.store.queries.calendar import periods
from apdash.store.queries.groups import groups_in_force
from apdash.store.queries.journal import account_names
from apdash.store.queries.proposals import changes_underneath, proposal

GROUPS = "/groupes"


def decide_step(services: Services, viewer: Viewer, at: Asked, view: View) -> Component:
    """Return the whole step for a proposal."""
    if view.plan is None:
        action = link_button("Revenir aux règles", at.href(etape="preparer", proposition=None))
        return empty("Rien à valider", "Cette recherche n’a donné aucune répartition.", action)
    case = case_of(services, viewer, view)
    again = at.href(etape="ajuster", proposition=view.row.id)
    anew = at.href(etape="preparer", proposition=None)
    side = [decision_card(case, again=again, groups=f"{GROUPS}?bande={at.band['code']}", anew=anew)]
    left_out = view.row.parameters.get("left_out", [])
    report = report_of(services, viewer, view)
    main = [
        fairness_warning(report),
        people_card(view.plan, view.names),
        away_card(left_out, view.names),
        flows_card(view.plan, view.names),
    ]
    return html.Div(
        [html.Div(main, className="rg-col"), html.Div(side, className="rg-col")], className="rg-grid"
    )


def case_of(services: Services, viewer: Viewer, view: View) -> Case:
    """Return where a proposal stands, and whether what it was computed on still holds."""
    row = view.row
    going_on = prolongation(services, viewer, number=row.id)
    return Case(
        state=row.state,
        effective_from=row.effective_from,
        decided_at=row.decided_at,
        decided_by=account_names(services.store).get(row.decided_by or "", ""),
        reason=row.reason,
        stale=stale_words(services, row.id),
        may_validate=viewer.can(Action.VALIDATE),
        prolong_until=going_on[1] if going_on else None,
    )


def stale_words(services: Services, number: int) -> str:
    """Return what changed since a proposal was computed, as a sentence; empty when nothing did."""
    row = proposal(services.store, CONSOLE, proposal=number)
    found = changes_underneath(services.store, proposal=row, effective_from=row.effective_from)
    return f"Depuis, {listed(found)}. Il faut recalculer avant d’aller plus loin." if found else ""


def prolongation(services: Services, viewer: Viewer, *, number: int) -> tuple[int, date] | None:
    """Return the band and the day until which its present groups go on when a proposal is turned down.

    Nothing when the band has no group in force today.
    """
    row = proposal(services.store, viewer, proposal=number)
    until = _end_of_period(services, row.effective_from, band=row.band)
    now = groups_in_force(services.store, viewer, on=services.today(), band=row.band)
    return None if until is None or now.is_empty() else (row.band, until)


def _end_of_period(services: Services, first: date, *, band: int) -> date | None:
    year = int(str(band_row(services.store, band=band)["year"]))
    rows = periods(services.store, year=year).filter(
        (pl.col("starts_on") <= first) & (pl.col("ends_on") >= first)
    )
    return rows["ends_on"].item() if rows.height == 1 else None
