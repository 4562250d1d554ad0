"""The gestures of the panel: each reads its fields, calls one command, and says what it did."""

from typing import Any

from apdash.errors import ApdashError
from apdash.labels import NBSP, count, day
from apdash.pages.agenda.actions import make_action, remake_action, stop_action
from apdash.pages.agenda.adding import add
from apdash.pages.agenda.around import session_named
from apdash.pages.agenda.fields import Fields, day_of, number_of, number_or_none, time_of
from apdash.pages.agenda.panel import GROUP_ADULTS
from apdash.pages.agenda.words import day_words, what_words
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.commands import sessions as commands
from apdash.store.commands.absences import join_session
from apdash.store.commands.session_undo import undo_gesture


def do_gesture(
    services: Services, viewer: Viewer, gesture: str, key: str, fields: Fields, *, agreed: bool
) -> tuple[str, str]:
    """Make a gesture; return what is said of it: a title, and words. Raises `ApdashError` when it is refused."""
    if gesture not in _GESTURES or not (key.isascii() and key.isdigit() and len(key) < 16):
        raise ApdashError("Geste inconnu.", "Rechargez la page.")
    done, do = _GESTURES[gesture]
    return done, do(services, viewer, int(key), fields, agreed=agreed)


def _move(services: Services, viewer: Viewer, session: int, fields: Fields, *, agreed: bool) -> str:
    commands.move_session(
        services.store, viewer, session=session, on_day=day_of(fields, "day"), starts_at=time_of(fields, "hour"),
        minutes=number_of(fields, "minutes", "la durée, en minutes"), room=number_or_none(fields, "room"),
        now=services.now(), acknowledged=agreed,
    )  # fmt: skip
    return _told(services, viewer, session)


def _room(services: Services, viewer: Viewer, session: int, fields: Fields, *, agreed: bool) -> str:
    room = number_or_none(fields, "room")
    commands.change_session_room(
        services.store, viewer, session=session, room=room, now=services.now(), acknowledged=agreed
    )
    return _told(services, viewer, session)


def _staff(services: Services, viewer: Viewer, session: int, fields: Fields, *, agreed: bool) -> str:
    staff: list[int] | None = None
    if fields.get("first") != GROUP_ADULTS:
        second = number_or_none(fields, "second")
        staff = [number_of(fields, "first", "qui anime"), *([second] if second else [])]
    commands.replace_adults(services.store, viewer, session=session, staff=staff, now=services.now())
    return _told(services, viewer, session)


def _join(services: Services, viewer: Viewer, session: int, fields: Fields, *, agreed: bool) -> str:
    join_session(
        services.store, viewer, services.reference, session=session,
        host=number_of(fields, "host", "l’autre séance"), now=services.now(), acknowledged=agreed,
    )  # fmt: skip
    return "Pour cette séance seulement ; chacun garde son groupe."


def _cancel(services: Services, viewer: Viewer, session: int, fields: Fields, *, agreed: bool) -> str:
    commands.cancel_sessions(
        services.store, viewer, services.reference, sessions=[session], why=str(fields.get("why") or ""),
        now=services.now(),
    )  # fmt: skip
    return "Elle reste dans l’agenda, avec son motif."


def _hold(services: Services, viewer: Viewer, session: int, fields: Fields, *, agreed: bool) -> str:
    commands.hold_session(services.store, viewer, session=session, now=services.now())
    return "Ses heures comptent comme tenues ; l’appel reste possible."


def _restore(services: Services, viewer: Viewer, session: int, fields: Fields, *, agreed: bool) -> str:
    commands.restore_session(services.store, viewer, session=session, now=services.now(), acknowledged=agreed)
    return "Elle suit de nouveau son groupe et le calendrier."


def _undo(services: Services, viewer: Viewer, session: int, fields: Fields, *, agreed: bool) -> str:
    number = undo_gesture(services.store, viewer, session=session, now=services.now())
    return f"{count(number, 'séance')}{NBSP}: ce qui était prévu avant l’est de nouveau."


def _told(services: Services, viewer: Viewer, session: int) -> str:
    row, _ = session_named(services, viewer, session)
    place = f"{row['staff_names'] or 'adulte à désigner'}, {row['room_code'] or 'salle à fixer'}"
    return f"{what_words(row)}{NBSP}: {day_words(row['on_day'])}, {place}."


def absence_told(changed: int, first: object, last: object) -> str:
    """Return what is said once the meetings of an absent adult are settled."""
    return f"{count(changed, 'séance réglée', 'séances réglées')} du {day(first)} au {day(last)}."


_GESTURES: dict[str, tuple[str, Any]] = {
    "move": ("Séance déplacée.", _move),
    "room": ("Salle changée.", _room),
    "staff": ("Adulte remplacé.", _staff),
    "join": ("Séances réunies.", _join),
    "cancel": ("Séance non tenue.", _cancel),
    "hold": ("Séance notée tenue.", _hold),
    "restore": ("Séance rétablie.", _restore),
    "undo": ("Geste annulé.", _undo),
    "add": ("Séance ajoutée.", add),
    "action": ("Action commune créée.", make_action),
    "remake": ("Action commune modifiée.", remake_action),
    "stop": ("Action commune annulée.", stop_action),
}
