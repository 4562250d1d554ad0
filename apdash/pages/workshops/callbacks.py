"""What the page answers to: the grid to bring to life, a file asked for."""

from urllib.parse import parse_qsl

from dash import ClientsideFunction, Dash, Input, Output, State, dcc

from apdash import current
from apdash.errors import ApdashError
from apdash.exports.bulletins import bulletin_bytes
from apdash.pages.page import only_when_pressed
from apdash.pages.workshops import ids
from apdash.pages.workshops.bulletins import bulletin_divisions, chosen_division
from apdash.pages.workshops.entry import add_routes
from apdash.pages.workshops.where import where
from apdash.rights import Action


def register(app: Dash) -> None:
    """Attach the grid's addresses and the export."""
    add_routes(app)
    app.clientside_callback(
        ClientsideFunction("apdash", "workshopGrid"),
        Output(ids.GRID_READY, "children"),
        Input(ids.GRID_SPEC, "data"),
    )

    @app.callback(
        Output(ids.DOWNLOAD, "data"),
        Input(ids.EXPORT, "n_clicks"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def give_lines(clicks: int, search: str | None) -> dict:
        only_when_pressed()
        services, viewer = current.services(), current.viewer()
        viewer.require(Action.EXPORT)
        at = where(services, viewer, dict(parse_qsl((search or "").lstrip("?"))))
        if at is None:
            raise ApdashError("Aucune période.", "Rechargez la page.")
        division, code = chosen_division(at, bulletin_divisions(at))
        on = min(at.period["ends_on"], services.today())
        data = bulletin_bytes(
            services, viewer, year=at.year, on=max(on, at.period["starts_on"]), division=division
        )
        return dcc.send_bytes(data, f"apdash-bulletins-{code}-{at.period['code']}.csv")
