"""What the page answers to: files dropped, columns corrected, rows looked for, the import itself."""

from dash import ALL, Dash, Input, Output, State, ctx, dcc, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from apdash import current
from apdash.components.states import notice
from apdash.errors import ApdashError
from apdash.imports import preview_csv
from apdash.pages.importing import form, ids
from apdash.pages.importing.changes_card import found_rows
from apdash.pages.importing.draft import Draft, held, held_or_refused, hold, let_go
from apdash.pages.importing.files_card import drop_class
from apdash.pages.importing.looking import looked_again, next_look, sent_files, with_files, without_file
from apdash.pages.importing.writing import write
from apdash.pages.page import only_when_pressed
from apdash.rights import Action

_FIELDS = State({"importing": "field", "name": ALL}, "value")


def register(app: Dash) -> None:
    """Register the callbacks of the page."""
    _register_files(app)
    _register_looks(app)
    _register_rows(app)


def _register_files(app: Dash) -> None:
    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input(ids.UPLOAD, "contents"),
        State(ids.UPLOAD, "filename"),
        running=[(Output(ids.DROP, "className"), drop_class(busy=True), drop_class())],
        prevent_initial_call=True,
    )
    def receive_files(contents: list[str] | None, names: list[str] | None) -> str:
        if not contents:
            raise PreventUpdate
        services, viewer = current.services(), current.viewer()
        viewer.require(Action.IMPORT)
        draft = with_files(services, viewer, held(services, viewer), sent_files(contents, names or []))
        return _kept(draft)

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input({"importing": "remove", "at": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def remove_file(clicks: list) -> str:
        only_when_pressed()
        services, viewer = current.services(), current.viewer()
        draft = held_or_refused(services, viewer)
        return _kept(without_file(services, viewer, draft, ctx.triggered_id["at"]))

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input({"importing": "restart", "at": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def start_again(clicks: list) -> str:
        only_when_pressed()
        let_go(current.services(), current.viewer())
        return f"?etape={Draft().version}"


def _register_looks(app: Dash) -> None:
    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Output(ids.TOLD_LOOK, "children"),
        Input({"importing": "again", "at": ALL}, "n_clicks"),
        _FIELDS,
        running=[(Output(ids.BUSY_LOOK, "hidden"), False, True)],
        prevent_initial_call=True,
    )
    def look_again(clicks: list, values: list) -> tuple:
        only_when_pressed()
        services, viewer = current.services(), current.viewer()
        try:
            draft = held_or_refused(services, viewer)
            mapping, options = form.decided(services, viewer, draft.look, _given())
            draft = looked_again(services, viewer, draft, mapping, options)
        except ApdashError as error:
            return no_update, notice("alert", error.title, error.message)
        return _kept(draft), None

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Output(ids.TOLD_WRITE, "children"),
        Input({"importing": "commit", "at": ALL}, "n_clicks"),
        _FIELDS,
        State({"importing": "agreed", "name": ALL}, "value"),
        running=[(Output(ids.BUSY_WRITE, "hidden"), False, True)],
        prevent_initial_call=True,
    )
    def import_files(clicks: list, values: list, boxes: list) -> tuple:
        only_when_pressed()
        ticked = {cell["id"]["name"] for cell in ctx.states_list[1] if cell.get("value")}
        try:
            draft = write(
                current.services(),
                current.viewer(),
                version=ctx.triggered_id["at"],
                given=_given(),
                ticked=ticked,
            )
        except ApdashError as error:
            return no_update, notice("alert", error.title, error.message)
        return _kept(draft), None

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input({"importing": "next", "at": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def show_next(clicks: list) -> str:
        only_when_pressed()
        services, viewer = current.services(), current.viewer()
        return _kept(next_look(services, viewer, held_or_refused(services, viewer)))


def _register_rows(app: Dash) -> None:
    @app.callback(
        Output(ids.ROWS, "children"),
        Input(ids.CATEGORY, "value"),
        Input(ids.SEARCH, "value"),
        prevent_initial_call=True,
    )
    def show_rows(category: str, words: str | None) -> Component:
        services = current.services()
        look = held_or_refused(services, current.viewer()).look
        return found_rows(services.reference, look.preview, category, words or "")

    @app.callback(
        Output(ids.DOWNLOAD, "data"),
        Input({"importing": "download", "at": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def give_preview(clicks: list) -> dict:
        only_when_pressed()
        services = current.services()
        look = held_or_refused(services, current.viewer()).look
        return dcc.send_bytes(preview_csv(look.preview), f"apdash-apercu-{services.today().isoformat()}.csv")


def _kept(draft: Draft) -> str:
    """Hold the draft and return the address that shows it."""
    hold(current.services(), current.viewer(), draft)
    return f"?apercu={draft.version}"


def _given() -> dict[str, str]:
    """Return name -> value of the fields the page sent."""
    return {cell["id"]["name"]: str(cell.get("value") or "") for cell in ctx.states_list[0]}
