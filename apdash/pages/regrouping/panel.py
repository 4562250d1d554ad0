"""Reads the panel of one student at one slot of the proposal on screen."""

from dash.development.base_component import Component

from apdash.pages.page import Services, Viewer
from apdash.pages.regrouping.choices import EDITABLE, waiting
from apdash.pages.regrouping.exact_view import exact_known
from apdash.pages.regrouping.view import View
from apdash.pages.regrouping.why import Elsewhere, why_panel
from apdash.pages.regrouping.why_view import group_words, why_of
from apdash.rebalancing.elsewhere import elsewhere

SHEET = "/eleve"


def panel_of(services: Services, viewer: Viewer, view: View, *, student: str, slot: str) -> Component | None:
    """Return the panel, or nothing when this student has no place to speak of at this slot."""
    if view.plan is None or student not in view.names.students:
        return None
    others = elsewhere(services.store, viewer, proposal=view.row.id, student=student, slot=slot)
    names = view.names
    why = why_of(
        view.plan,
        names,
        student=student,
        slot=slot,
        elsewhere=[
            Elsewhere(
                need=one.need,
                staff=one.staff,
                title=group_words(names, one.need, one.staff),
                axis=names.axis(one.need),
                points=one.points,
                rule=one.rule,
                askable=one.askable,
            )
            for one in others
        ],
        editable=view.row.state in EDITABLE,
        asked=waiting(services, viewer, view).get((student, slot), ""),
    )
    exact = exact_known(services, viewer, view, student=student, slot=slot)
    return None if why is None else why_panel(why, sheet=f"{SHEET}?id={student}", exact=exact)
