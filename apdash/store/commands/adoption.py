"""Putting a proposal in force: one transaction, from a day on; what was before stays and can be brought back."""

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from apdash import labels
from apdash.errors import ApdashError
from apdash.reference import Reference
from apdash.rights import CONSOLE, Action, Viewer
from apdash.store.commands.acts import check_consistency, record_act, undo_act
from apdash.store.commands.group_names import name_groups
from apdash.store.commands.planning import plan_sessions
from apdash.store.commands.seats import write_memberships
from apdash.store.commands.versions import STAFF, STATES, carve, current_rows, replace_rows
from apdash.store.queries.bands import band_slots, first_meetings
from apdash.store.queries.proposals import Proposal, changes_underneath
from apdash.store.queries.proposals import proposal as proposal_row
from apdash.store.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class Adoption:
    """What an adoption did, groups by id. moved: memberships that change; without: students left in no group."""

    act: int
    opened: tuple[int, ...]
    kept: tuple[int, ...]
    closed: tuple[int, ...]
    moved: int
    without: int


def put_in_force(
    store: Store,
    viewer: Viewer,
    reference: Reference,
    *,
    proposal: int,
    now: datetime,
    effective_from: date | None = None,
) -> Adoption:
    """Make a published proposal the groups of its band from its day on (or another), in one act.

    A group of the same slot, need and adults goes on as the same group. Raises `ApdashError`, saying what changed,
    when the groups, needs, demands, students or calendar are no longer those it was computed on.
    """
    viewer.require(Action.CHANGE_GROUPS)
    with store.write() as tx:
        row = proposal_row(tx, CONSOLE, proposal=proposal)
        on = effective_from or row.effective_from
        _check_adoptable(tx, row, on=on)
        act = record_act(tx, viewer, kind="adopt", effective_on=on, now=now, band=row.band, proposal=proposal)
        wanted = _wanted_groups(tx, row)
        before = _open_groups(tx, band=row.band, on=on)
        matched = _matched(tx, reference, row, wanted=wanted, before=before)
        _write_groups(tx, act, matched, before=before, on=on, last=_last_day(tx, band=row.band))
        moved, without = write_memberships(tx, act, row, matched, before=before, on=on)
        tx.run(
            """
            update proposal set state = 'in_force', effective_from = $on, decided_at = $now, decided_by = $login
            where id = $proposal
            """,
            on=on,
            now=now,
            login=viewer.login,
            proposal=proposal,
        )
        check_consistency(tx)
        plan_sessions(tx, viewer, band=row.band, now=now)
    kept = set(matched.filter(~pl.col("fresh"))["ap_group"])
    return Adoption(
        act=act,
        opened=tuple(matched.filter("fresh")["ap_group"]),
        kept=tuple(sorted(kept)),
        closed=tuple(sorted(set(before["ap_group"]) - kept)),
        moved=moved,
        without=without,
    )


def bring_back(store: Store, viewer: Viewer, *, proposal: int, now: datetime) -> int:
    """Bring back the composition before a proposal was put in force; return the undoing act.

    Raises `ApdashError` naming the later acts that rest on it.
    """
    viewer.require(Action.CHANGE_GROUPS)
    acts = store.read(
        "select id from act where proposal = $proposal and kind = 'adopt' order by id desc limit 1",
        proposal=proposal,
    )
    if acts.is_empty():
        raise ApdashError("Rien à reprendre.", "Cette proposition n’a pas été mise en vigueur.")
    return undo_act(store, viewer, act=int(acts.item()), now=now)


def _check_adoptable(tx: Transaction, row: Proposal, *, on: date) -> None:
    if row.state != "published":
        raise ApdashError(
            "Mise en vigueur impossible.",
            f"La proposition est {labels.PROPOSAL_STATES[row.state]} : elle est d’abord validée par la direction, "
            "puis publiée.",
        )
    stale = changes_underneath(tx, proposal=row, effective_from=on)
    if stale:
        raise ApdashError(
            "La situation a changé.",
            f"Depuis le calcul, {labels.listed(stale)}. Relancez le calcul : rien n’a été modifié.",
        )


def _wanted_groups(tx: Transaction, row: Proposal) -> pl.DataFrame:
    """Return the groups of the solution: place, slot, need, staff (ids, sorted), room, students."""
    slots = dict(band_slots(tx, band=row.band).select("code", "slot").iter_rows())
    rooms = dict(tx.read("select code, id from room order by id").iter_rows())
    entries = {entry["id"]: entry.get("members", [entry["id"]]) for entry in row.problem["staff"]}
    return pl.DataFrame(
        [
            {
                "place": place,
                "slot": slots[group["slot"]],
                "need": group["need"],
                "staff": sorted(int(member) for member in entries[group["staff"]]),
                "room": rooms.get(group.get("room")),
                "students": [int(student) for student in group["students"]],
            }
            for place, group in enumerate(row.solution["groups"])
        ],
        schema={
            "place": pl.Int64, "slot": pl.Int64, "need": pl.String, "staff": pl.List(pl.Int64), "room": pl.Int64,
            "students": pl.List(pl.Int64),
        },
    )  # fmt: skip


