"""A whole year lived through the commands: every ledger recounted to the minute, and the past left as it was."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from apdash.hours import ledger, staff_ledger, with_axis
from apdash.rights import CONSOLE
from apdash.services import Services, open_services
from apdash.settings import Settings
from apdash.store.queries.hours import hour_places, led_hours
from tests.hours.lived import FIRST, LAST, Year
from tests.hours.recount import NAMES, Recount, recount
from tests.hours.simulated_year import live

END = datetime(2026, 7, 4)
STAFF_NAMES = ("planned", "held", "not_held", "untold", "left")


@dataclass
class Lived:
    """A year, and what the ledgers said at each moment when somebody looked."""

    services: Services
    year: Year
    seen: dict[datetime, dict[str, pl.DataFrame]]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """The year, lived once."""
    services = open_services(Settings(db=tmp_path_factory.mktemp("year") / Path("school.duckdb")))
    seen: dict[datetime, dict[str, pl.DataFrame]] = {}
    year = live(services, seed=3, look=lambda at: seen.update({at: ledgers(services, at, known_at=None)}))
    yield Lived(services, year, seen)
    services.store.close()


def ledgers(services: Services, at: datetime, *, known_at: datetime | None) -> dict[str, pl.DataFrame]:
    """Return every ledger of the year on the day of a moment."""
    span = {"first": FIRST, "last": LAST, "known_at": known_at}
    places = with_axis(hour_places(services.store, CONSOLE, **span), services.reference.needs)
    led, day = led_hours(services.store, CONSOLE, **span), at.date()
    found = {key: ledger(places, key, day=day) for key in ("student", "ap_group", "division", "axis")}
    return found | {"staff": staff_ledger(led, day=day)}


def minutes(frame: pl.DataFrame, key: str, names: tuple[str, ...]) -> dict:
    return {row[key]: {name: row[name] for name in names} for row in frame.to_dicts()}


def recounted(book: dict, names: tuple[str, ...]) -> dict:
    return {key: {name: line[name] for name in names} for key, line in book.items()}


def compare(found: dict[str, pl.DataFrame], again: Recount) -> None:
    assert minutes(found["student"], "student", NAMES) == recounted(again.student, NAMES)
    assert minutes(found["ap_group"], "ap_group", NAMES) == recounted(again.group, NAMES)
    assert minutes(found["division"], "division", NAMES) == recounted(again.division, NAMES)
    assert minutes(found["axis"], "axis", NAMES) == recounted(again.axis, NAMES)
    assert minutes(found["staff"], "staff", STAFF_NAMES) == recounted(again.staff, STAFF_NAMES)
    met = {row["ap_group"]: row["met"] for row in found["ap_group"].to_dicts() if row["met"]}
    assert met == dict(again.met)


def test_the_year_is_as_eventful_as_it_claims(lived: Lived) -> None:
    done = lived.year.done
    wanted = (
        "move",
        "suspend",
        "merge",
        "replace",
        "co_lead",
        "undo",
        "action",
        "correction",
        "by_hand",
        "welcome",
    )
    assert done["adoption"] == 10
    assert {what: done.get(what, 0) > 3 for what in wanted} == dict.fromkeys(wanted, True)
    assert (done["roster"], done["calendar"]) == (6, 3)
    assert done["called"] > 5000
    assert done["held"] > 500


def test_every_ledger_is_what_plain_python_counts_from_the_raw_rows(lived: Lived) -> None:
    axes = dict(lived.services.reference.needs.select("code", "axis").iter_rows())
    again = recount(lived.services.store, datetime(9999, 1, 1), day=END.date(), axes=axes)
    assert again.places > 6000
    compare(ledgers(lived.services, END, known_at=None), again)


@pytest.mark.parametrize("place", [4, 11])
def test_so_is_every_ledger_of_an_earlier_moment(lived: Lived, place: int) -> None:
    at = lived.year.moments[place]
    axes = dict(lived.services.reference.needs.select("code", "axis").iter_rows())
    compare(
        ledgers(lived.services, at, known_at=at), recount(lived.services.store, at, day=at.date(), axes=axes)
    )


def test_what_was_seen_at_any_moment_of_the_year_can_be_read_again_byte_for_byte(lived: Lived) -> None:
    assert len(lived.seen) > 12
    for at, before in lived.seen.items():
        now = ledgers(lived.services, at, known_at=at)
        told = {name: frame.write_csv() for name, frame in before.items()}
        assert {name: frame.write_csv() for name, frame in now.items()} == told, at


def test_the_parts_of_a_ledger_add_up(lived: Lived) -> None:
    for at, found in lived.seen.items():
        for name in ("student", "ap_group", "division", "axis"):
            wrong = found[name].filter(
                (pl.col("planned") != pl.sum_horizontal("held", "not_held", "untold", "left"))
                | (pl.col("held") != pl.sum_horizontal("attended", "missed", "uncalled"))
            )
            assert wrong.is_empty(), (at, name)
