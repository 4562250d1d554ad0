"""The rolls that wait: the group of this hour, then those of the last weeks that nobody called."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from apdash.components.filters import address
from apdash.labels import NBSP, count, listed
from apdash.pages.home.task import Task
from apdash.pages.roll.choice import session_of_the_hour
from apdash.pages.roll.words import PATH, day_words, hours_words, roll_address
from apdash.rights import Action, Role, Viewer
from apdash.services import Services
from apdash.store.queries.rolls import rolls_not_called, session_head

_SINCE = timedelta(days=28)
_NAMED = 3


def rolls_to_call(services: Services, viewer: Viewer) -> Iterator[Task]:
    """Yield the group of this hour while its roll is to call, and the late rolls: one's own, all for who pilots."""
    now = services.now()
    current = session_of_the_hour(services, viewer)
    if current is not None:
        head = session_head(services.store, viewer, session=current)
        if head["state"] == "planned":
            where = ", ".join(filter(None, [hours_words(head), head["room_code"]]))
            title = f"Groupe de l’heure{NBSP}: {head['name'] or head['label']}"
            yield Task("person-check", "accent", title, where, "", roll_address(current), "Faire l’appel")
    found = rolls_not_called(services.store, viewer, first=now.date() - _SINCE, last=now.date()).to_dicts()
    late = [row for row in found if _is_over(row, now) and row["session"] != current]
    if not late:
        return
    title = count(len(late), "appel à faire", "appels à faire")
    named = [f"{row['name']}, {day_words(row)}" for row in late[-_NAMED:]]
    words = listed(named) if len(late) <= _NAMED else f"depuis le {day_words(late[0])}"
    if viewer.can(Action.IMPORT) and len(late) > _NAMED:
        words += f"{NBSP}: à faire ici, ou à importer de la vie scolaire"
    href = roll_address(late[0]["session"]) if len(late) == 1 else address(PATH, {}, tous=_whose(viewer))
    action = "Faire l’appel" if len(late) == 1 else "Voir les appels"
    yield Task("clipboard-x", "watch", title, words, "", href, action)


def _is_over(row: dict, now: datetime) -> bool:
    return datetime.combine(row["on_day"], row["starts_at"]) + timedelta(minutes=row["minutes"]) < now


def _whose(viewer: Viewer) -> str:
    return "non" if viewer.role == Role.TEACHER else "oui"