def _last_day(tx: Transaction, *, band: int) -> date | None:
    """Return the last day of the band's school year: no group outlives it, though its members' rows stay open."""
    rows = tx.read(
        "select y.ends_on from band b join school_year y on y.year = b.year where b.id = $band", band=band
    )
    return rows.item() if rows.height else None


def _open_groups(tx: Transaction, *, band: int, on: date) -> pl.DataFrame:
    """Return the groups open on a day or due to open later, with the adults of their first meeting, sorted."""
    firsts = first_meetings(tx, band=band, on=on)
    return tx.read(
        """
        with firsts as (select unnest($slots::bigint[]) as slot, unnest($days::date[]) as on_day)
        select g.id as ap_group, g.slot, g.need, coalesce((
                select list(gs.staff order by gs.staff) from group_staff gs
                where gs.ap_group = g.id and gs.replaced_by is null
                    and gs.starts_on <= coalesce(any_value(f.on_day), $on)
                    and (gs.ends_on is null or gs.ends_on >= coalesce(any_value(f.on_day), $on))
            ), []) as staff,
            bool_or(s.starts_on <= $on) as open
        from group_state s join ap_group g on g.id = s.ap_group left join firsts f on f.slot = g.slot
        where g.band = $band and s.replaced_by is null and (s.ends_on is null or s.ends_on >= $on)
        group by g.id, g.slot, g.need
        order by g.id
        """,
        band=band,
        on=on,
        slots=list(firsts),
        days=list(firsts.values()),
    )


def _matched(
    tx: Transaction, reference: Reference, row: Proposal, *, wanted: pl.DataFrame, before: pl.DataFrame
) -> pl.DataFrame:
    """Return the wanted groups with their ap_group, created when no present one has the same slot, need and adults."""
    key = pl.col("staff").cast(pl.List(pl.String)).list.join("+").alias("adults")
    same = before.filter("open").with_columns(key).select("slot", "need", "adults", "ap_group")
    known = wanted.with_columns(key).join(
        same, on=["slot", "need", "adults"], how="left", maintain_order="left"
    )
    known = known.with_columns(fresh=pl.col("ap_group").is_null()).drop("adults")
    created = name_groups(
        tx, reference, band=row.band, fresh=known.filter("fresh"), kept=known.filter(~pl.col("fresh"))
    )
    tx.insert("ap_group", created.drop("place"))
    ids = created.select("place", made="id")
    return (
        known.join(ids, on="place", how="left", maintain_order="left")
        .with_columns(ap_group=pl.coalesce("ap_group", "made"))
        .drop("made")
    )


def _write_groups(
    tx: Transaction, act: int, matched: pl.DataFrame, *, before: pl.DataFrame, on: date, last: date | None
) -> None:
    """Close the groups that stop, open the new ones, seat the others in their room, from a day on."""
    stopped = before.join(matched, on="ap_group", how="anti")["ap_group"].to_list()
    for table in (STATES, STAFF):
        rows = current_rows(tx, table, groups=stopped)
        replace_rows(tx, table, act=act, old=rows, new=carve(rows, first=on, last=None))
    fresh = matched.filter("fresh")
    states = fresh.select("ap_group", "room").with_columns(
        starts_on=pl.lit(on),
        ends_on=pl.lit(last, pl.Date),
        suspended=pl.lit(False),
        merged_into=pl.lit(None, pl.Int64),
    )
    replace_rows(tx, STATES, act=act, old=states.clear(), new=states)
    adults = fresh.select("ap_group", "staff").explode("staff").drop_nulls("staff")
    staff = adults.with_columns(starts_on=pl.lit(on), ends_on=pl.lit(None, pl.Date))
    replace_rows(tx, STAFF, act=act, old=staff.clear(), new=staff)
    _go_on(tx, act, matched.filter(~pl.col("fresh")), on=on, last=last)


def _go_on(tx: Transaction, act: int, kept: pl.DataFrame, *, on: date, last: date | None) -> None:
    """Kept groups sit in the room of the proposal, on their own whatever merger was planned, to the end of the year."""
    rows = current_rows(tx, STATES, groups=kept["ap_group"].to_list())
    rooms = kept.select("ap_group", seat="room")
    after = rows.join(rooms, on="ap_group", how="left", maintain_order="left").with_columns(
        new_room=pl.coalesce("seat", "room")
    )
    differs = pl.col("merged_into").is_not_null() | ~pl.col("new_room").eq_missing(pl.col("room"))
    live = pl.col("ends_on").is_null() | (pl.col("ends_on") >= on)
    touched = after.filter(live & differs)
    inside = {"room": pl.col("new_room"), "merged_into": pl.lit(None, pl.Int64)}
    columns = list(STATES.columns)
    changed = carve(touched, first=on, last=None, inside=inside).select(columns)
    new = pl.concat([after.filter(~(live & differs)).select(columns), changed], how="vertical_relaxed")
    latest = pl.col("starts_on") == pl.col("starts_on").max().over("ap_group")
    new = new.with_columns(ends_on=pl.when(latest).then(pl.lit(last, pl.Date)).otherwise("ends_on"))
    replace_rows(tx, STATES, act=act, old=rows, new=new)
