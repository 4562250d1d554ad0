"""What a page is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dash import Dash
from dash.development.base_component import Component

from apdash.rights import Action, Role, Viewer
from apdash.services import Services

Params = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """A screen: its address, its name in the top bar (None: not there), how it is laid out, its callbacks.

    layout receives the services, the person looking, and the parameters of the address.
    action: the right without which the page refuses; None: everybody.
    """

    path: str
    label: str | None
    layout: Callable[[Services, Viewer, Params], Component]
    register: Callable[[Dash], None] = lambda app: None
    action: Action | None = None

    def is_open_to(self, viewer: Viewer) -> bool:
        """True when this person may open the page."""
        return self.action is None or viewer.can(self.action)


__all__ = ["Action", "Page", "Params", "Role", "Services", "Viewer"]
