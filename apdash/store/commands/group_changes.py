"""Single acts on groups: replace or add an adult, suspend, merge until a date, prolong, change room. All dated."""

from datetime import date, datetime
from typing import Any

import polars as pl

from apdash import labels
from apdash.errors import ApdashError
from apdash.reference import Reference
from apdash.rights import CONSOLE, Action, Viewer
from apdash.store.commands.acts import record_act
from apdash.store.commands.planning import plan_sessions
from apdash.store.commands.versions import STAFF, STATES, Versioned, carve, current_rows, replace_rows
from apdash.store.queries.groups import groups_in_force
from apdash.store.store import Store, Transaction


def replace_staff(
    store: Store,
    viewer: Viewer,
    *,
    group: int,
    leaving: int,
    coming: int,
    on: date,
    now: datetime,
    until: date | None = None,
    reason: str = "INT",
) -> int:
    """Put one adult in the place of another from a day on, or only until a date; return the act.

    Memberships and the time spent in the need are unbroken. Raises `ApdashError` when the leaving adult does not lead
    the group then, or the coming one leads another at the same hour.
    """
    viewer.require(Action.CHANGE_GROUPS)
    with store.write() as tx:
        _check_free(tx, group=group, staff=coming, first=on, last=until)
        rows = current_rows(tx, STAFF, groups=[group])
        theirs = rows.filter(pl.col("staff") == leaving)
        taken = carve(theirs, first=on, last=until, inside={"staff": pl.lit(coming)})
        if taken.equals(theirs):
            raise ApdashError(
                "Remplacement impossible.", "L’adulte à remplacer n’anime pas ce groupe à cette date."
            )
        act = _act(tx, viewer, kind="staff", group=group, on=on, now=now, reason=reason)
        replace_rows(tx, STAFF, act=act, old=theirs, new=taken)
    return act


def add_staff(
    store: Store,
    viewer: Viewer,
    *,
    group: int,
    staff: int,
    on: date,
    now: datetime,
    until: date | None = None,
) -> int:
    """Add an adult who co-leads a group from a day on; return the act."""
    viewer.require(Action.CHANGE_GROUPS)
    with store.write() as tx:
        _check_free(tx, group=group, staff=staff, first=on, last=until)
        rows = current_rows(tx, STAFF, groups=[group])
        new = pl.DataFrame(
            [{"ap_group": group, "staff": staff, "starts_on": on, "ends_on": until}], schema=rows.schema
        )
        act = _act(tx, viewer, kind="staff", group=group, on=on, now=now)
        replace_rows(tx, STAFF, act=act, old=rows.clear(), new=new)
    return act


def remove_staff(
    store: Store,
    viewer: Viewer,
    *,
    group: int,
    staff: int,
    on: date,
    now: datetime,
    until: date | None = None,
    reason: str = "INT",
) -> int:
    """Take an adult off a group from a day on, or only until a date; return the act."""
    viewer.require(Action.CHANGE_GROUPS)
    with store.write() as tx:
        theirs = current_rows(tx, STAFF, groups=[group]).filter(pl.col("staff") == staff)
        left = carve(theirs, first=on, last=until)
        if left.equals(theirs):
            raise ApdashError("Retrait impossible.", "Cet adulte n’anime pas ce groupe à cette date.")
        act = _act(tx, viewer, kind="staff", group=group, on=on, now=now, reason=reason)
        replace_rows(tx, STAFF, act=act, old=theirs, new=left)
    return act


def suspend_group(
    store: Store, viewer: Viewer, *, group: int, first: date, last: date, now: datetime, reason: str = "INT"
) -> int:
    """Suspend a group between two dates, both included: it comes back by itself; return the act."""
    viewer.require(Action.CHANGE_GROUPS)
    with store.write() as tx:
        return _change_states(
            tx, viewer, kind="suspend", group=group, first=first, last=last, now=now, reason=reason,
            inside={"suspended": pl.lit(True)},
        )  # fmt: skip


def merge_groups(
    store: Store,
    viewer: Viewer,
    reference: Reference,
    *,
    group: int,
    into: int,
    first: date,
    last: date,
    now: datetime,
    reason: str = "PFMP",
    acknowledged: bool = False,
) -> int:
    """Seat a group in another between two dates, both included: the merger ends by itself; return the act.

    Memberships are untouched. Raises `ApdashError` when the two are not open at the same slot all that time, or when
    they would be too many and `acknowledged` is false.
    """
    viewer.require(Action.CHANGE_GROUPS)
    with store.write() as tx:
        words = _merge_words(tx, reference, group=group, into=into, first=first, last=last)
        if words and not acknowledged:
            raise ApdashError("À confirmer.", words)
        return _change_states(
            tx, viewer, kind="merge", group=group, first=first, last=last, now=now, reason=reason,
            inside={"merged_into": pl.lit(into)},
        )  # fmt: skip


def change_room(
    store: Store, viewer: Viewer, *, group: int, room: int | None, on: date, now: datetime
) -> int:
    """Move a group to another room from a day on; return the act."""
    viewer.require(Action.CHANGE_GROUPS)
    with store.write() as tx:
        if room is not None and tx.read("select 1 as x from room where id = $room", room=room).is_empty():
            raise ApdashError("Salle inconnue.", "Elle n’existe pas ou plus : rechargez la page.")
        inside = {"room": pl.lit(room, dtype=pl.Int64)}
        return _change_states(
            tx, viewer, kind="staff", group=group, first=on, last=None, now=now, reason="", inside=inside
        )


