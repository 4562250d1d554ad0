"""The groups' meetings as an iCalendar file: no student's name, stable identifiers, holidays left out."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from icalendar import Calendar, Event

from apdash.calendar import slot_dates

PARIS = ZoneInfo("Europe/Paris")


def calendar_bytes(
    meetings: pl.DataFrame,
    closures: pl.DataFrame,
    absences: pl.DataFrame,
    *,
    year: int,
    school: str,
    made_at: datetime,
) -> bytes:
    """Return weekly events, one for each stretch a group meets in the same room, with the days off as exceptions.

    A day when all its divisions are on placement is off too. meetings, absences: as `group_meetings` and
    `group_absences` of `queries.lists`; closures: starts_on, ends_on; school: its UAI. Importing the file again
    updates the events: an event is known by the year, the code of the group and the first day of the stretch.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//APdash//Accompagnement personnalisé//FR")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Accompagnement personnalisé")
    for row in meetings.iter_rows(named=True):
        away = absences.filter(pl.col("ap_group") == row["ap_group"])
        event = _event(row, _held(row, closures, away), year=year, school=school, made_at=made_at)
        if event is not None:
            calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _held(row: dict, closures: pl.DataFrame, away: pl.DataFrame) -> list[date]:
    """Return the days a group meets in a stretch: neither holidays nor days when nobody is there."""
    slot = pl.DataFrame({"slot": [row["slot"]], "day": [row["day"]]})
    days = slot_dates(slot, closures, first=row["starts_on"], last=row["ends_on"]).select("on")
    empty = (
        days.join(away, how="cross")
        .filter(pl.col("on").is_between("starts_on", "ends_on"))
        .group_by("on", "divisions")
        .len()
        .filter(pl.col("len") >= pl.col("divisions"))
    )
    return days.join(empty, on="on", how="anti").sort("on")["on"].to_list()


def _event(row: dict, held: list[date], *, year: int, school: str, made_at: datetime) -> Event | None:
    """Return the event of a stretch; None when no meeting is left in it."""
    if not held:
        return None
    starts = _at(held[0], row["starts_at"])
    event = Event()
    event.add("uid", f"{year}-{row['code']}-{row['starts_on']:%Y%m%d}@{school}.apdash")
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("dtstart", starts)
    event.add("dtend", starts + timedelta(minutes=row["minutes"]))
    event.add("summary", f"{row['code']} {row['name']}")
    if row["room_code"]:
        event.add("location", row["room_code"])
    if len(held) > 1:
        until = _at(held[-1], row["starts_at"]).astimezone(UTC)
        event.add("rrule", {"freq": "weekly", "until": until})
        weeks = (held[-1] - held[0]).days // 7
        every = [held[0] + timedelta(weeks=week) for week in range(weeks)]
        skipped = [_at(day, row["starts_at"]) for day in every if day not in held]
        if skipped:
            event.add("exdate", skipped)
    return event


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=PARIS)
