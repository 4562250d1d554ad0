"""Setting the calendar: what is refused, and that a list set twice is the same list."""

from datetime import date, datetime

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.rights import CONSOLE, Role, Viewer
from apdash.services import Services
from apdash.store.commands import calendar as commands
from apdash.store.queries import calendar as queries

AT = datetime(2026, 9, 4, 9, 0)
TEACHER = Viewer(login="t", name="T", role=Role.TEACHER)


def spans(*rows: tuple) -> pl.DataFrame:
    columns = ("code", "label", "starts_on", "ends_on")
    return pl.DataFrame(
        [dict(zip(columns, row, strict=True)) for row in rows],
        schema={"code": pl.String, "label": pl.String, "starts_on": pl.Date, "ends_on": pl.Date},
    )


P0 = ("P0", "Accueil", date(2026, 9, 1), date(2026, 10, 2))
P1 = ("P1", "Période 1", date(2026, 10, 5), date(2026, 11, 20))


@pytest.fixture
def year(services: Services) -> int:
    commands.set_school_year(
        services.store, CONSOLE, year=2026, starts_on=date(2026, 9, 1), ends_on=date(2027, 7, 3)
    )
    return 2026


def test_periods_set_twice_keep_their_identity(services: Services, year: int) -> None:
    commands.set_periods(services.store, CONSOLE, year=year, periods=spans(P0, P1))
    before = queries.periods(services.store, year=year)
    commands.set_periods(services.store, CONSOLE, year=year, periods=spans(P0, P1))
    assert queries.periods(services.store, year=year).equals(before)
    assert before["code"].to_list() == ["P0", "P1"]


def test_periods_that_overlap_are_refused_and_nothing_is_written(services: Services, year: int) -> None:
    late = ("P1", "Période 1", date(2026, 10, 1), date(2026, 11, 20))
    with pytest.raises(ApdashError, match="se recouvrent"):
        commands.set_periods(services.store, CONSOLE, year=year, periods=spans(P0, late))
    assert queries.periods(services.store, year=year).is_empty()


def test_a_period_outside_the_school_year_is_refused(services: Services, year: int) -> None:
    summer = ("P6", "Été", date(2027, 7, 1), date(2027, 7, 20))
    with pytest.raises(ApdashError, match="sort de l’année"):
        commands.set_periods(services.store, CONSOLE, year=year, periods=spans(P0, summer))


def test_dates_the_wrong_way_round_are_refused(services: Services, year: int) -> None:
    wrong = ("P0", "Accueil", date(2026, 10, 2), date(2026, 9, 1))
    with pytest.raises(ApdashError, match="inversées"):
        commands.set_periods(services.store, CONSOLE, year=year, periods=spans(wrong))


def test_a_period_with_a_bilan_cannot_disappear(services: Services, year: int) -> None:
    commands.set_periods(services.store, CONSOLE, year=year, periods=spans(P0, P1))
    with services.store.write() as tx:
        tx.run(
            "insert into review (year, code, label, kind, period, opens_on, closes_on) "
            "select 2026, 'B0', 'Bilan initial', 'initial', id, starts_on, ends_on from period where code = 'P0'"
        )
    with pytest.raises(ApdashError, match="porte déjà un bilan"):
        commands.set_periods(services.store, CONSOLE, year=year, periods=spans(P1))


def test_holidays_are_replaced_as_a_whole(services: Services, year: int) -> None:
    toussaint = spans(("", "Toussaint", date(2026, 10, 17), date(2026, 11, 1)))
    commands.set_closures(services.store, CONSOLE, year=year, closures=toussaint, now=AT)
    commands.set_closures(services.store, CONSOLE, year=year, closures=toussaint, now=AT)
    assert queries.closures(services.store, year=year)["label"].to_list() == ["Toussaint"]


def test_placements_of_an_unknown_division_are_refused(services: Services, year: int) -> None:
    away = spans(("", "", date(2027, 1, 11), date(2027, 1, 29))).with_columns(division=pl.lit(999))
    with pytest.raises(ApdashError, match="Division inconnue"):
        commands.set_placements(services.store, CONSOLE, year=year, placements=away, now=AT)


def test_two_divisions_may_be_away_at_the_same_time_but_one_not_twice(services: Services, year: int) -> None:
    with services.store.write() as tx:
        tx.run(
            "insert into division (id, year, code, label) values (1, 2026, '2TNE', ''), (2, 2026, '2MRC', '')"
        )
    first = ("", "", date(2027, 1, 11), date(2027, 1, 29))
    both = spans(first, first).with_columns(division=pl.Series([1, 2]))
    commands.set_placements(services.store, CONSOLE, year=year, placements=both, now=AT)
    assert queries.placements(services.store, year=year)["code"].to_list() == ["2MRC", "2TNE"]
    with pytest.raises(ApdashError, match="se recouvrent"):
        commands.set_placements(
            services.store, CONSOLE, year=year, placements=both.with_columns(division=pl.lit(1)), now=AT
        )


def test_rooms_need_a_name_and_places(services: Services) -> None:
    with pytest.raises(ApdashError, match="1 à 500"):
        commands.set_rooms(
            services.store, CONSOLE, rooms=pl.DataFrame({"code": ["B12"], "capacity": [0], "kind": [""]})
        )
    commands.set_rooms(
        services.store, CONSOLE, rooms=pl.DataFrame({"code": ["B12"], "capacity": [16], "kind": [""]})
    )
    commands.set_rooms(
        services.store, CONSOLE, rooms=pl.DataFrame({"code": ["B12"], "capacity": [18], "kind": ["CDI"]})
    )
    assert queries.rooms(services.store).select("code", "capacity", "kind").rows() == [("B12", 18, "CDI")]


def test_another_school_is_refused(services: Services) -> None:
    commands.set_school(services.store, CONSOLE, uai="9990001X", name="LP", zone="B")
    with pytest.raises(ApdashError, match="Autre établissement"):
        commands.set_school(services.store, CONSOLE, uai="9990002Y", name="LP", zone="B")


def test_the_current_year_is_the_one_that_has_begun(services: Services, year: int) -> None:
    commands.set_school_year(
        services.store, CONSOLE, year=2025, starts_on=date(2025, 9, 1), ends_on=date(2026, 7, 4)
    )
    assert queries.current_year(services.store, date(2026, 8, 1)) == 2025
    assert queries.current_year(services.store, date(2026, 9, 1)) == 2026
    assert queries.current_year(services.store, date(2024, 1, 1)) == 2025


def test_a_teacher_sets_nothing_up(services: Services) -> None:
    with pytest.raises(ApdashError, match="réservé"):
        commands.set_school(services.store, TEACHER, uai="9990001X", name="LP", zone="B")
