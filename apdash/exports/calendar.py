"""The sessions of groups and common actions as an iCalendar file: no student's name, identifiers that never change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from icalendar import Calendar, Event

PARIS = ZoneInfo("Europe/Paris")


def calendar_bytes(sessions: pl.DataFrame, *, school: str, made_at: datetime) -> bytes:
    """Return an event a session. sessions: as `session_events` of `queries.lists`; school: its UAI.

    Importing the file again updates the events: a session keeps its identifier when it is moved, its number of versions
    says which file is the later one, and one that is cancelled is said to be so.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//APdash//Accompagnement personnalisé//FR")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Accompagnement personnalisé")
    for row in sessions.iter_rows(named=True):
        calendar.add_component(_event(row, school=school, made_at=made_at))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(row: dict, *, school: str, made_at: datetime) -> Event:
    starts = datetime.combine(row["on_day"], row["starts_at"], tzinfo=PARIS)
    event = Event()
    event.add("uid", f"seance-{row['session']}@{school}.apdash")
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("sequence", row["versions"] - 1)
    event.add("dtstart", starts)
    event.add("dtend", starts + timedelta(minutes=row["minutes"]))
    event.add("summary", f"{row['what']} (avec {row['with_code']})" if row["with_code"] else row["what"])
    where = ", ".join(filter(None, [row["place"], row["room_code"]]))
    if where:
        event.add("location", where)
    event.add("status", "CONFIRMED" if row["held"] else "CANCELLED")
    return event
