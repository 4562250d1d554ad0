"""What the bilan pages do when somebody acts."""

from dash import ClientsideFunction, Dash, Input, Output

from apdash.pages.reviews import ids
from apdash.pages.reviews.entry import add_routes


def register(app: Dash) -> None:
    """Attach the grid's addresses and every gesture of the bilan pages."""
    add_routes(app)
    app.clientside_callback(
        ClientsideFunction("apdash", "reviewGrid"),
        Output(ids.GRID_READY, "children"),
        Input(ids.GRID_SPEC, "data"),
    )
