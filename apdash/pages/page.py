"""What a page is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dash import Dash, ctx
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from apdash.errors import ApdashError
from apdash.rights import Action, Role, Viewer
from apdash.services import Services

Params = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """A screen: its address, its name in the top bar (None: not there), how it is laid out, its callbacks.

    layout receives the services, the person looking, and the parameters of the address.
    action: the right without which the page refuses; None: everybody. under: the page of the top bar it belongs to.
    """

    path: str
    label: str | None
    layout: Callable[[Services, Viewer, Params], Component]
    register: Callable[[Dash], None] = lambda app: None
    action: Action | None = None
    under: str | None = None

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


def only_when_pressed() -> None:
    """Stop a callback unless a button was really pressed: Dash also calls it when its button appears."""
    if not any(trigger["value"] for trigger in ctx.triggered):
        raise PreventUpdate


__all__ = ["Action", "Page", "Params", "Role", "Services", "Viewer", "only_when_pressed", "whole"]
