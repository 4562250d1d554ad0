"""Bands (barrettes): their divisions, slots, adults, rooms, students, and what has been asked for in them."""

from datetime import date, timedelta

import polars as pl

from apdash.calendar import meeting_counts, meetings
from apdash.errors import ApdashError
from apdash.rights import Action, Viewer
from apdash.store.queries.calendar import slot_meetings
from apdash.store.store import Store, Transaction


def bands(store: Store | Transaction, *, year: int) -> pl.DataFrame:
    """Return the bands of a year, ordered by code.

    Columns: band, code, label, kind, max_needs_open, max_division_share (0 to 1), max_periods, divisions (codes),
    slots (codes).
    """
    return store.read(
        """
        select b.id as band, b.code, b.label, b.kind, b.max_needs_open, b.max_division_share, b.max_periods,
            coalesce((
                select list(d.code order by d.code) from band_division bd join division d on d.id = bd.division
                where bd.band = b.id
            ), []) as divisions,
            coalesce((select list(s.code order by s.id) from slot s where s.band = b.id), []) as slots
        from band b
        where b.year = $year
        order by b.code
        """,
        year=year,
    )


def band_named(store: Store | Transaction, *, year: int, code: str) -> int:
    """Return the id of a band; raises `ApdashError`, listing the bands there are, when there is none of that code."""
    found = bands(store, year=year)
    row = found.filter(pl.col("code") == code)
    if row.is_empty():
        known = ", ".join(found["code"].to_list()) or "aucune"
        raise ApdashError("Bande inconnue.", f"« {code} » n’existe pas cette année. Bandes : {known}.")
    return int(row["band"].item())


def band(store: Store | Transaction, *, band: int) -> dict[str, object]:
    """Return one band: id, year, code, label, kind and its three rules; raises `ApdashError` when there is none."""
    rows = store.read(
        """
        select id, year, code, label, kind, max_needs_open, max_division_share, max_periods
        from band where id = $band
        """,
        band=band,
    )
    if rows.is_empty():
        raise ApdashError("Bande inconnue.", "Elle n’existe pas ou plus : rechargez la page.")
    return rows.row(0, named=True)


def band_divisions(store: Store | Transaction, *, band: int) -> pl.DataFrame:
    """Return the divisions of a band, ordered by code. Columns: division, code, label, grade, family."""
    return store.read(
        """
        select d.id as division, d.code, d.label, d.grade, d.family
        from band_division bd join division d on d.id = bd.division
        where bd.band = $band
        order by d.code
        """,
        band=band,
    )


def band_slots(store: Store | Transaction, *, band: int) -> pl.DataFrame:
    """Return the weekly hours of a band in the order of the week.

    Columns: slot, code, day, starts_at, minutes, max_groups, weeks (null: all; A or B).
    """
    return store.read(
        """
        select id as slot, code, cast(day as varchar) as day, starts_at, minutes, max_groups, weeks
        from slot where band = $band
        order by slot.day, slot.starts_at, slot.id
        """,
        band=band,
    )


def band_blocks(store: Store | Transaction, *, band: int) -> pl.DataFrame:
    """Return the days of the slots of a band that meet in blocks: code, on_day, starts_at, minutes; in order."""
    return store.read(
        """
        select sl.code, d.on_day, d.starts_at, d.minutes
        from slot_day d join slot sl on sl.id = d.slot
        where sl.band = $band
        order by d.on_day, d.starts_at, sl.code
        """,
        band=band,
    )


def band_staff(store: Store | Transaction, *, band: int) -> pl.DataFrame:
    """Return the adults free at each slot of a band, ordered by slot then name.

    Columns: slot, slot_code, staff, name, max_groups, cost (points a group), needs (codes they agreed to lead).
    """
    return store.read(
        """
        select bs.slot, sl.code as slot_code, bs.staff, trim(s.title || ' ' || s.last_name) as name,
            bs.max_groups, bs.cost,
            coalesce((select list(n.need order by n.need) from staff_need n where n.staff = bs.staff), []) as needs
        from band_staff bs join slot sl on sl.id = bs.slot join staff s on s.id = bs.staff
        where sl.band = $band
        order by sl.day, sl.starts_at, s.last_name collate fr, s.first_name collate fr, s.id
        """,
        band=band,
    )


def needs_led(store: Store | Transaction) -> dict[int, list[str]]:
    """Return the codes of the needs each adult agreed to lead, by staff id."""
    rows = store.read(
        "select staff, list(need order by need) as needs from staff_need group by staff order by staff"
    )
    return dict(rows.iter_rows())


def band_rooms(store: Store | Transaction, *, band: int) -> pl.DataFrame:
    """Return the rooms kept for each slot, ordered by slot then code.

    Columns: slot, slot_code, room, code, capacity, kind.
    """
    return store.read(
        """
        select br.slot, sl.code as slot_code, br.room, r.code, r.capacity, r.kind
        from band_room br join slot sl on sl.id = br.slot join room r on r.id = br.room
        where sl.band = $band
        order by sl.day, sl.starts_at, r.code
        """,
        band=band,
    )


