"""Step 3: a student taken by hand: what each group would cost, the place where they are put, and undo."""

from collections.abc import Callable
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State
from dash.development.base_component import Component

from apdash import current
from apdash.errors import ApdashError
from apdash.pages.page import Action, only_when_pressed
from apdash.pages.regrouping import ids
from apdash.pages.regrouping.address import Asked
from apdash.pages.regrouping.callbacks.adjusting import fixed
from apdash.pages.regrouping.callbacks.asking import here, told
from apdash.pages.regrouping.choices import EDITABLE, choices_of
from apdash.pages.regrouping.layout import shown_of
from apdash.pages.regrouping.step_adjust import board, chosen_slot
from apdash.pages.regrouping.view import View
from apdash.rebalancing.by_hand import Cost, costs
from apdash.store.commands.statements import undo_last


def register(app: Dash) -> None:
    """Register the callbacks of dragging; assets/regrouping-drag.js writes what they listen to."""

    @app.callback(
        Output(ids.COSTS, "data"),
        Input(ids.GRABBED, "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def tell_costs(grabbed: dict[str, Any] | None, search: str) -> dict[str, Any]:
        only_when_pressed()
        student, (at, view) = str((grabbed or {})["student"]), _editable(search)
        groups = {
            f"{cost.need}|{cost.staff}": {"kind": cost.kind, "words": cost.words}
            for cost in _costs(at, view, student)
        }
        return {"student": student, "groups": groups}

    app.clientside_callback(
        ClientsideFunction("regrouping", "costs"), Output(ids.SAID, "title"), Input(ids.COSTS, "data")
    )
    _register_board(app, Input(ids.DROPPED, "data"), _dropped)
    _register_board(app, Input(ids.UNDO, "n_clicks"), _undone)


def _register_board(app: Dash, trigger: Input, act: Callable[[Any, Asked, View], Component]) -> None:
    @app.callback(
        Output(ids.BAR, "children", allow_duplicate=True),
        Output(ids.CARDS, "children", allow_duplicate=True),
        Output("toasts", "children", allow_duplicate=True),
        trigger,
        State("url", "search"),
        prevent_initial_call=True,
    )
    def change_board(given: Any, search: str) -> tuple[Component, Component, Component]:  # noqa: ANN401
        only_when_pressed()
        at, view = _editable(search)
        said = act(given, at, view)
        return *board(current.services(), current.viewer(), at, view), said


def _dropped(given: dict[str, Any], at: Asked, view: View) -> Component:
    """Fix a student where they were put; raises `ApdashError` when a demand or a rule forbids it outright."""
    place = {
        "student": given["student"],
        "slot": chosen_slot(at, view),
        "need": given["need"],
        "staff": given["staff"],
    }
    cost = next(
        (
            one
            for one in _costs(at, view, str(given["student"]))
            if (one.need, one.staff) == (given["need"], given["staff"])
        ),
        None,
    )
    if cost is not None and cost.kind == "out":
        raise ApdashError("Place exclue.", f"{cost.words[:1].upper()}{cost.words[1:]}.")
    warnings = fixed(place, at)
    words = "Sa place est fixée ici." if cost is None else f"{cost.words[:1].upper()}{cost.words[1:]}."
    return told("Élève placé", words, warnings=warnings)


def _undone(given: object, at: Asked, view: View) -> Component:
    services = current.services()
    done = undo_last(
        services.store, current.viewer(), band=at.band["band"], since=view.row.made_at, now=services.now()
    )
    if not done:
        raise ApdashError("Rien à annuler.", "Aucun de vos choix n’attend le calcul.")
    return told("Choix annulé")


def _costs(at: Asked, view: View, student: str) -> tuple[Cost, ...]:
    services, viewer = current.services(), current.viewer()
    if student not in view.names.students:
        raise ApdashError("Élève inconnu.", "Rechargez la page.")
    return costs(
        services.store,
        viewer,
        proposal=view.row.id,
        choices=choices_of(services, viewer, view),
        student=student,
        slot=chosen_slot(at, view),
    )


def _editable(search: str) -> tuple[Asked, View]:
    """Return where one is and the proposal on screen; raises `ApdashError` when it may no longer be adjusted."""
    current.viewer().require(Action.REGROUP)
    at = here(search)
    view = shown_of(current.services(), current.viewer(), at)
    if view is None or view.plan is None or view.row.state not in EDITABLE:
        raise ApdashError("Plus d’ajustement ici.", "Cette proposition est décidée : rechargez la page.")
    return at, view
