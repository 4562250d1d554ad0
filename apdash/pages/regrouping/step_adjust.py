"""Step 3 in place: figures and ways on, what moved since, the slot's groups, and the panel of the student chosen."""

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.states import notice
from apdash.components.still import still
from apdash.pages.page import Services, Viewer
from apdash.pages.regrouping import ids
from apdash.pages.regrouping.address import Asked
from apdash.pages.regrouping.adjust import group_cards, legend, slot_choice
from apdash.pages.regrouping.bar import toolbar
from apdash.pages.regrouping.choices import EDITABLE, adjusted, waiting
from apdash.pages.regrouping.preparation import coming_period
from apdash.pages.regrouping.presence import attending
from apdash.pages.regrouping.reasons import pinned_places
from apdash.pages.regrouping.since import since_card
from apdash.pages.regrouping.step_decide import stale_words
from apdash.pages.regrouping.view import View
from apdash.rebalancing import job_key
from apdash.rebalancing.again import changes_since
from apdash.store.queries.proposals import proposal

OPEN, CLOSED = "rg-adjust", "rg-adjust closed"
_KEYS = (
    ("Entrée", "saisit un élève, puis le pose"),
    ("flèches", "choisissent le groupe"),
    ("Échap", "annule"),
    ("P", "fixe ici"),
    ("Espace", "pourquoi ici\u00a0?"),
    ("Ctrl + Z", "annule le dernier choix"),
)


def adjust_step(
    services: Services, viewer: Viewer, at: Asked, view: View, *, panel: Component | None
) -> Component:
    """Return the whole step for a proposal that has a composition. panel: that of the student chosen."""
    if view.plan is None or view.found is None:
        return html.Div()
    slot = chosen_slot(at, view)
    bar, cards = board(services, viewer, at, view)
    links = {code: at.href(creneau=code, eleve=None) for code in view.names.slots if code in _slots(view)}
    editable = view.row.state in EDITABLE
    return html.Div(
        [
            html.Div(bar, id=ids.BAR),
            _stale(services, viewer, view),
            _since(services, viewer, view),
            html.Div(
                [slot_choice(view.names, view.plan, chosen=slot, links=links), still(legend())],
                className="rg-line",
            ),
            html.Div(
                [html.Div(cards, id=ids.CARDS), html.Div(panel, id=ids.WHY)],
                className=CLOSED if panel is None else OPEN,
                id=ids.BOARD,
                **{"data-editable": "true" if editable else "false"},
            ),
            still(_keys()) if editable else None,
            html.Div(id=ids.SAID, role="status", className="visually-hidden"),
            *[dcc.Store(id=name) for name in (ids.OPENED, ids.ASKED, ids.GRABBED, ids.DROPPED, ids.COSTS)],
        ]
    )


def board(services: Services, viewer: Viewer, at: Asked, view: View) -> tuple[Component, Component]:
    """Return the bar and the groups of the slot on screen, with the choices by hand in them."""
    assert view.plan is not None
    assert view.found is not None
    slot, asked = chosen_slot(at, view), waiting(services, viewer, view)
    now = adjusted(services, viewer, view, view.plan)
    editable = view.row.state in EDITABLE
    bar = toolbar(
        now,
        found=view.found,
        waiting=len(asked),
        editable=editable,
        busy=services.jobs.running(job_key(view.row.band)) is not None,
        go_on=at.href(etape="valider", proposition=view.row.id, eleve=None),
    )
    first, last = coming_period(services, band=at.band, review={"effective_from": view.row.effective_from})
    cards = group_cards(
        view.names,
        now.plan,
        slot=slot,
        chosen=str(at.student) if at.student else None,
        pinned=frozenset(student for student, at_slot in pinned_places(view.plan) if at_slot == slot),
        asked={student: words for (student, where), words in asked.items() if where in ("", slot)},
        there=attending(services, band=view.row.band, first=first, last=last),
        movable=editable,
    )
    return bar, still(cards)


def chosen_slot(at: Asked, view: View) -> str:
    """Return the slot on screen: the one asked for, else the first of the week that has groups."""
    known = _slots(view)
    return at.slot if at.slot in known else known[0]


def _stale(services: Services, viewer: Viewer, view: View) -> Component | None:
    if view.row.state not in EDITABLE or waiting(services, viewer, view):
        return None
    words = stale_words(services, view.row.id)
    if not words:
        return None
    return html.Div(notice("watch", "Quelque chose a changé depuis le calcul", words), className="mt-3")


def _since(services: Services, viewer: Viewer, view: View) -> Component | None:
    """Return what moved since the proposal this one was asked from, if there was one."""
    number = view.row.parameters.get("after")
    if number is None:
        return None
    earlier = proposal(services.store, viewer, proposal=number)
    return since_card(changes_since(view.row, earlier), view.names, earlier=earlier.label)


def _keys() -> Component:
    parts = [html.Span([html.Kbd(key), f" {words}"], className="nw") for key, words in _KEYS]
    return html.Div(parts, className="rg-keys xs muted")


def _slots(view: View) -> list[str]:
    return [slot["id"] for slot in view.row.problem["slots"]]
