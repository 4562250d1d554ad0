"""What the fictional school does with its sessions by hand: a teacher on leave, a meeting moved, a forum, a visit."""

from datetime import date, datetime, time, timedelta

import polars as pl

from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands.absences import settle_absence
from apdash.store.commands.common_actions import Described, Meeting, create_action
from apdash.store.commands.sessions import move_session
from apdash.store.queries.bands import band_divisions, bands
from apdash.store.queries.calendar import current_year
from apdash.store.queries.sessions import sessions


def live_agenda(services: Services, *, on: date) -> None:
    """Make the gestures of an afternoon, for the three weeks that follow."""
    now = datetime.combine(on, time(16, 40))
    _leave(services, now=now)
    _move(services, now=now + timedelta(minutes=5))
    _forum(services, "T-A", "Forum des métiers", on=on + timedelta(days=18), now=now + timedelta(minutes=10))
    _forum(services, "2-A", "Visite du salon", on=on + timedelta(days=23), now=now + timedelta(minutes=15))


def _leave(services: Services, *, now: datetime) -> None:
    """A mathematics teacher is away for two weeks: the first meeting is lost, the second joins the study group."""
    first = now.date() + timedelta(days=3)
    rows = _planned(services, first=first, last=first + timedelta(days=11))
    mine = rows.filter(pl.col("need") == "REM-MAT")
    if mine.is_empty():
        return
    mine = mine.filter(pl.col("ap_group") == mine["ap_group"][0])
    lost, rest = mine["session"][0], mine["session"].to_list()[1:]
    reception = services.reference.needs.filter(pl.col("reception"))["code"].implode()
    study = rows.filter(pl.col("need").is_in(reception))
    hosts = mine.join(study, on=("on_day", "starts_at", "band"), suffix="_host")
    known = dict(hosts.select("session", "session_host").iter_rows())
    joined = [(session, known[session]) for session in rest if session in known]
    settle_absence(services.store, CONSOLE, cancelled=[lost], joined=joined, now=now)


def _move(services: Services, *, now: datetime) -> None:
    """A meeting of a Thursday is held the day before."""
    thursday = now.date() + timedelta(days=17)
    rows = _planned(services, first=thursday, last=thursday)
    if rows.is_empty():
        return
    row = rows.row(-1, named=True)
    hour = {"starts_at": row["starts_at"], "minutes": row["minutes"], "room": row["room"]}
    before = thursday - timedelta(days=1)
    move_session(services.store, CONSOLE, session=row["session"], on_day=before, now=now, **hour)


def _forum(services: Services, code: str, label: str, *, on: date, now: datetime) -> None:
    """Whole divisions of a band go somewhere for an afternoon, if some of them are there that day."""
    year = current_year(services.store, on)
    known = bands(services.store, year=year).filter(pl.col("code") == code) if year is not None else None
    if known is None or known.is_empty():
        return
    away = services.store.read(
        "select division from placement where $on between starts_on and ends_on order by division", on=on
    )
    inside = band_divisions(services.store, band=known["band"][0]).join(away, on="division", how="anti")
    if inside.is_empty():
        return
    described = Described(
        label=label, divisions=inside["division"].to_list(), axis="ORI", place="Palais des congrès"
    )
    meetings = [Meeting(on, time(13, 30), 150)]
    create_action(
        services.store,
        CONSOLE,
        services.reference,
        year=year,
        described=described,
        meetings=meetings,
        now=now,
    )


def _planned(services: Services, *, first: date, last: date) -> pl.DataFrame:
    rows = sessions(services.store, CONSOLE, first=first, last=last)
    return rows.filter((pl.col("state") == "planned") & pl.col("ap_group").is_not_null())
