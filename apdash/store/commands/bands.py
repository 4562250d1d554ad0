"""Setting up bands: divisions, slots, the adults and rooms of each slot, the needs adults agreed to lead."""

from datetime import datetime, time

import polars as pl

from apdash.calendar import WEEKDAYS
from apdash.errors import ApdashError
from apdash.reference import Reference
from apdash.rights import Action, Viewer
from apdash.store.commands.planning import plan_sessions
from apdash.store.commands.slot_days import write_blocks, write_weeks
from apdash.store.queries.bands import band as band_row
from apdash.store.store import Store, Transaction


def create_band(
    store: Store,
    viewer: Viewer,
    *,
    year: int,
    code: str,
    label: str,
    divisions: list[int],
    kind: str = "barrette",
    max_needs_open: int = 7,
    max_division_share: float = 0.6,
    max_periods: int = 3,
) -> int:
    """Create a band of divisions of one year and return its id; raises `ApdashError` when the code is taken."""
    viewer.require(Action.REGROUP)
    with store.write() as tx:
        if tx.read(
            "select 1 as x from band where year = $year and code = $code", year=year, code=code
        ).height:
            raise ApdashError("Bande déjà créée.", f"« {code} » existe déjà cette année.")
        _check_divisions(tx, divisions, year=year)
        created = tx.read("select nextval('ids') as id").item()
        row = {
            "id": created, "year": year, "code": code, "label": label, "kind": kind, "max_needs_open": max_needs_open,
            "max_division_share": max_division_share, "max_periods": max_periods,
        }  # fmt: skip
        tx.insert("band", pl.DataFrame([row]))
        _put_divisions(tx, created, divisions)
    return int(created)


def update_band(
    store: Store,
    viewer: Viewer,
    *,
    band: int,
    label: str,
    divisions: list[int],
    max_needs_open: int,
    max_division_share: float,
    max_periods: int,
) -> None:
    """Change the label, the divisions and the rules of a band; its groups are left as they are."""
    viewer.require(Action.REGROUP)
    with store.write() as tx:
        year = int(str(band_row(tx, band=band)["year"]))
        _check_divisions(tx, divisions, year=year)
        tx.run(
            """
            update band set label = $label, max_needs_open = $needs, max_division_share = $share, max_periods = $periods
            where id = $band
            """,
            band=band,
            label=label,
            needs=max_needs_open,
            share=max_division_share,
            periods=max_periods,
        )
        tx.run("delete from band_division where band = $band", band=band)
        _put_divisions(tx, band, divisions)


def add_slot(
    store: Store,
    viewer: Viewer,
    *,
    band: int,
    code: str,
    day: str,
    starts_at: time,
    minutes: int = 55,
    max_groups: int | None = None,
) -> int:
    """Add a weekly hour to a band and return its id. day: lundi to samedi."""
    viewer.require(Action.REGROUP)
    if day not in WEEKDAYS:
        raise ApdashError("Jour inconnu.", f"« {day} » n’est pas un jour de classe : {', '.join(WEEKDAYS)}.")
    with store.write() as tx:
        band_row(tx, band=band)
        if tx.read(
            "select 1 as x from slot where band = $band and code = $code", band=band, code=code
        ).height:
            raise ApdashError("Créneau déjà créé.", f"« {code} » existe déjà dans cette bande.")
        created = tx.read("select nextval('ids') as id").item()
        row = {
            "id": created, "band": band, "code": code, "day": day, "starts_at": starts_at, "minutes": minutes,
            "max_groups": max_groups,
        }  # fmt: skip
        tx.insert("slot", pl.DataFrame([row], schema_overrides={"max_groups": pl.Int64}))
    return int(created)


def set_slots(
    store: Store,
    viewer: Viewer,
    *,
    band: int,
    slots: pl.DataFrame,
    now: datetime,
    blocks: pl.DataFrame | None = None,
) -> None:
    """Replace the hours of a band (code, day, starts_at, minutes, weeks); a code already there keeps its identity.

    weeks: null for every week, A or B; the column may be left out. blocks: the days of the slots that meet in blocks
    (code, on_day, starts_at, minutes), None to leave them as they are. Planned sessions follow; those held or moved by
    hand stay. Raises `ApdashError` when a code stands twice, or when a slot that has had groups would disappear.
    """
    viewer.require(Action.REGROUP)
    if slots["code"].is_duplicated().any():
        raise ApdashError("Créneaux refusés.", "Deux créneaux portent le même code.")
    with store.write() as tx:
        band_row(tx, band=band)
        _drop_slots(tx, band, kept=slots["code"].to_list())
        for row in slots.select("code", "day", "starts_at", "minutes").to_dicts():
            tx.run(
                "insert into slot (band, code, day, starts_at, minutes) "
                "values ($band, $code, $day, $starts_at, $minutes) on conflict (band, code) do update "
                "set day = excluded.day, starts_at = excluded.starts_at, minutes = excluded.minutes",
                band=band,
                **row,
            )
        write_weeks(tx, band=band, slots=slots)
        write_blocks(tx, band=band, blocks=blocks)
        plan_sessions(tx, viewer, band=band, now=now)


