"""The adults of a band in one go: the slots they are free at, the needs they agree to lead."""

import polars as pl

from apdash.errors import ApdashError
from apdash.reference import Reference
from apdash.rights import Action, Viewer
from apdash.store.commands.bands import check_needs, check_staff
from apdash.store.store import Store, Transaction

FREE = {"slot": pl.Int64, "staff": pl.Int64, "ticked": pl.Boolean}
LED = {"staff": pl.Int64, "need": pl.String, "ticked": pl.Boolean}


def tick_adults(
    store: Store, viewer: Viewer, reference: Reference, *, free: pl.DataFrame, led: pl.DataFrame
) -> None:
    """Tick and untick adults at slots and for needs, all of it or nothing; what is not named stays.

    free: as FREE; led: as LED; one row per box changed. Costs and limits already set at a slot stay. Raises
    `ApdashError` for an adult, a slot or a need that is unknown.
    """
    viewer.require(Action.REGROUP)
    check_needs(reference, led["need"].to_list())
    with store.write() as tx:
        check_staff(tx, [*free["staff"].to_list(), *led["staff"].to_list()])
        known = tx.read("select id from slot order by id")["id"].to_list()
        if set(free["slot"].to_list()) - set(known):
            raise ApdashError("Créneau inconnu.", "Il n’existe pas ou plus : rechargez la page.")
        _tick(tx, "band_staff", "slot", free)
        _tick(tx, "staff_need", "need", led)


def _tick(tx: Transaction, table: str, what: str, boxes: pl.DataFrame) -> None:
    for row in boxes.select("staff", what, "ticked").to_dicts():
        place = {"staff": row["staff"], "what": row[what]}
        if row["ticked"]:
            tx.run(
                f"insert into {table} (staff, {what}) values ($staff, $what) on conflict do nothing", **place
            )
        else:
            tx.run(f"delete from {table} where staff = $staff and {what} = $what", **place)
