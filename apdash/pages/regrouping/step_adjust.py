"""Step 3 in place: figures and ways on, the slot's groups, and the panel of the student chosen."""

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import link_button
from apdash.components.states import notice
from apdash.pages.page import Services, Viewer
from apdash.pages.regrouping import ids
from apdash.pages.regrouping.address import Asked
from apdash.pages.regrouping.adjust import group_cards, legend, slot_choice, toolbar
from apdash.pages.regrouping.reasons import pinned_places, waiting_words
from apdash.pages.regrouping.step_decide import stale_words
from apdash.pages.regrouping.view import View
from apdash.rebalancing import job_key
from apdash.store.queries.bands import statements

OPEN, CLOSED = "rg-adjust", "rg-adjust closed"
EDITABLE = ("draft", "proposed")


def adjust_step(
    services: Services, viewer: Viewer, at: Asked, view: View, *, panel: Component | None
) -> Component:
    """Return the whole step for a proposal that has a composition. panel: that of the student chosen."""
    plan, found = view.plan, view.found
    if plan is None or found is None:
        return html.Div()
    slot = chosen_slot(at, view)
    asked = waiting(services, viewer, view)
    links = {code: at.href(creneau=code, eleve=None) for code in view.names.slots if code in _slots(view)}
    editable = view.row.state in EDITABLE
    stale = stale_words(services, view.row.id) if editable and not asked else ""
    busy = services.jobs.running(job_key(view.row.band)) is not None
    bar = toolbar(
        after=found.after,
        moves=found.moves,
        waiting=len(asked),
        editable=editable,
        busy=busy,
        go_on=at.href(etape="valider", proposition=view.row.id, eleve=None),
    )
    pinned = frozenset(student for student, at_slot in pinned_places(plan) if at_slot == slot)
    cards = group_cards(
        view.names,
        plan,
        slot=slot,
        chosen=str(at.student) if at.student else None,
        pinned=pinned,
        asked={student: words for (student, where), words in asked.items() if where in ("", slot)},
    )
    return html.Div(
        [
            bar,
            html.Div(notice("watch", "Quelque chose a changé depuis le calcul", stale), className="mt-3")
            if stale
            else None,
            html.Div(
                [slot_choice(view.names, plan, chosen=slot, links=links), legend()],
                className="rg-line",
            ),
            html.Div(
                [cards, html.Div(panel, id=ids.WHY)],
                className=CLOSED if panel is None else OPEN,
                id=ids.BOARD,
            ),
        ]
    )


def _under_way(at: Asked) -> Component:
    words = "Son résultat sera une proposition de plus\u00a0; celle-ci reste telle quelle."
    follow = link_button("Suivre la recherche", at.href(etape="proposer", eleve=None), icon="hourglass-split")
    return html.Div(
        notice("info", "Une recherche est en cours pour cette bande", words, [follow]), className="mt-3"
    )


def chosen_slot(at: Asked, view: View) -> str:
    """Return the slot on screen: the one asked for, else the first of the week that has groups."""
    known = _slots(view)
    return at.slot if at.slot in known else known[0]


def waiting(services: Services, viewer: Viewer, view: View) -> dict[tuple[str, str], str]:
    """Return the demands made since the proposal was computed, by student and slot."""
    rows = statements(services.store, viewer, band=view.row.band)
    fresh = rows.filter(
        pl.col("kind").is_in(["pin", "ban"])
        & (pl.col("made_at") > view.row.made_at)
        & ~pl.col("by_direction")
    )
    known = {person.id: key for key, person in view.names.students.items()}
    return waiting_words(fresh, view.names, students=known)


def _slots(view: View) -> list[str]:
    return [slot["id"] for slot in view.row.problem["slots"]]
