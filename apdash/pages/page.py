"""What a page is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from dash import Dash, ctx
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from apdash.errors import ApdashError
from apdash.rights import Action, Role, Viewer
from apdash.services import Services

if TYPE_CHECKING:
    from apdash.pages.gestures.form import Gesture

Params = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """A screen: its address, its name in the top bar (None: not there), how it is laid out, its callbacks.

    layout receives the services, the person looking, and the parameters of the address.
    action: the right without which the page refuses; None: everybody. under: the page of the top bar it belongs to.
    gestures: what its buttons open, by names that no other page uses.
    """

    path: str
    label: str | None
    layout: Callable[[Services, Viewer, Params], Component]
    register: Callable[[Dash], None] = lambda app: None
    action: Action | None = None
    under: str | None = None
    gestures: Mapping[str, "Gesture"] = field(default_factory=dict)

    def is_open_to(self, viewer: Viewer) -> bool:
        """True when this person may open the page."""
        return self.action is None or viewer.can(self.action)


def whole(params: Params, name: str, default: int | None = None) -> int | None:
    """Return a parameter of the address as a whole number; raises `ApdashError` when it is none."""
    text = params.get(name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise ApdashError("Adresse incomplète.", "Cette adresse ne mène nulle part ; reprenez par le menu.")
    return int(text)


def day_in(params: Params, name: str, default: date) -> date:
    """Return a day of the address; raises `ApdashError` when it is none."""
    text = params.get(name)
    if not text:
        return default
    found = readable_day(text)
    if found is None:
        raise ApdashError("Date illisible.", "Choisissez un jour dans le calendrier de la page.")
    return found


def readable_day(text: object) -> date | None:
    """Return the day a field holds, None when it is no day of this century."""
    try:
        found = date.fromisoformat(str(text))
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None


def params_of(search: str | None) -> dict[str, str]:
    """Return the parameters of an address."""
    return dict(parse_qsl((search or "").lstrip("?")))


def refreshed(search: str | None) -> str:
    """Return the same address, changed just enough for the page to be laid out again."""
    params = params_of(search)
    again = params.get("maj", "0")
    return "?" + urlencode({**params, "maj": str(int(again) + 1 if again.isdigit() else 1)})


def only_when_pressed() -> None:
    """Stop a callback unless a button was really pressed: Dash also calls it when its button appears."""
    if not any(trigger["value"] for trigger in ctx.triggered):
        raise PreventUpdate


__all__ = [
    "Action",
    "Page",
    "Params",
    "Role",
    "Services",
    "Viewer",
    "day_in",
    "only_when_pressed",
    "params_of",
    "readable_day",
    "refreshed",
    "whole",
]
