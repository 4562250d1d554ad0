"""Builds the Dash application around the services, and serves it."""

import importlib.resources
import logging
from collections.abc import Callable
from urllib.parse import parse_qsl

import flask
from dash import ClientsideFunction, Dash, Input, Output, dcc, html, set_props
from dash.development.base_component import Component
from flask_wtf.csrf import generate_csrf
from waitress import create_server
from waitress.server import MultiSocketServer, TcpWSGIServer

from apdash import auth, current
from apdash.components.frame import demo_band, top_bar
from apdash.components.states import failed, missing, refused, toast
from apdash.errors import ApdashError
from apdash.labels import long_day
from apdash.pages import PAGES, gestures
from apdash.rights import Viewer
from apdash.services import Services, open_services
from apdash.settings import ASSETS, Settings

log = logging.getLogger("apdash")

_VENDOR = importlib.resources.files("flask_bootstrap") / "static" / "bootstrap5"
_STYLES = ["/vendor/css/bootstrap.min.css", "/vendor/css/font/bootstrap-icons.min.css"]
_PAGE = """<!doctype html>
<html lang="fr" data-bs-theme="light">
<head>{%metas%}<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{%title%}</title><link rel="icon" href="/assets/favicon.svg">{%css%}</head>
<body>{%app_entry%}<footer>{%config%}{%scripts%}{%renderer%}</footer></body>
</html>"""


def build_app(services: Services) -> Dash:
    """Return the application, ready to serve; nothing in its HTML is about anybody."""
    server = flask.Flask("apdash", root_path=str(ASSETS.parent / "apdash"), static_folder=None)
    current.attach(server, services)
    auth.set_up(server, services)
    _add_plain_routes(server)
    app = Dash(
        "apdash",
        server=server,
        title="APdash",
        update_title=None,
        assets_folder=str(ASSETS),
        pages_folder="",
        use_pages=False,
        external_stylesheets=_STYLES,
        index_string=_PAGE,
        suppress_callback_exceptions=True,
        csrf_token_name=auth.CSRF_COOKIE,
        csrf_header_name="X-CSRFToken",
        enable_mcp=False,
        on_error=_tell,
    )
    app.layout = html.Div(
        [
            dcc.Location(id="url", refresh="callback-nav"),
            html.Div(id="shell"),
            html.Main(id="page", tabIndex="-1"),
            html.Div(id="toasts", className="toasts", role="status"),
            html.Div(id="title", hidden=True),
            *gestures.dialog(),
        ]
    )
    _register_shell(app)
    for page in PAGES:
        page.register(app)
    gestures.register(app, {name: gesture for page in PAGES for name, gesture in page.gestures.items()})
    _send_policy(server, app)
    return app


def serve(
    settings: Settings, *, ready: Callable[[str], None] = lambda words: print(words, flush=True)
) -> None:
    """Open the store and serve until interrupted; raises `ApdashError` when the file cannot be opened."""
    # A page asks for several things at once: that they wait a moment for a thread is no news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    services = open_services(settings)
    try:
        app = build_app(services)
        server = _listen(app.server, settings)
        ready(f"APdash est prêt : http://{settings.host}:{settings.port} (Ctrl + C pour arrêter)")
        server.run()
    except OSError as error:
        raise ApdashError(
            "Le serveur ne démarre pas.",
            f"Le port {settings.port} est déjà pris ; choisissez-en un autre avec --port.",
        ) from error
    finally:
        services.inquiries.close()
        services.store.close()


def _listen(app: flask.Flask, settings: Settings) -> TcpWSGIServer | MultiSocketServer:
    # What is sent stays in memory and is refused when longer than the pages accept: no file of students waits on
    # the disk, where an upload cut short would leave it open.
    beyond = app.config["MAX_CONTENT_LENGTH"] + 1
    return create_server(
        app, host=settings.host, port=settings.port, threads=8, ident=None,
        max_request_body_size=beyond, inbuf_overflow=beyond,
    )  # fmt: skip


def _register_shell(app: Dash) -> None:
    @app.callback(
        Output("shell", "children"),
        Output("page", "children"),
        Input("url", "pathname"),
        Input("url", "search"),
    )
    def show_page(path: str, search: str | None) -> tuple[Component, Component]:
        services, viewer = current.services(), current.viewer()
        return _shell(services, viewer, path), _content(services, viewer, path, search or "")

    app.clientside_callback(
        ClientsideFunction("apdash", "title"), Output("title", "children"), Input("page", "children")
    )


def _shell(services: Services, viewer: Viewer, path: str) -> Component:
    section = next((page.under or page.path for page in PAGES if page.path == path), path)
    nav = [(page.path, page.label) for page in PAGES if page.label and page.is_open_to(viewer)]
    bar = top_bar(viewer, nav=nav, path=section, csrf=generate_csrf())
    return html.Div([demo_band(long_day(services.today())) if services.is_demo() else None, bar])


def _content(services: Services, viewer: Viewer, path: str, search: str) -> Component:
    page = next((page for page in PAGES if page.path == path), None)
    try:
        if page is None:
            return html.Div(missing(), className="page")
        if page.action:
            viewer.require(page.action)
        return page.layout(services, viewer, dict(parse_qsl(search.lstrip("?"))))
    except ApdashError as error:
        return html.Div(refused(error), className="page")
    except Exception:
        log.exception("page %s", path)
        return html.Div(failed(), className="page")


def _tell(error: Exception) -> None:
    """Show an expected refusal as a toast; log anything else and say only that it failed."""
    if isinstance(error, ApdashError):
        set_props("toasts", {"children": toast("alert", error.title, error.message)})
        return
    log.error("callback", exc_info=error)
    set_props(
        "toasts",
        {
            "children": toast(
                "alert",
                "Ce geste n’a pas abouti.",
                "Rien n’a été modifié. L’incident est noté dans le journal.",
            )
        },
    )


def _add_plain_routes(server: flask.Flask) -> None:
    @server.get("/healthz")
    def healthz() -> flask.typing.ResponseReturnValue:
        current.services().store.read("select 1 as ok")
        return {"etat": "pret"}

    @server.get("/vendor/<path:name>")
    def vendor(name: str) -> flask.Response:
        return flask.send_from_directory(str(_VENDOR), name, max_age=86400)

    @server.errorhandler(404)
    def not_found(error: Exception) -> flask.typing.ResponseReturnValue:
        return "Cette page n’existe pas.", 404

    @server.errorhandler(500)
    def broken(error: Exception) -> flask.typing.ResponseReturnValue:
        return "Incident : il est noté dans le journal de l’application.", 500


def _send_policy(server: flask.Flask, app: Dash) -> None:
    """Forbid everything that is not served here; scripts of the page are allowed one by one."""
    scripts = " ".join(["'self'", *app.csp_hashes()])
    policy = (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )

    @server.after_request
    def protect(response: flask.Response) -> flask.Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        if not flask.request.path.startswith(("/vendor/", "/assets/", "/_dash-component-suites/")):
            response.headers["Cache-Control"] = "no-store"
        return response
