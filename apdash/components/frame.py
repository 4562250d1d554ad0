"""The frame every page shares: top bar, filter bar, page head, cards."""

from collections.abc import Sequence

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from apdash.labels import ROLES, long_day, spaced
from apdash.rights import Viewer

Children = Component | str | Sequence[Component | str | None] | None


def top_bar(viewer: Viewer, *, nav: Sequence[tuple[str, str]], path: str, csrf: str) -> Component:
    """Return the bar with the pages this person may open (path, label) and their account."""
    return html.Header(
        className="topbar",
        children=[
            html.A("Aller au contenu", href="#page", className="skip"),
            dcc.Link([html.Img(src="/assets/logo.svg", alt=""), "APdash"], href="/", className="brand"),
            html.Details(
                html.Summary([_icon("list"), "Menu"], className="btn btn-outline"), className="nav-menu"
            ),
            html.Nav(
                [_nav_link(target, label, path) for target, label in nav],
                className="topnav",
                **{"aria-label": "Principale"},
            ),
            html.Div(_account(viewer, csrf), className="right"),
        ],
    )


def _nav_link(target: str, label: str, path: str) -> Component:
    current = {"aria-current": "page"} if path == target else {}
    return html.Span(dcc.Link(label, href=target), **current)


def _account(viewer: Viewer, csrf: str) -> Component:
    initials = "".join(
        word[0] for word in viewer.name.split() if word[0].isupper() and word not in ("M.", "Mme")
    )[:2]
    return dbc.DropdownMenu(
        [
            html.Div(
                [html.Div(viewer.name, className="b"), html.Div(ROLES[viewer.role], className="s muted")],
                className="px-3 py-1",
            ),
            dbc.DropdownMenuItem(divider=True),
            html.Form(
                [
                    dcc.Input(type="hidden", name="csrf_token", value=csrf),
                    html.Button("Se déconnecter", className="dropdown-item"),
                ],
                action="/deconnexion",
                method="post",
            ),
        ],
        label=html.Span(initials or "?", title=f"Compte de {viewer.name}"),
        toggleClassName="avatar",
        className="account",
        align_end=True,
    )


def demo_band(today_words: str) -> Component:
    """Return the line that says the school is fictional, and which day it is there."""
    return html.Aside(
        [
            html.I(className="bi bi-info-circle me-2", **{"aria-hidden": "true"}),
            f"Lycée de démonstration, entièrement inventé. Nous y sommes le {today_words}.",
        ],
        className="demo-band",
        **{"aria-label": "Lycée de démonstration"},
    )


def said(words: Children) -> Children:
    """Return words with no-break spaces where French wants them; components are left as they are."""
    if isinstance(words, str):
        return spaced(words)
    if isinstance(words, Sequence):
        return [spaced(part) if isinstance(part, str) else part for part in words]
    return words


def page_head(title: Children, lead: Children = None, right: Children = None) -> Component:
    """Return the title of a page: the finding, a line under it, actions at the right."""
    return html.Div(
        className="pagehead",
        children=[
            html.Div(
                [html.H1(said(title)), html.Div(said(lead), className="lead") if lead is not None else None]
            ),
            html.Div(right, className="right") if right is not None else None,
        ],
    )


def filter_bar(filters: Sequence[Component], right: Children = None) -> Component:
    """Return the bar of filters under the top bar, with actions at the right; what `folded` marks waits on a phone."""
    side = [html.Div(right, className="right")] if right is not None else []
    waits = any(getattr(part, "className", "") == "fold" for part in filters)
    more = [
        html.Details(
            html.Summary([_icon("sliders"), "Filtrer"], className="btn btn-outline"), className="more-filters"
        )
    ]
    return html.Div(
        [*(more if waits else []), *filters, *side],
        className="filters no-print",
        role="search",
        **{"aria-label": "Filtres"},
    )


def folded(part: Component, *, used: bool) -> Component:
    """Return a filter that a phone shows when asked for filters; one in use is always shown."""
    return html.Div(part, className="fold used" if used else "fold")


def card(
    title: Children, body: Children, *, sub: Children = None, right: Children = None, class_name: str = ""
) -> Component:
    """Return a card: a heading line, then its body."""
    head = [
        html.H2(said(title)),
        html.Span(said(sub), className="sub") if sub is not None else None,
        html.Div(right, className="right") if right is not None else None,
    ]
    return html.Section(
        [html.Div(head, className="hd"), html.Div(body, className="bd")],
        className=f"card {class_name}".strip(),
    )


def link_button(words: str, href: str, *, icon: str | None = None, kind: str = "outline") -> Component:
    """Return a link that looks like a button; kind is outline, primary or quiet."""
    return dcc.Link([_icon(icon), html.Span(spaced(words))], href=href, className=f"btn btn-{kind}")


def back_link(words: str, href: str) -> Component:
    """Return the link, first in the bar of filters, to where a page was come from."""
    return link_button(words, href, icon="chevron-left", kind="quiet btn-sm")


def button(
    words: str, button_id: str | dict, *, icon: str | None = None, kind: str = "outline", **more: object
) -> Component:
    """Return a button; kind is outline, primary, quiet or danger-line."""
    return html.Button(
        [_icon(icon), html.Span(spaced(words))],
        id=button_id,
        className=f"btn btn-{kind}",
        type="button",
        n_clicks=0,
        **more,
    )


def print_button() -> Component:
    """Return the button that prints the page as it is shown."""
    return html.Button(
        [_icon("printer"), html.Span("Imprimer")],
        type="button",
        className="btn btn-outline btn-sm no-print",
        **{"data-print": "page"},
    )


def today_badge(today: object) -> Component:
    """Return the small badge that says which day the page speaks of."""
    return html.Span([_icon("calendar3"), long_day(today)], className="badge2")


def _icon(name: str | None) -> Component | None:
    return html.I(className=f"bi bi-{name}", **{"aria-hidden": "true"}) if name else None
