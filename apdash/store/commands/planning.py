"""Plans the sessions of groups from their slots and the calendar; what was held or decided by hand is left alone.

Called by every command that changes groups, slots or holidays, inside its transaction: the plan is never behind.
"""

from datetime import date, datetime

import polars as pl

from apdash.rights import Viewer
from apdash.store.bulk import new_ids
from apdash.store.commands.records import retire, revise
from apdash.store.commands.session_rows import follow_hosts
from apdash.store.queries.calendar import slot_meetings
from apdash.store.store import Transaction

KEY = ("ap_group", "slot", "planned_on", "starts_at")
SUSPENDED = "SUSP"
_SAID = ("on_day", "starts_at", "minutes", "room", "state", "joins", "why")


def plan_sessions(
    tx: Transaction, viewer: Viewer, *, now: datetime, year: int | None = None, band: int | None = None
) -> int:
    """Bring the planned sessions of a band, or of all those of a year, in line with groups and calendar.

    A suspended group's sessions are not held; those of a merged one join the other's. Whatever was held, called,
    written about or decided by hand stays as it is, even on a day that has become a holiday. Returns how many
    sessions were added, changed or taken away.
    """
    years = (
        [year] if year is not None else tx.read("select year from band where id = $band", band=band)["year"]
    )
    return sum(_plan_year(tx, viewer, year=one, band=band, now=now) for one in years)


def _plan_year(tx: Transaction, viewer: Viewer, *, year: int, band: int | None, now: datetime) -> int:
    span = tx.read("select starts_on, ends_on from school_year where year = $year", year=year)
    if span.is_empty():
        return 0
    first, last = span.row(0)
    known = _known(tx, year=year, band=band)
    wanted = _wanted(tx, known, year=year, band=band, first=first, last=last)
    wanted = _joined(wanted, known)
    new = wanted.filter("fresh")
    free = known.filter("free")
    changed = (
        wanted.filter(~pl.col("fresh"))
        .join(free.select("id", was=pl.struct(_SAID)), on="id")
        .filter(pl.col("was").ne_missing(pl.struct(_SAID)))
    )
    gone = free.join(wanted, on="id", how="anti")
    columns = ["id", "ap_group", "slot", "planned_on", *_SAID]
    revise(
        tx,
        "session",
        ("id",),
        pl.concat([new, changed], how="diagonal").select(columns),
        viewer=viewer,
        now=now,
    )
    retire(tx, "session", ("id",), gone, now=now)
    follow_hosts(tx, viewer, now=now)
    return new.height + changed.height + gone.height


def _known(tx: Transaction, *, year: int, band: int | None) -> pl.DataFrame:
    """Return the current sessions made from slots: the columns of the table, and free (planning may change it)."""
    return tx.read(
        """
        select s.id, s.ap_group, s.slot, s.planned_on, s.on_day, s.starts_at, s.minutes, s.room,
            s.state::varchar as state, s.joins, s.why,
            not s.by_hand and coalesce(h.state, s.state) <> 'held' and s.done = '' and not exists (
                select 1 from attendance a where a.session = coalesce(s.joins, s.id) and a.replaced_at is null
            ) as free
        from session s
        left join session h on h.id = s.joins and h.replaced_at is null
        join ap_group g on g.id = s.ap_group
        join band b on b.id = g.band
        where s.replaced_at is null and s.planned_on is not null and b.year = $year
            and ($band::bigint is null or b.id = $band::bigint)
        order by s.id
        """,
        year=year,
        band=band,
    )


def _wanted(
    tx: Transaction, known: pl.DataFrame, *, year: int, band: int | None, first: date, last: date
) -> pl.DataFrame:
    """Return a session for each meeting of each open group, with its id: the one it has, or a fresh one."""
    days = slot_meetings(tx, year=year, band=band, first=first, last=last)
    groups = tx.read(
        """
        select g.id as ap_group, g.slot, st.starts_on as opens, coalesce(st.ends_on, $last) as closes, st.room,
            st.suspended, st.merged_into
        from group_state st
        join ap_group g on g.id = st.ap_group
        join band b on b.id = g.band
        where st.replaced_by is null and b.year = $year and ($band::bigint is null or b.id = $band::bigint)
        """,
        year=year,
        band=band,
        last=last,
    )
    wanted = (
        groups.join(days.drop("band"), on="slot")
        .filter(pl.col("on").is_between("opens", "closes"))
        .select(
            "ap_group",
            "slot",
            "starts_at",
            "minutes",
            "room",
            "merged_into",
            planned_on="on",
            on_day="on",
            state=pl.when("suspended").then(pl.lit("not_held")).otherwise(pl.lit("planned")),
            why=pl.when("suspended").then(pl.lit(SUSPENDED)).otherwise(pl.lit("")),
        )
        .sort("planned_on", "starts_at", "ap_group")
    )
    return _numbered(tx, wanted, known)


def _numbered(tx: Transaction, wanted: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the wanted sessions with the id of the one that was planned for the same meeting, else a new one.

    Meetings of a group on one day are matched in the order they were planned, so that a change of hour keeps them.
    """
    rank = pl.int_range(pl.len()).over("ap_group", "slot", "planned_on")
    place = ["ap_group", "slot", "planned_on", "rank"]
    held = known.sort("id").with_columns(rank=rank).select(*place, "id", "free")
    found = wanted.with_columns(rank=rank).join(held, on=place, how="left")
    fresh = found.filter(pl.col("id").is_null())
    ids = new_ids(tx, count=fresh.height)
    return pl.concat(
        [
            found.filter(pl.col("id").is_not_null()).with_columns(fresh=pl.lit(value=False)),
            fresh.with_columns(id=ids, fresh=pl.lit(value=True)),
        ],
        how="vertical_relaxed",
    ).drop("rank")


def _joined(wanted: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the sessions with `joins`: for a merged group, the session of the other at the same hour.

    When somebody decided that the other one joins a third, all meet there.
    """
    decided = known.filter(~pl.col("free")).select("id", beyond="joins")
    hosts = wanted.join(decided, on="id", how="left").select(
        "planned_on", "starts_at", merged_into="ap_group", joins=pl.coalesce("beyond", "id")
    )
    return wanted.join(hosts, on=["planned_on", "starts_at", "merged_into"], how="left").sort("id")
