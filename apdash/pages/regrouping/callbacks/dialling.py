"""Step 2: the dial as it is computed, and the point that becomes the proposal on screen."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from apdash import current
from apdash.errors import ApdashError
from apdash.pages.page import only_when_pressed
from apdash.pages.regrouping import ids
from apdash.pages.regrouping.callbacks.asking import here, moved_to
from apdash.pages.regrouping.dial_view import dial_followed, owner_of
from apdash.pages.regrouping.layout import shown_of
from apdash.pages.regrouping.settings import next_label
from apdash.rebalancing.dial import choose_point


def register(app: Dash) -> None:
    """Register the callbacks of the dial."""

    @app.callback(
        Output(ids.DIAL_BOX, "children"),
        Output(ids.DIAL_TICK, "disabled"),
        Input(ids.DIAL_TICK, "n_intervals"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def follow_dial(ticks: int | None, search: str) -> tuple[Any, bool]:
        services, viewer = current.services(), current.viewer()
        view = shown_of(services, viewer, here(search))
        if view is None or view.found is None:
            return no_update, True
        body, live = dial_followed(services, viewer, view)
        return body, not live

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input({"type": ids.DIAL_POINT, "moves": ALL}, "n_clicks"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def take_point(clicks: list[int | None], search: str) -> str:
        only_when_pressed()
        return _taken(search, ctx.triggered_id["moves"])

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input(ids.DIAL_CHART, "clickData"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def take_point_of_chart(clicked: dict[str, Any] | None, search: str) -> Any:  # noqa: ANN401
        only_when_pressed()
        most = next((point.get("customdata") for point in (clicked or {}).get("points", [])), None)
        return no_update if most is None else _taken(search, most)


def _taken(search: str, max_moves: int) -> str:
    """Return the address of the proposal that a point of the dial on screen is."""
    services, viewer, at = current.services(), current.viewer(), here(search)
    view = shown_of(services, viewer, at)
    if view is None:
        raise ApdashError("Quelle proposition ?", "Ouvrez-la d’abord depuis la liste des propositions.")
    number = choose_point(
        services,
        viewer,
        dial=owner_of(services, viewer, view).id,
        max_moves=max_moves,
        label=next_label(services, viewer, at),
    )
    return moved_to(search, etape="proposer", proposition=number, tache=None, eleve=None)
