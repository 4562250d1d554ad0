"""What explains a proposal, a place or a group, worked out in the background and shown when it is known."""

from typing import Any

from dash import MATCH, Dash, Input, Output, State, ctx
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from apdash import current
from apdash.pages.regrouping import ids
from apdash.pages.regrouping.callbacks.asking import here
from apdash.pages.regrouping.exact_view import EXACT, closing_now, exact_now
from apdash.pages.regrouping.layout import shown_of
from apdash.pages.regrouping.understanding import follow, seen_of, understood
from apdash.pages.regrouping.view import View


def register(app: Dash) -> None:
    """Register the callbacks of explanations."""
    _register_whole(app)
    _register_exact(app)
    _register_closing(app)


def _register_whole(app: Dash) -> None:
    @app.callback(
        Output(ids.UNSERVED_TITLE, "children"),
        Output(ids.UNSERVED_BODY, "children"),
        Output(ids.FAIR_TITLE, "children"),
        Output(ids.FAIR_BODY, "children"),
        Output(ids.HISTORY_WORDS, "children"),
        Output(ids.EXPLAIN_SEEN, "data"),
        Output(ids.EXPLAIN_TICK, "disabled"),
        Input(ids.EXPLAIN_TICK, "n_intervals"),
        State(ids.EXPLAIN_SEEN, "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def explain_proposal(ticks: int | None, seen: str, search: str) -> tuple[Any, ...]:
        services, viewer, at = current.services(), current.viewer(), here(search)
        view = _shown(search)
        follow(services, viewer, view)
        mark, live = seen_of(services, viewer, view)
        if mark == seen and live:
            raise PreventUpdate
        now = understood(services, viewer, at, view)
        return *now.unserved, *now.fair, now.history, now.seen, not now.live


def _register_exact(app: Dash) -> None:
    place = {"student": MATCH, "slot": MATCH}

    @app.callback(
        Output({"type": ids.EXACT, **place}, "children"),
        Output({"type": ids.EXACT, **place}, "className"),
        Output({"type": ids.EXACT_TICK, **place}, "disabled"),
        Input({"type": ids.EXACT_TICK, **place}, "n_intervals"),
        State({"type": ids.EXACT, **place}, "className"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def tell_exact_costs(ticks: int | None, known: str, search: str) -> tuple[Component, str, bool]:
        asked = ctx.triggered_id
        told, now = exact_now(
            current.services(),
            current.viewer(),
            _shown(search),
            student=asked["student"],
            slot=asked["slot"],
            first=ticks == 1,
        )
        if told is None or now == known:
            raise PreventUpdate
        return told, now, now == EXACT


def _register_closing(app: Dash) -> None:
    group = {"slot": MATCH, "need": MATCH, "staff": MATCH}

    @app.callback(
        Output({"type": ids.CLOSING, **group}, "children"),
        Output({"type": ids.CLOSING_TICK, **group}, "disabled"),
        Input({"type": ids.CLOSING_TICK, **group}, "n_intervals"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def tell_what_closing_costs(ticks: int | None, search: str) -> tuple[Component, bool]:
        asked, view = ctx.triggered_id, _shown(search)
        follow(current.services(), current.viewer(), view)
        group = (asked["slot"], asked["need"], asked["staff"])
        told = closing_now(current.services(), view, group=group)
        if told is None:
            raise PreventUpdate
        return told, True


def _shown(search: str) -> View:
    """Return the proposal on screen; nothing is told of one that is gone."""
    view = shown_of(current.services(), current.viewer(), here(search))
    if view is None or view.plan is None:
        raise PreventUpdate
    return view
