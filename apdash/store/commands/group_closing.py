"""Closing one group from a day on: its students are left without a group at that hour, until each is placed."""

from datetime import date, datetime

from apdash.errors import ApdashError
from apdash.labels import day
from apdash.reference import Reference
from apdash.rights import CONSOLE, Action, Viewer
from apdash.store.commands.acts import check_consistency, record_act
from apdash.store.commands.groups import check_reason
from apdash.store.commands.planning import plan_sessions
from apdash.store.commands.versions import (
    MEMBERSHIPS,
    STAFF,
    STATES,
    carve,
    closed,
    current_rows,
    replace_rows,
)
from apdash.store.queries.groups import groups_in_force
from apdash.store.store import Store


def close_group(
    store: Store, viewer: Viewer, reference: Reference, *, group: int, on: date, reason: str, now: datetime
) -> int:
    """End a group from a day on, with its memberships and its adults' service; return the act.

    Raises `ApdashError` when it is not open that day, or when another group sits in it then or later.
    """
    viewer.require(Action.CHANGE_GROUPS)
    check_reason(reference, reason)
    with store.write() as tx:
        rows = groups_in_force(tx, CONSOLE, on=on).filter(ap_group=group)
        if rows.is_empty():
            raise ApdashError("Rien à fermer.", f"Le groupe n’est pas ouvert le {day(on)}.")
        guests = tx.read(
            "select 1 as x from group_state where merged_into = $group and replaced_by is null "
            "and coalesce(ends_on, date '9999-12-31') >= $on",
            group=group,
            on=on,
        )
        if guests.height:
            raise ApdashError("Fermeture impossible.", "Un autre groupe y est réuni : séparez-les d’abord.")
        band = int(rows["band"].item())
        act = record_act(
            tx, viewer, kind="suspend", effective_on=on, now=now, band=band, reason=reason, words="Groupe fermé."
        )  # fmt: skip
        for table in (STATES, STAFF):
            had = current_rows(tx, table, groups=[group])
            replace_rows(tx, table, act=act, old=had, new=carve(had, first=on, last=None))
        seats = current_rows(tx, MEMBERSHIPS, groups=[group])
        replace_rows(tx, MEMBERSHIPS, act=act, old=seats, new=closed(seats, on=on, reason=reason))
        check_consistency(tx)
        plan_sessions(tx, viewer, band=band, now=now)
    return act
