"""Empty, refused, failed; notices and toasts."""

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import Children, link_button, said
from apdash.errors import ApdashError

_ICONS = {"alert": "exclamation-triangle-fill", "watch": "eye-fill", "info": "info-circle-fill"}


def empty(
    title: str,
    words: Children = None,
    action: Component | None = None,
    *,
    icon: str = "inbox",
    whole: bool = False,
) -> Component:
    """Return the form of a place without data: why it is empty, and what to do; whole: it is the page itself."""
    heading = html.H1 if whole else html.H3
    return html.Div(
        [_icon(icon), heading(said(title)), html.P(said(words)) if words else None, action],
        className="state",
    )


def refused(error: ApdashError) -> Component:
    """Return the form of a page this person may not see, or that cannot be shown."""
    return empty(error.title, error.message, _home(), icon="lock", whole=True)


def missing() -> Component:
    """Return the form of an address that leads nowhere."""
    words = "L’adresse est peut-être incomplète ; le menu mène à toutes les pages."
    return empty("Cette page n’existe pas", words, _home(), icon="signpost-split", whole=True)


def failed() -> Component:
    """Return the form of a page that broke: nothing about how, that is in the log."""
    return empty(
        "Cette page n’a pas pu s’afficher",
        "Rien n’a été modifié. L’incident est noté dans le journal de l’application.",
        _home(),
        icon="x-octagon",
        whole=True,
    )


def _home() -> Component:
    return link_button("Revenir à l’accueil", "/", icon="house")


def notice(kind: str, title: str, words: Children = None, actions: Children = None) -> Component:
    """Return a notice; kind is alert, watch or info."""
    body = [
        html.Div(said(title), className="b"),
        html.Div(said(words)) if words else None,
        html.Div(actions, className="mt-2 d-flex flex-wrap gap-2") if actions else None,
    ]
    return html.Div(
        [_icon(_ICONS[kind]), html.Div(body, className="body")],
        className=f"notice {kind}",
        role="alert" if kind == "alert" else "note",
    )


def toast(kind: str, title: str, words: str = "") -> Component:
    """Return a message that closes itself when it only informs, and stays when it refuses or warns."""
    body = html.Div(
        [html.Div(said(title), className="b"), html.Div(said(words)) if words else None], className="body"
    )
    return dbc.Alert(
        [_icon(_ICONS[kind]), body],
        className=f"notice {kind}",
        dismissable=True,
        duration=6000 if kind == "info" else None,
        fade=False,
    )


def _icon(name: str) -> Component:
    return html.I(className=f"bi bi-{name}", **{"aria-hidden": "true"})
