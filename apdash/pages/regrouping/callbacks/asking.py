"""Reads, inside a callback, where the person is and what the address of the page says."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from dash import Output
from dash.development.base_component import Component

from apdash import current
from apdash.components.states import toast
from apdash.pages.regrouping.address import STEPS, Asked, asked
from apdash.pages.regrouping.layout import choices, shown_number

GO = (Output("url", "search", allow_duplicate=True), Output("toasts", "children", allow_duplicate=True))
"""Where most acts lead: the page laid out again, and a word on what was done."""
_FRESH = "maj"


def here(search: str | None) -> Asked:
    """Return what the address asks for, read as the page reads it."""
    bands, reviews = choices(current.services())
    return asked(_params(search), bands=bands, reviews=reviews, step=STEPS[0])


def here_shown(search: str | None) -> Asked:
    """Return the same, with the proposal on screen where the address does not say which."""
    at = here(search)
    return replace(at, proposal=shown_number(current.services(), current.viewer(), at))


def refreshed(search: str | None, **changes: str | int | None) -> str:
    """Return the address to go to so that the page is laid out again, with some parameters changed."""
    return moved_to(search, **{_FRESH: int(_params(search).get(_FRESH) or 0) + 1}, **changes)


def moved_to(search: str | None, **changes: str | int | None) -> str:
    """Return the same address with some parameters changed; None removes one."""
    params = _params(search)
    for name, value in changes.items():
        params.pop(name, None)
        if value is not None:
            params[name] = str(value)
    return "?" + urlencode(params)


def told(title: str, words: str = "", *, warnings: tuple[str, ...] = ()) -> Component:
    """Return the toast of something done, with what looks strange about it."""
    if warnings:
        return toast("watch", title, " ".join(warnings))
    return toast("info", title, words)


def _params(search: str | None) -> dict[str, str]:
    return dict(parse_qsl((search or "").lstrip("?")))