def _drop_slots(tx: Transaction, band: int, *, kept: list[str]) -> None:
    gone = tx.read(
        "select id, code, exists (select 1 from ap_group g where g.slot = slot.id) as used "
        "from slot where band = $band and not list_contains($kept, code) order by code",
        band=band,
        kept=kept,
    )
    used = gone.filter(pl.col("used"))
    if used.height:
        words = f"« {used['code'][0]} » a eu des groupes : il garde leur histoire et ne peut pas disparaître."
        raise ApdashError("Créneau gardé.", words)
    for slot in gone["id"].to_list():
        for table in ("band_staff", "band_room", "slot_day"):
            tx.run(f"delete from {table} where slot = $slot", slot=slot)
        tx.run("delete from slot where id = $slot", slot=slot)


def limit_slot(store: Store, viewer: Viewer, *, slot: int, max_groups: int | None) -> None:
    """Set how many groups may be open at a slot; None lifts the limit."""
    viewer.require(Action.REGROUP)
    with store.write() as tx:
        _check_slot(tx, slot)
        tx.run("update slot set max_groups = $most where id = $slot", most=max_groups, slot=slot)


def set_slot_staff(store: Store, viewer: Viewer, *, slot: int, staff: pl.DataFrame) -> None:
    """Replace the adults free at a slot. staff: staff, cost (points a group), max_groups (null: no limit)."""
    viewer.require(Action.REGROUP)
    with store.write() as tx:
        _check_slot(tx, slot)
        check_staff(tx, staff["staff"].to_list())
        tx.run("delete from band_staff where slot = $slot", slot=slot)
        rows = staff.select("staff", "max_groups", "cost").with_columns(slot=pl.lit(slot))
        tx.insert("band_staff", rows)


def set_slot_rooms(store: Store, viewer: Viewer, *, slot: int, rooms: list[int]) -> None:
    """Replace the rooms kept for a slot; none at all means that rooms do not limit."""
    viewer.require(Action.REGROUP)
    with store.write() as tx:
        _check_slot(tx, slot)
        known = tx.read("select id from room")["id"].to_list()
        if set(rooms) - set(known):
            raise ApdashError("Salle inconnue.", "Elle n’existe pas ou plus : rechargez la page.")
        tx.run("delete from band_room where slot = $slot", slot=slot)
        tx.insert("band_room", pl.DataFrame({"slot": [slot] * len(rooms), "room": rooms}))


def set_staff_needs(
    store: Store, viewer: Viewer, reference: Reference, *, staff: int, needs: list[str]
) -> None:
    """Replace the needs an adult has agreed to lead."""
    viewer.require(Action.REGROUP)
    check_needs(reference, needs)
    with store.write() as tx:
        check_staff(tx, [staff])
        tx.run("delete from staff_need where staff = $staff", staff=staff)
        tx.insert("staff_need", pl.DataFrame({"staff": [staff] * len(needs), "need": needs}))


def check_needs(reference: Reference, needs: list[str]) -> None:
    """Raise `ApdashError` when one of these is no need of the reference data."""
    unknown = [need for need in needs if need not in reference.needs["code"].to_list()]
    if unknown:
        raise ApdashError("Besoin inconnu.", f"« {unknown[0]} » n’est pas dans les données de référence.")


def _check_divisions(tx: Transaction, divisions: list[int], *, year: int) -> None:
    known = tx.read("select id from division where year = $year", year=year)["id"].to_list()
    if not divisions or set(divisions) - set(known):
        raise ApdashError(
            "Divisions refusées.", "Une bande réunit au moins une division de l’année, connue d’APdash."
        )


def _put_divisions(tx: Transaction, band: int, divisions: list[int]) -> None:
    tx.insert("band_division", pl.DataFrame({"band": [band] * len(divisions), "division": divisions}))


def _check_slot(tx: Transaction, slot: int) -> None:
    if tx.read("select 1 as x from slot where id = $slot", slot=slot).is_empty():
        raise ApdashError("Créneau inconnu.", "Il n’existe pas ou plus : rechargez la page.")


def check_staff(tx: Transaction, staff: list[int]) -> None:
    """Raise `ApdashError` when one of these is no adult of the school, or no longer."""
    known = tx.read("select id from staff where ends_on is null")["id"].to_list()
    if set(staff) - set(known):
        raise ApdashError("Adulte inconnu.", "Il n’est pas, ou n’est plus, dans l’établissement.")
