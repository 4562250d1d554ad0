"""The school and its calendar: years, periods, holidays, placements, rooms."""

from datetime import date

import polars as pl

from apdash import calendar
from apdash.store.store import Store, Transaction


def school(store: Store) -> dict | None:
    """Return uai, name and zone of the school of this file, or None while it is empty."""
    found = store.read("select uai, name, zone from school")
    return found.row(0, named=True) if found.height else None


def school_years(store: Store) -> pl.DataFrame:
    """Return the school years, latest first: year, starts_on, ends_on."""
    return store.read("select year, starts_on, ends_on from school_year order by year desc")


def current_year(store: Store, today: date) -> int | None:
    """Return the school year of a day: the one that contains it, else the latest that has begun, else the first."""
    found = store.read(
        "select year from school_year order by (starts_on <= $today) desc, "
        "case when starts_on <= $today then -year else year end limit 1",
        today=today,
    )
    return found.item() if found.height else None


def periods(store: Store, *, year: int) -> pl.DataFrame:
    """Return the periods of a year in order: id, code, label, starts_on, ends_on."""
    return store.read(
        "select id, code, label, starts_on, ends_on from period where year = $year order by starts_on",
        year=year,
    )


def closures(store: Store | Transaction, *, year: int) -> pl.DataFrame:
    """Return holidays and days off of a year in order: label, starts_on, ends_on."""
    return store.read(
        "select label, starts_on, ends_on from closure where year = $year order by starts_on", year=year
    )


def week_letters(store: Store | Transaction, *, year: int) -> pl.DataFrame:
    """Return the letter of each week of class of a year, given or alternated. Columns: monday, letter; in order."""
    span = store.read("select starts_on, ends_on from school_year where year = $year", year=year)
    if span.is_empty():
        return pl.DataFrame(schema={"monday": pl.Date, "letter": pl.String})
    given = store.read("select monday, letter from week_letter where year = $year order by monday", year=year)
    first, last = span.row(0)
    return calendar.week_letters(closures(store, year=year), given, first=first, last=last)


def given_letters(store: Store, *, year: int) -> pl.DataFrame:
    """Return the weeks whose letter somebody gave: monday, letter; in order."""
    return store.read("select monday, letter from week_letter where year = $year order by monday", year=year)


def slot_meetings(
    store: Store | Transaction, *, year: int, first: date, last: date, band: int | None = None
) -> pl.DataFrame:
    """Return when the slots of a year meet between two dates, both included: in blocks, in weeks A or B, or weekly.

    Columns: slot, band, on, starts_at, minutes; ordered by slot and date. Holidays are taken out of weekly slots.
    """
    slots = store.read(
        """
        select sl.id as slot, sl.band, sl.day::varchar as day, sl.weeks, sl.starts_at, sl.minutes,
            exists (select 1 from slot_day d where d.slot = sl.id) as in_blocks
        from slot sl join band b on b.id = sl.band
        where b.year = $year and ($band::bigint is null or b.id = $band::bigint)
        order by sl.id
        """,
        year=year,
        band=band,
    )
    weekly = calendar.slot_dates(
        slots.filter(~pl.col("in_blocks")),
        closures(store, year=year),
        first=first,
        last=last,
        letters=week_letters(store, year=year),
    )
    blocks = store.read(
        "select slot, on_day as on, starts_at, minutes from slot_day where on_day between $first and $last",
        first=first,
        last=last,
    )
    every = weekly.join(slots.select("slot", "band", "starts_at", "minutes"), on="slot")
    dated = blocks.join(slots.select("slot", "band"), on="slot")
    columns = ["slot", "band", "on", "starts_at", "minutes"]
    return pl.concat([every.select(columns), dated.select(columns)]).sort("slot", "on", "starts_at")


def divisions(store: Store, *, year: int) -> pl.DataFrame:
    """Return the divisions of a year: id, code, label, grade, family, students (enrolled on no later date).

    Ordered by code. Counts are not students' data: everybody may read them.
    """
    return store.read(
        """
        select d.id, d.code, d.label, d.grade, d.family, count(e.student) filter (where e.ends_on is null) as students
        from division d
        left join enrolment e on e.division = d.id
        where d.year = $year
        group by all
        order by d.code
        """,
        year=year,
    )


def placements(store: Store, *, year: int) -> pl.DataFrame:
    """Return the weeks away of a year: division, code, starts_on, ends_on, label; by division then date."""
    return store.read(
        """
        select p.division, d.code, p.starts_on, p.ends_on, p.label
        from placement p
        join division d on d.id = p.division
        where d.year = $year
        order by d.code, p.starts_on
        """,
        year=year,
    )


def rooms(store: Store) -> pl.DataFrame:
    """Return the rooms: id, code, capacity, kind; by code."""
    return store.read("select id, code, capacity, kind from room order by code")


def staff(store: Store) -> pl.DataFrame:
    """Return the adults present: id, title, last_name, first_name, job, discipline, initials; by name."""
    return store.read(
        "select id, title, last_name, first_name, job, discipline, initials from staff "
        "where ends_on is null order by last_name collate fr, first_name collate fr, id"
    )


def services_in_words(store: Store, *, year: int) -> pl.DataFrame:
    """Return who teaches what where: division, staff, words (the subject and the adult's discipline)."""
    return store.read(
        """
        select distinct v.division, v.staff,
            coalesce(s.label, v.subject) || ' ' || a.discipline || ' ' || a.job as words
        from service v
        join staff a on a.id = v.staff
        left join subject s on s.code = v.subject
        where v.year = $year and a.ends_on is null
        order by v.division, v.staff, words
        """,
        year=year,
    )


def principal_teachers(store: Store, *, year: int) -> pl.DataFrame:
    """Return the principal teachers of a year: division, staff."""
    return store.read(
        """
        select p.division, p.staff
        from principal_teacher p
        join division d on d.id = p.division
        join staff a on a.id = p.staff
        where d.year = $year and a.ends_on is null
        order by p.division, p.staff
        """,
        year=year,
    )
