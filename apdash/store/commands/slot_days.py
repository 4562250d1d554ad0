"""When slots meet: every week, in weeks A or B, or in blocks; and which weeks are A or B."""

from datetime import date, datetime

import polars as pl

from apdash.errors import ApdashError
from apdash.labels import day
from apdash.rights import Action, Viewer
from apdash.store.commands.planning import plan_sessions
from apdash.store.commands.session_checks import check_day, check_hour
from apdash.store.queries.calendar import week_letters
from apdash.store.store import Store, Transaction


def write_weeks(tx: Transaction, *, band: int, slots: pl.DataFrame) -> None:
    """Write the weeks of the slots of a band (code, weeks: null, A or B), when the column is there."""
    if "weeks" not in slots.columns:
        return
    if not slots["weeks"].drop_nulls().is_in(["A", "B"]).all():
        raise ApdashError("Semaines refusées.", "Un créneau est de toutes les semaines, des A, ou des B.")
    for code, weeks in slots.select("code", "weeks").iter_rows():
        tx.run(
            "update slot set weeks = $weeks where band = $band and code = $code",
            band=band,
            code=code,
            weeks=weeks,
        )


def write_blocks(tx: Transaction, *, band: int, blocks: pl.DataFrame | None) -> None:
    """Replace the days of the slots of a band that meet in blocks (code, on_day, starts_at, minutes).

    Raises `ApdashError` for an unknown code, a day twice, a day without class or an hour no school meets at.
    """
    if blocks is None:
        return
    known = dict(tx.read("select code, id from slot where band = $band order by code", band=band).iter_rows())
    tx.run("delete from slot_day where slot in (select id from slot where band = $band)", band=band)
    for row in blocks.iter_rows(named=True):
        if row["code"] not in known:
            raise ApdashError("Bloc refusé.", f"« {row['code']} » n’est pas un créneau de la bande.")
        check_day(tx, row["on_day"])
        check_hour(row["starts_at"], row["minutes"])
    if blocks.select("code", "on_day", "starts_at").is_duplicated().any():
        raise ApdashError("Bloc refusé.", "Un créneau se réunit deux fois le même jour à la même heure.")
    days = blocks.with_columns(slot=pl.col("code").replace_strict(known, return_dtype=pl.Int64))
    tx.insert("slot_day", days.select("slot", "on_day", "starts_at", "minutes"))


def set_week_letter(
    store: Store, viewer: Viewer, *, year: int, monday: date, letter: str | None, now: datetime
) -> None:
    """Say which letter a week of class has: the following ones alternate from it; None takes that back.

    Planned sessions follow. Raises `ApdashError` when there is no class that week.
    """
    viewer.require(Action.SET_UP)
    with store.write() as tx:
        if monday not in week_letters(tx, year=year)["monday"].to_list() or letter not in (None, "A", "B"):
            raise ApdashError("Semaine refusée.", f"Il n’y a pas cours la semaine du {day(monday)}.")
        tx.run("delete from week_letter where year = $year and monday = $monday", year=year, monday=monday)
        if letter is not None:
            row = {"year": [year], "monday": [monday], "letter": [letter]}
            tx.insert("week_letter", pl.DataFrame(row))
        plan_sessions(tx, viewer, year=year, now=now)