def prolong_groups(store: Store, viewer: Viewer, *, band: int, on: date, until: date, now: datetime) -> int:
    """Record that the groups of a band go on until a date, and give those that would end sooner that end.

    Memberships are untouched, and so is a group without an end. Returns the act.
    """
    viewer.require(Action.CHANGE_GROUPS)
    with store.write() as tx:
        open_now = groups_in_force(tx, CONSOLE, on=on, band=band)["ap_group"].to_list()
        if not open_now:
            raise ApdashError(
                "Aucun groupe à prolonger.", f"La bande n’a aucun groupe ouvert le {labels.day(on)}."
            )
        rows = current_rows(tx, STATES, groups=open_now)
        last = pl.col("starts_on") == pl.col("starts_on").max().over("ap_group")
        short = pl.col("ends_on").is_not_null() & (pl.col("ends_on") < until)
        new = rows.with_columns(
            ends_on=pl.when(last & short).then(pl.lit(until)).otherwise(pl.col("ends_on"))
        )
        act = record_act(
            tx,
            viewer,
            kind="prolong",
            effective_on=on,
            now=now,
            band=band,
            words=f"Jusqu’au {labels.day(until)}.",
        )
        replace_rows(tx, STATES, act=act, old=rows, new=new)
        plan_sessions(tx, viewer, band=band, now=now)
    return act


def _act(
    tx: Transaction, viewer: Viewer, *, kind: str, group: int, on: date, now: datetime, reason: str = ""
) -> int:
    return record_act(tx, viewer, kind=kind, effective_on=on, now=now, band=_band(tx, group), reason=reason)


def _band(tx: Transaction, group: int) -> int:
    rows = tx.read("select band from ap_group where id = $group", group=group)
    if rows.is_empty():
        raise ApdashError("Groupe inconnu.", "Il n’existe pas ou plus : rechargez la page.")
    return int(rows.item())


def _change_states(
    tx: Transaction,
    viewer: Viewer,
    *,
    kind: str,
    group: int,
    first: date,
    last: date | None,
    now: datetime,
    reason: str,
    inside: dict[str, Any],
) -> int:
    """Change what is said of a group between two dates; raises `ApdashError` when it is not open then."""
    if last is not None and last < first:
        raise ApdashError("Dates inversées.", "La fin vient avant le début.")
    table: Versioned = STATES
    rows = current_rows(tx, table, groups=[group])
    changed = carve(rows, first=first, last=last, inside=inside)
    if changed.equals(rows):
        raise ApdashError("Rien à changer.", "Le groupe n’est pas ouvert à ces dates, ou l’est déjà ainsi.")
    act = _act(tx, viewer, kind=kind, group=group, on=first, now=now, reason=reason)
    replace_rows(tx, table, act=act, old=rows, new=changed)
    plan_sessions(tx, viewer, band=_band(tx, group), now=now)
    return act


def _merge_words(
    tx: Transaction, reference: Reference, *, group: int, into: int, first: date, last: date
) -> str:
    """Return what is to be confirmed before a merger; raise `ApdashError` when it cannot be."""
    sizes = []
    for on in (first, last):
        rows = groups_in_force(tx, CONSOLE, on=on).filter(pl.col("ap_group").is_in([group, into]))
        usable = rows.filter(~pl.col("suspended") & pl.col("merged_into").is_null())
        if group == into or usable.height < 2 or usable["slot"].n_unique() != 1:
            raise ApdashError(
                "Fusion impossible.",
                f"Deux groupes du même créneau, ouverts et non fusionnés le {labels.day(on)}, sont attendus.",
            )
        sizes.append(usable["size"].sum() - usable["away"].sum())
    row = usable.filter(pl.col("ap_group") == into).row(0, named=True)
    most = reference.needs.filter(pl.col("code") == row["need"])["max_size"].item()
    size, found = max(sizes), []
    if size > most:
        found.append(f"Ils seraient {size} présents dans {row['code']}, pour {most} au plus.")
    if row["capacity"] is not None and size > row["capacity"]:
        found.append(f"La salle {row['room_code']} tient {row['capacity']} élèves.")
    return " ".join(found)


def _check_free(tx: Transaction, *, group: int, staff: int, first: date, last: date | None) -> None:
    """Raise `ApdashError` when an adult leads another group at the same hour in that time."""
    if tx.read("select 1 as x from staff where id = $staff and ends_on is null", staff=staff).is_empty():
        raise ApdashError("Adulte inconnu.", "Il n’est pas, ou n’est plus, dans l’établissement.")
    busy = tx.read(
        """
        select g.code, gs.ap_group = $group as here
        from group_staff gs
        join ap_group g on g.id = gs.ap_group
        join slot sl on sl.id = g.slot
        join slot mine on mine.id = (select slot from ap_group where id = $group)
        join group_state st on st.ap_group = gs.ap_group and st.replaced_by is null
            and not st.suspended and st.merged_into is null
        where gs.staff = $staff and gs.replaced_by is null and sl.day = mine.day
            and sl.starts_at < mine.starts_at + to_minutes(mine.minutes)
            and mine.starts_at < sl.starts_at + to_minutes(sl.minutes)
            and greatest(gs.starts_on, st.starts_on, $first) <= least(
                coalesce(gs.ends_on, date '9999-12-31'), coalesce(st.ends_on, date '9999-12-31'),
                coalesce($last::date, date '9999-12-31')
            )
        order by g.code
        limit 1
        """,
        staff=staff,
        group=group,
        first=first,
        last=last,
    )
    if busy.height:
        code, here = busy.row(0)
        words = "anime déjà ce groupe" if here else f"anime déjà {code} à la même heure"
        raise ApdashError("Adulte déjà pris.", f"Cet adulte {words}.")
