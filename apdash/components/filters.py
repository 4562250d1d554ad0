"""Filters made of links: what is on screen is always in the address."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

Option = tuple[str, str]


def address(path: str, params: Mapping[str, str], **changes: str | None) -> str:
    """Return the address of a page with some parameters changed; None removes one."""
    merged = {**params, **changes}
    query = urlencode({key: value for key, value in merged.items() if value not in (None, "")})
    return f"{path}?{query}" if query else path


def segment(
    label: str,
    options: Sequence[Option],
    *,
    name: str,
    path: str,
    params: Mapping[str, str],
    clears: Sequence[str] = (),
) -> Component:
    """Return a row of exclusive choices (value, label); `clears` names the parameters a choice resets."""
    current = params.get(name, "")
    links = [
        dcc.Link(
            text,
            href=address(path, params, **{name: value}, **dict.fromkeys(clears)),
            className="on" if value == current else "",
        )
        for value, text in options
    ]
    return html.Div(
        [
            html.Span(label, className="lab"),
            html.Div(links, className="seg", role="group", **{"aria-label": label}),
        ],
        className="f",
    )


def dropdown(
    label: str,
    options: Sequence[Option],
    *,
    name: str,
    path: str,
    params: Mapping[str, str],
    clears: Sequence[str] = (),
) -> Component:
    """Return a drop-down of links (value, label); the first option stands when the parameter is absent."""
    current = params.get(name, options[0][0] if options else "")
    shown = dict(options).get(current, options[0][1] if options else "–")
    items = [
        dbc.DropdownMenuItem(
            text,
            href=address(path, params, **{name: value}, **dict.fromkeys(clears)),
            active=value == current,
        )
        for value, text in options
    ]
    menu = dbc.DropdownMenu(items, label=shown, className="sel", color="light")
    return html.Div([html.Span(label, className="lab"), menu], className="f")
