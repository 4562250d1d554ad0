"""What stands around a session at its hour: rooms and adults taken or free, sessions it may join."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import polars as pl

from apdash.errors import ApdashError
from apdash.labels import count
from apdash.pages.agenda.fields import Option
from apdash.pages.agenda.words import what_words
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.bands import band_staff
from apdash.store.queries.calendar import rooms, staff
from apdash.store.queries.sessions import session_day, sessions


def session_named(services: Services, viewer: Viewer, session: int) -> tuple[dict, pl.DataFrame]:
    """Return a session and all those of its day; raises `ApdashError` when this person may not see it."""
    day = session_day(services.store, session=session)
    if day is not None:
        rows = sessions(services.store, viewer, first=day, last=day)
        found = rows.filter(pl.col("session") == session)
        if found.height:
            return found.row(0, named=True), rows
    raise ApdashError("Séance introuvable.", "Elle n’existe plus, ou personne n’y est attendu.")


def beside(row: Mapping, rows: pl.DataFrame) -> list[dict]:
    """Return the sessions held on their own at the hour of a session, itself left out."""
    free = rows.filter(
        (pl.col("session") != row["session"]) & (pl.col("host") == pl.col("session"))
        & (pl.col("state") != "not_held")
    )  # fmt: skip
    return [other for other in free.to_dicts() if _overlap(row, other)]


def host_options(services: Services, row: Mapping, rows: pl.DataFrame) -> list[Option]:
    """Return the sessions a session may join, study groups first."""
    reception = set(services.reference.needs.filter(pl.col("reception"))["code"])
    known = [other for other in beside(row, rows) if other["session"] != row["host"]]
    known.sort(
        key=lambda other: (other["need"] not in reception, other["band"] != row["band"], other["code"] or "")
    )
    return [(str(other["session"]), _host_words(row, other)) for other in known]


def study_host(services: Services, row: Mapping, rows: pl.DataFrame) -> int | None:
    """Return the study group of the hour of a session, that of its band first; None when there is none."""
    reception = set(services.reference.needs.filter(pl.col("reception"))["code"])
    known = [other for other in beside(row, rows) if other["need"] in reception]
    known.sort(key=lambda other: other["band"] != row["band"])
    return known[0]["session"] if known else None


def room_options(services: Services, row: Mapping, rows: pl.DataFrame) -> list[Option]:
    """Return the rooms, with who has them at the hour of a session."""
    taken = {other["room"]: other["code"] or other["label"] for other in beside(row, rows)}
    return [
        (str(room["id"]), _room_words(room, taken.get(room["id"])))
        for room in rooms(services.store).to_dicts()
    ]


def adult_options(services: Services, row: Mapping, rows: pl.DataFrame) -> list[Option]:
    """Return the adults who may lead a session: those free at its hour first, those already busy last."""
    busy: dict[int, str] = {}
    for other in beside(row, rows):
        busy |= dict.fromkeys(other["staff"], other["code"] or other["label"])
    free = set(band_staff(services.store, band=row["band"])["staff"]) if row["band"] is not None else set()

    def told(one: Mapping) -> tuple[int, str]:
        if one["id"] in busy:
            return 2, f", anime {busy[one['id']]} à cette heure"
        return (0, ", de la bande") if one["id"] in free else (1, "")

    known = sorted(staff(services.store).to_dicts(), key=lambda one: told(one)[0])
    return [(str(one["id"]), f"{one['title']} {one['last_name']}".strip() + told(one)[1]) for one in known]


def plain_rooms(services: Services) -> list[Option]:
    """Return all the rooms, whoever has them."""
    return [(str(room["id"]), _room_words(room, None)) for room in rooms(services.store).to_dicts()]


def plain_adults(services: Services) -> list[Option]:
    """Return all the adults, whatever they do."""
    return [
        (str(one["id"]), f"{one['title']} {one['last_name']} {one['first_name']}".strip())
        for one in staff(services.store).to_dicts()
    ]


def _overlap(one: Mapping, other: Mapping) -> bool:
    def span(row: Mapping) -> tuple[datetime, datetime]:
        begins = datetime.combine(row["on_day"], row["starts_at"])
        return begins, begins + timedelta(minutes=row["minutes"])

    (a, b), (c, d) = span(one), span(other)
    return a < d and c < b


def _host_words(row: Mapping, other: Mapping) -> str:
    sizes = f"{other['expected']} + {row['expected']} élèves"
    return f"{what_words(other)} · {sizes} · {other['room_code'] or 'salle à fixer'}"


def _room_words(room: Mapping, taken: str | None) -> str:
    kind = f", {room['kind']}" if room["kind"] else ""
    return f"{room['code']}, {count(room['capacity'], 'place')}{kind}" + (
        f", prise par {taken}" if taken else ""
    )
