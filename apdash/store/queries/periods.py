"""The period a day belongs to."""

from datetime import date
from typing import Any

from apdash.errors import ApdashError
from apdash.store.store import Store, Transaction


def period_of(
    reader: Store | Transaction, *, year: int, on: date, period: int | None = None
) -> dict[str, Any]:
    """Return a period of a year: period, year, code, label, starts_on, ends_on; by default the one of a day.

    Between two periods it is the next one, after the last the last. Raises `ApdashError` when there is none.
    """
    found = reader.read(
        """
        select id as period, year, code, label, starts_on, ends_on from period
        where year = $year and ($period::bigint is null or id = $period::bigint)
        order by ends_on < $on, case when ends_on < $on then date '9999-12-31' - ends_on else ends_on - $on end
        limit 1
        """,
        year=year,
        on=on,
        period=period,
    )
    if found.is_empty():
        raise ApdashError("Aucune période.", "Les périodes de l’année se saisissent dans les réglages.")
    return found.row(0, named=True)