def students_in_band(store: Store | Transaction, *, band: int, on: date) -> pl.DataFrame:
    """Return who is enrolled in the divisions of a band on a day, for computations: never shown as such.

    Columns: student, last_name, first_name, division, division_code, grade, apprentice; ordered by name.
    """
    return store.read(
        """
        select e.student, s.last_name, s.first_name, e.division, d.code as division_code, d.grade, e.apprentice
        from band_division bd
        join enrolment e on e.division = bd.division
        join student_named s on s.id = e.student
        join division d on d.id = bd.division
        where bd.band = $band and e.starts_on <= $on and (e.ends_on is null or e.ends_on >= $on)
        qualify row_number() over (partition by e.student order by e.starts_on desc) = 1
        order by s.last_name collate fr, s.first_name collate fr, s.id
        """,
        band=band,
        on=on,
    )


def band_students(store: Store, viewer: Viewer, *, band: int, on: date) -> pl.DataFrame:
    """Return the students of a band that this person may see; columns as `students_in_band`."""
    visible = store.read(
        "select student from visible_students($role, $staff)", role=viewer.role.value, staff=viewer.staff
    )
    return students_in_band(store, band=band, on=on).join(
        visible, on="student", how="semi", maintain_order="left"
    )


def closures(store: Store | Transaction, *, year: int) -> pl.DataFrame:
    """Return the holidays and days off of a year, in order. Columns: label, starts_on, ends_on."""
    return store.read(
        "select label, starts_on, ends_on from closure where year = $year order by starts_on", year=year
    )


def placements(store: Store | Transaction, *, band: int) -> pl.DataFrame:
    """Return when divisions of a band are away in companies. Columns: division, code, label, starts_on, ends_on."""
    return store.read(
        """
        select p.division, d.code, p.label, p.starts_on, p.ends_on
        from band_division bd join placement p on p.division = bd.division join division d on d.id = p.division
        where bd.band = $band
        order by p.starts_on, d.code
        """,
        band=band,
    )


def band_meetings(store: Store | Transaction, *, band: int, first: date, last: date) -> pl.DataFrame:
    """Return how many meetings each division can attend at each slot between two dates, both included.

    Columns: division, code, slot, slot_code, sessions, possible (meetings held whoever is away); ordered by division
    then slot.
    """
    divisions, slots = band_divisions(store, band=band), band_slots(store, band=band)
    pairs = divisions.select("division").join(slots.select("slot"), how="cross")
    dated = band_dates(store, band=band, first=first, last=last)
    counts, possible = meeting_counts(dated.filter("there"), pairs), meeting_counts(dated, pairs)
    return (
        counts.join(possible.rename({"sessions": "possible"}), on=["division", "slot"])
        .join(divisions.select("division", "code"), on="division")
        .join(slots.select("slot", slot_code="code"), on="slot")
        .select("division", "code", "slot", "slot_code", "sessions", "possible")
        .sort("code", "slot")
    )


def first_meetings(store: Store | Transaction, *, band: int, on: date) -> dict[int, date]:
    """Return the first day each slot of a band meets from a day on, within four weeks; slots without any are left out.

    Who leads a group when a composition begins is who leads it that day, not who leaves the day before.
    """
    year = int(store.read("select year from band where id = $band", band=band).item())
    days = slot_meetings(store, year=year, band=band, first=on, last=on + timedelta(weeks=4))
    return dict(days.group_by("slot").agg(pl.col("on").min()).iter_rows())


def band_dates(store: Store | Transaction, *, band: int, first: date, last: date) -> pl.DataFrame:
    """Return the meetings of a band between two dates, both included, for each of its divisions.

    Columns: division, code, slot, slot_code, on, there (false: away in companies); ordered by all but there.
    """
    divisions, slots = band_divisions(store, band=band), band_slots(store, band=band)
    year = int(store.read("select year from band where id = $band", band=band).item())
    pairs = divisions.select("division").join(slots.select("slot"), how="cross")
    days = slot_meetings(store, year=year, band=band, first=first, last=last)
    away = placements(store, band=band)
    there = meetings(days, pairs, placements=away).unique().with_columns(there=pl.lit(value=True))
    return (
        meetings(days, pairs, placements=away.clear())
        .join(there, on=["division", "slot", "on"], how="left")
        .with_columns(pl.col("there").fill_null(value=False))
        .join(divisions.select("division", "code"), on="division")
        .join(slots.select("slot", slot_code="code"), on="slot")
        .select("division", "code", "slot", "slot_code", "on", "there")
        .sort("code", "slot", "on")
    )


def statements(store: Store | Transaction, viewer: Viewer, *, band: int) -> pl.DataFrame:
    """Return what is asked for in a band and still holds, oldest first; the direction's own only for the direction,
    and nothing for whoever may not ask for any.

    Columns: statement, kind (pin, ban, together, apart, cap), students (ids), names, slot, slot_code, need, staff,
    staff_name, at_most, by_direction, made_at, made_by.
    """
    return store.read(
        """
        select st.id as statement, st.kind, st.students,
            (
                select list(
                    s.last_name || ' ' || s.first_name order by s.last_name collate fr, s.first_name collate fr, s.id
                )
                from student_named s where list_contains(st.students, s.id)
            ) as names,
            st.slot, sl.code as slot_code, st.need, st.staff, trim(a.title || ' ' || a.last_name) as staff_name,
            st.at_most, st.by_direction, st.made_at, st.made_by
        from statement st left join slot sl on sl.id = st.slot left join staff a on a.id = st.staff
        where st.band = $band and st.ended_at is null and $allowed and ($secret or not st.by_direction)
        order by st.id
        """,
        band=band,
        allowed=viewer.can(Action.CONSTRAIN),
        secret=viewer.can(Action.KEEP_APART),
    )
