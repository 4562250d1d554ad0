"""What stands in the way of a gesture on sessions, looked at after it is written and before it is kept.

A room or an adult is taken by a session that is to be held, on its own, and that somebody is expected at: one that
joins another takes nothing, nor does one whose students are all away.
"""

from datetime import date, time

import polars as pl

from apdash import labels
from apdash.errors import ApdashError
from apdash.store.queries.groups import ALWAYS
from apdash.store.store import Transaction

OPENS, CLOSES = time(7, 0), time(22, 0)

_TAKING = """
    taking as (
        select s.id, s.ap_group, s.action, s.on_day, s.starts_at, s.minutes, s.room,
            coalesce(s.staff, (
                select list(a.staff) from group_staff a
                where a.ap_group = s.ap_group and a.replaced_by is null and a.starts_on <= s.on_day
                    and (a.ends_on is null or a.ends_on >= s.on_day)
            ), []) as staff
        from session s
        where s.replaced_at is null and s.joins is null and s.state <> 'not_held'
    ),
    met as (
        select m.id as mine, m.room, m.staff, o.id as other, o.room as other_room, o.staff as other_staff,
            coalesce(g.code || ' (' || g.name || ')', x.label) as what, o.on_day, o.starts_at, o.minutes
        from taking m
        join taking o on o.id <> m.id and o.on_day = m.on_day
            and o.starts_at < m.starts_at + to_minutes(m.minutes)
            and m.starts_at < o.starts_at + to_minutes(o.minutes)
        left join ap_group g on g.id = o.ap_group
        left join common_action x on x.id = o.action
        where list_contains($ids::bigint[], m.id)
    )
"""


def check_day(tx: Transaction, on_day: date) -> None:
    """Raise `ApdashError` for a day without class: Sunday, holidays, outside the school years of this file."""
    words = f"Le {labels.long_day(on_day)}"
    if on_day.weekday() > 5:
        raise ApdashError("Jour sans cours.", f"{words} est un dimanche.")
    off = tx.read(
        "select label from closure where $on_day between starts_on and ends_on order by starts_on",
        on_day=on_day,
    )
    if off.height:
        raise ApdashError("Jour sans cours.", f"{words} : {off['label'][0]}.")
    year = tx.read(
        "select 1 as x from school_year where $on_day between starts_on and ends_on", on_day=on_day
    )
    if year.is_empty():
        raise ApdashError("Jour sans cours.", f"{words} n’est dans aucune année scolaire connue.")


def check_hour(starts_at: time, minutes: int) -> None:
    """Raise `ApdashError` for an hour at which no school meets, or a length no session has."""
    ends = starts_at.hour * 60 + starts_at.minute + minutes
    if not 5 <= minutes <= 480 or starts_at < OPENS or ends > CLOSES.hour * 60:
        words = "Une séance dure de 5 minutes à 8 heures, entre 7 h et 22 h."
        raise ApdashError("Horaire refusé.", words)


def check_rooms_free(tx: Transaction, ids: list[int]) -> None:
    """Raise `ApdashError` naming the session that has the room of one of these at the same time."""
    clashes = tx.read(
        f"with {_TAKING} select r.code as name, m.* exclude (mine) from met m join room r on r.id = m.room "
        "where m.other_room = m.room order by m.on_day, m.starts_at, m.other",
        ids=ids,
    )
    row = _attended(tx, clashes)
    if row is not None:
        words = f"{row['name']} accueille déjà {row['what']} {_when(row)}."
        raise ApdashError("Salle déjà prise.", words)


def check_adults_free(tx: Transaction, ids: list[int]) -> None:
    """Raise `ApdashError` naming the session that an adult of one of these leads at the same time."""
    clashes = tx.read(
        f"with {_TAKING} select trim(a.title || ' ' || a.last_name) as name, m.* exclude (mine) from met m "
        "join staff a on list_contains(m.staff, a.id) and list_contains(m.other_staff, a.id) "
        "order by m.on_day, m.starts_at, m.other",
        ids=ids,
    )
    row = _attended(tx, clashes)
    if row is not None:
        words = f"{row['name']} anime déjà {row['what']} {_when(row)}."
        raise ApdashError("Adulte déjà pris.", words)


def check_attended(tx: Transaction, ids: list[int]) -> None:
    """Raise `ApdashError` when nobody would be expected at one of these."""
    places = tx.read("select distinct host, session from session_places($known_at)", known_at=ALWAYS)
    if set(ids) - {*places["host"], *places["session"]}:
        words = "Ce jour-là, aucun élève n’est attendu : PFMP, groupe fermé ou action commune."
        raise ApdashError("Séance sans élève.", words)


def remarks(tx: Transaction, ids: list[int], *, most: int | None = None) -> list[str]:
    """Return what is to be accepted knowingly: students expected twice, rooms or groups too full.

    most: how many students the group of the hosts may have, when that matters.
    """
    found = tx.read(
        """
        with places as materialized (select host, student from session_places($known_at)),
        wanted as (
            select distinct coalesce(s.joins, s.id) as host from session s
            where s.replaced_at is null and s.state <> 'not_held' and list_contains($ids::bigint[], s.id)
        ),
        mine as (
            select w.host, s.on_day, s.starts_at, s.minutes, s.room
            from wanted w join session s on s.id = w.host and s.replaced_at is null
        )
        select m.host, r.code as room_code, r.capacity,
            (select count(*) from places p where p.host = m.host) as expected,
            (
                select count(distinct p.student) from places p
                join places q on q.student = p.student and q.host <> p.host
                join session o on o.id = q.host and o.replaced_at is null and o.state <> 'not_held'
                    and o.on_day = m.on_day and o.starts_at < m.starts_at + to_minutes(m.minutes)
                    and m.starts_at < o.starts_at + to_minutes(o.minutes)
                where p.host = m.host
            ) as twice
        from mine m left join room r on r.id = m.room
        order by m.on_day, m.starts_at, m.host
        """,
        ids=ids,
        known_at=ALWAYS,
    )
    said = []
    for row in found.iter_rows(named=True):
        if row["twice"]:
            said.append(f"{labels.count(row['twice'], 'élève')} : déjà une séance à cette heure-là.")
        if row["capacity"] is not None and row["expected"] > row["capacity"]:
            said.append(f"{row['expected']} élèves attendus : {row['room_code']} en tient {row['capacity']}.")
        if most is not None and row["expected"] > most:
            said.append(f"Ils seraient {row['expected']}, pour {most} au plus.")
    return list(dict.fromkeys(said))


def _attended(tx: Transaction, clashes: pl.DataFrame) -> dict | None:
    """Return the first clash with a session that somebody is expected at."""
    if clashes.is_empty():
        return None
    hosts = tx.read("select distinct host as other from session_places($known_at)", known_at=ALWAYS)
    real = clashes.join(hosts, on="other", how="semi", maintain_order="left")
    return real.row(0, named=True) if real.height else None


def _when(row: dict) -> str:
    starts = row["starts_at"]
    ends = starts.hour * 60 + starts.minute + row["minutes"]
    span = f"de {labels.hour(starts)} à {labels.hour(time(ends // 60, ends % 60))}"
    return f"le {labels.long_day(row['on_day'])} {span}"
