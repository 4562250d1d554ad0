"""The gestures of the page: each has a dialog, what stands in its way, and the command it calls."""

from apdash.pages.gestures import Gesture
from apdash.pages.groups.gestures import band, closing, moving, opening
from apdash.rights import Action

_CHANGE = Action.CHANGE_GROUPS
GESTURES: dict[str, Gesture] = {
    "move": Gesture("Groupe changé.", _CHANGE, moving.move_form, moving.move, moving.move_remarks),
    "place": Gesture("Élève placé.", _CHANGE, moving.place_form, moving.place, moving.place_remarks),
    "leave": Gesture("Départ enregistré.", _CHANGE, moving.leave_form, moving.leave),
    "staff": Gesture("Adultes enregistrés.", _CHANGE, opening.staff_form, opening.change_staff),
    "room": Gesture("Salle changée.", _CHANGE, opening.room_form, opening.move_room),
    "suspend": Gesture("Groupe suspendu.", _CHANGE, opening.suspend_form, opening.suspend),
    "merge": Gesture("Groupes fusionnés.", _CHANGE, opening.merge_form, opening.merge),
    "close": Gesture("Groupe fermé.", _CHANGE, closing.close_form, closing.close),
    "describe": Gesture("Groupe décrit.", _CHANGE, opening.describe_form, opening.describe),
    "prolong": Gesture("Groupes prolongés.", _CHANGE, band.prolong_form, band.prolong),
    "undo": Gesture("Geste annulé.", _CHANGE, band.undo_form, band.undo),
}
