"""One objective given to all the members of a group in one act."""

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from apdash.errors import ApdashError
from apdash.readable import checked_words
from apdash.rights import Viewer
from apdash.store.bulk import new_ids
from apdash.store.commands.follow_checks import check_leads, year_of_day
from apdash.store.commands.objectives import KEY, MOST, live_objectives, need_of
from apdash.store.commands.records import revise
from apdash.store.queries.periods import period_of
from apdash.store.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class Given:
    """What giving a group's objective to all did: how many received it, had it already, had three others."""

    given: int
    had: int
    full: int


def give_to_group(
    store: Store,
    viewer: Viewer,
    *,
    group: int,
    text: str,
    evidence: str = "",
    due_on: date | None = None,
    on: date,
    now: datetime,
) -> Given:
    """Give one objective to all the members of a group of the day, in one act.

    Who has it already this period, or has three others, is left as they are and counted.
    """
    words, seen_when = checked_words(text, least=3, what="objectif"), checked_words(evidence)
    with store.write() as tx:
        check_leads(tx, viewer, group=group)
        span = period_of(tx, year=year_of_day(tx, on), on=on)
        people = _members(tx, group=group, on=on)
        if people.is_empty():
            raise ApdashError("Groupe vide.", "Personne n’est dans ce groupe ce jour-là.")
        kept = live_objectives(tx, students=people["student"].to_list(), period=span["period"])
        had = kept.filter(text=words)["student"].unique()
        full = kept.group_by("student").len().filter(pl.col("len") >= MOST)["student"]
        left_out = had.to_list() + full.to_list()
        fresh = people.filter(~pl.col("student").is_in(left_out))
        rows = fresh.with_columns(
            id=new_ids(tx, count=fresh.height), year=pl.lit(span["year"]), period=pl.lit(span["period"]),
            need=pl.lit(need_of(tx, group)), ap_group=pl.lit(group), text=pl.lit(words), evidence=pl.lit(seen_when),
            set_on=pl.lit(on), due_on=pl.lit(due_on or span["ends_on"]), dropped=pl.lit(value=False),
        )  # fmt: skip
        revise(tx, "objective", KEY, rows, viewer=viewer, now=now)
    return Given(given=fresh.height, had=len(had), full=people.height - fresh.height - len(had))


def _members(tx: Transaction, *, group: int, on: date) -> pl.DataFrame:
    return tx.read(
        "select distinct student from membership where ap_group = $group and replaced_by is null "
        "and starts_on <= $on and (ends_on is null or ends_on >= $on) order by student",
        group=group,
        on=on,
    )
