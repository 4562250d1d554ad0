"""The gestures of the page: each has a dialog, what stands in its way, and the command it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from apdash.errors import ApdashError
from apdash.pages.groups.gestures import band, moving, opening
from apdash.pages.groups.gestures.form import Fields, Form
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.commands.move_checks import Checks


@dataclass(frozen=True, slots=True)
class Gesture:
    """form shows the dialog; do calls the command and returns what to say; remarks, when known before, warn."""

    done: str
    form: Callable[[Services, Viewer, str, date], Form]
    do: Callable[..., str]
    remarks: Callable[[Services, Viewer, str, Fields], Checks | None] | None = None


GESTURES: dict[str, Gesture] = {
    "move": Gesture("Groupe changé.", moving.move_form, moving.move, moving.move_remarks),
    "place": Gesture("Élève placé.", moving.place_form, moving.place, moving.place_remarks),
    "leave": Gesture("Départ enregistré.", moving.leave_form, moving.leave),
    "staff": Gesture("Intervenants enregistrés.", opening.staff_form, opening.change_staff),
    "room": Gesture("Salle changée.", opening.room_form, opening.move_room),
    "suspend": Gesture("Groupe suspendu.", opening.suspend_form, opening.suspend),
    "merge": Gesture("Groupes fusionnés.", opening.merge_form, opening.merge),
    "describe": Gesture("Groupe décrit.", opening.describe_form, opening.describe),
    "prolong": Gesture("Groupes prolongés.", band.prolong_form, band.prolong),
    "undo": Gesture("Geste annulé.", band.undo_form, band.undo),
}


def gesture_named(name: str) -> Gesture:
    """Return a gesture; raises `ApdashError` when there is none of that name."""
    if name not in GESTURES:
        raise ApdashError("Geste inconnu.", "Rechargez la page.")
    return GESTURES[name]
