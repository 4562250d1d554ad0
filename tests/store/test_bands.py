"""Bands: what they are made of, and what may be asked for in them."""

from datetime import date, time

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from apdash.errors import ApdashError
from apdash.services import Services
from apdash.store.commands import bands
from apdash.store.commands.adults import LED, tick_adults
from apdash.store.commands.bands import (
    add_slot,
    create_band,
    set_slot_rooms,
    set_slot_staff,
    set_staff_needs,
    update_band,
)
from apdash.store.commands.statements import Statement, add_statement, end_statement
from apdash.store.queries import bands as queries
from tests.school_factory import DIRECTION, NOW, PILOT, School, make_school


@pytest.fixture
def school(services: Services) -> School:
    made = make_school(services.store)
    made.add_students("2TNE", 3)
    made.add_students("2MRC", 2)
    made.add_staff("lecteur", ["REM-LEC"], ["mar-10"])
    return made


def test_a_band_is_set_up_by_commands_and_read_back(services: Services, school: School) -> None:
    store, keys = services.store, list(school.divisions.values())
    band = create_band(store, PILOT, year=2026, code="2-B1", label="Jeudi", divisions=keys[:1])
    slot = add_slot(store, PILOT, band=band, code="jeu-10", day="jeudi", starts_at=time(10, 10), max_groups=3)
    staff = pl.DataFrame({"staff": [school.staff["lecteur"]], "max_groups": [1], "cost": [15]})
    set_slot_staff(store, PILOT, slot=slot, staff=staff)
    set_staff_needs(
        store, PILOT, services.reference, staff=school.staff["lecteur"], needs=["REM-ECR", "REM-LEC"]
    )
    update_band(
        store, PILOT, band=band, label="Jeudi matin", divisions=keys, max_needs_open=5, max_division_share=0.7,
        max_periods=2,
    )  # fmt: skip
    assert queries.bands(store, year=2026).row(1, named=True) == {
        "band": band, "code": "2-B1", "label": "Jeudi matin", "kind": "barrette", "max_needs_open": 5,
        "max_division_share": 0.7, "max_periods": 2, "divisions": ["2MRC", "2TNE"], "slots": ["jeu-10"],
    }  # fmt: skip
    assert queries.band_staff(store, band=band).drop("staff", "slot").rows() == [
        ("jeu-10", "Mme LECTEUR", 1, 15, ["REM-ECR", "REM-LEC"])
    ]


def test_rooms_of_a_slot_are_replaced_as_a_whole(services: Services, school: School) -> None:
    school.add_room("B101", 16, ["mar-10"])
    set_slot_rooms(services.store, PILOT, slot=school.slots["mar-10"], rooms=[])
    assert queries.band_rooms(services.store, band=school.band).is_empty()


def test_a_band_refuses_divisions_of_nowhere_and_a_code_twice(services: Services, school: School) -> None:
    with pytest.raises(ApdashError, match="Divisions refusées"):
        create_band(services.store, PILOT, year=2026, code="X", label="X", divisions=[1])
    with pytest.raises(ApdashError, match="déjà créée"):
        create_band(
            services.store, PILOT, year=2026, code="2-A", label="X", divisions=[*school.divisions.values()]
        )
    with pytest.raises(ApdashError, match="Bandes : 2-A"):
        queries.band_named(services.store, year=2026, code="Z")


def test_a_teacher_sets_up_nothing(services: Services, school: School) -> None:
    with pytest.raises(ApdashError, match="réservé"):
        set_slot_rooms(services.store, school.teacher("lecteur"), slot=school.slots["mar-10"], rooms=[])


def test_meetings_of_a_band_show_who_is_away(services: Services, school: School) -> None:
    away = {
        "division": school.divisions["2TNE"],
        "starts_on": date(2026, 11, 23),
        "ends_on": date(2026, 12, 11),
    }
    school.add("placement", away)
    found = queries.band_meetings(
        services.store, band=school.band, first=date(2026, 11, 23), last=date(2027, 1, 8)
    )
    expected = pl.DataFrame({"code": ["2MRC", "2TNE"], "sessions": [5, 2], "possible": [5, 5]})
    assert_frame_equal(found.select("code", "sessions", "possible"), expected)


def test_students_kept_apart_are_seen_by_the_direction_alone(services: Services, school: School) -> None:
    store, pair = services.store, tuple(school.students[:2])
    apart = Statement(kind="apart", students=pair)
    with pytest.raises(ApdashError, match="réservé"):
        add_statement(store, PILOT, services.reference, band=school.band, statement=apart, now=NOW)
    stated = add_statement(store, DIRECTION, services.reference, band=school.band, statement=apart, now=NOW)
    assert queries.statements(store, DIRECTION, band=school.band)["students"].to_list() == [list(pair)]
    assert queries.statements(store, PILOT, band=school.band).is_empty()
    assert queries.statements(store, school.teacher("lecteur"), band=school.band).is_empty()
    with pytest.raises(ApdashError, match="déjà été levée, ou n’existe pas"):
        end_statement(store, PILOT, statement=stated.statement, now=NOW)


def test_a_demand_names_people_and_places_of_the_band(services: Services, school: School) -> None:
    def state(**parts: object) -> None:
        statement = Statement(**parts)  # type: ignore[arg-type]
        add_statement(
            services.store, PILOT, services.reference, band=school.band, statement=statement, now=NOW
        )

    first = (school.students[0],)
    with pytest.raises(ApdashError, match="un créneau et un besoin"):
        state(kind="pin", students=first, need="REM-LEC")
    with pytest.raises(ApdashError, match="pas dans une division"):
        state(kind="ban", students=(1,), need="REM-LEC")
    with pytest.raises(ApdashError, match="pas un besoin connu"):
        state(kind="ban", students=first, need="TRICOT")
    with pytest.raises(ApdashError, match="exactement deux"):
        state(kind="together", students=first)
    with pytest.raises(ApdashError, match="deux fois"):
        state(kind="together", students=first * 2)
    state(kind="ban", students=first, need="REM-LEC")
    with pytest.raises(ApdashError, match="déjà posée"):
        state(kind="ban", students=first, need="REM-LEC")


@pytest.mark.parametrize(
    ("before", "demand", "words"),
    [
        ({}, {"kind": "cap", "at_most": 3, "many": 2}, "n’exclut rien"),
        ({}, {"kind": "pin", "need": "REM-MAT", "slot": True}, "Personne n’anime"),
        (
            {"kind": "ban", "need": "REM-LEC"},
            {"kind": "pin", "need": "REM-LEC", "slot": True},
            "exclut cette place",
        ),
        (
            {"kind": "pin", "need": "REM-LEC", "slot": True},
            {"kind": "ban", "slot": True},
            "aucune répartition",
        ),
        (
            {"kind": "pin", "need": "REM-LEC", "slot": True},
            {"kind": "pin", "need": "REM-MAT", "slot": True},
            "épinglé à un autre besoin",
        ),
    ],
)
def test_what_is_strange_is_said(
    services: Services, school: School, before: dict, demand: dict, words: str
) -> None:
    def state(parts: dict) -> str:
        given = dict(parts)
        students = tuple(school.students[: given.pop("many", 1)])
        slot = school.slots["mar-10"] if given.pop("slot", False) else None
        statement = Statement(students=students, slot=slot, **given)
        stated = add_statement(
            services.store, PILOT, services.reference, band=school.band, statement=statement, now=NOW
        )
        return " ".join(stated.warnings)

    if before:
        assert state(before) == ""
    assert words in state(demand)


def test_a_sensible_demand_raises_no_warning(services: Services, school: School) -> None:
    pin = Statement(
        kind="pin", students=(school.students[0],), slot=school.slots["mar-10"], need="REM-LEC",
        staff=school.staff["lecteur"],
    )  # fmt: skip
    stated = add_statement(
        services.store, PILOT, services.reference, band=school.band, statement=pin, now=NOW
    )
    assert stated.warnings == ()
    end_statement(services.store, PILOT, statement=stated.statement, now=NOW)
    assert queries.statements(services.store, PILOT, band=school.band).is_empty()


def slots(*rows: tuple) -> pl.DataFrame:
    columns = {"code": pl.String, "day": pl.String, "starts_at": pl.Time, "minutes": pl.Int64}
    return pl.DataFrame(list(rows), schema=columns, orient="row")


def test_slots_set_twice_keep_their_identity_and_one_with_groups_cannot_disappear(
    services: Services, school: School
) -> None:
    store = services.store
    before = queries.band_slots(store, band=school.band)
    same = before.select("code", "day", "starts_at", "minutes")
    bands.set_slots(store, PILOT, band=school.band, slots=same, now=NOW)
    assert_frame_equal(queries.band_slots(store, band=school.band), before)
    with store.write() as tx:
        tx.run(
            "insert into ap_group (band, slot, need, code, name) values ($band, $slot, 'REM-LEC', '2AP01', 'Atelier')",
            band=school.band,
            slot=before["slot"][0],
        )
    with pytest.raises(ApdashError, match="a eu des groupes"):
        bands.set_slots(
            store, PILOT, band=school.band, slots=slots(("sam-8", "samedi", time(8), 55)), now=NOW
        )
    assert_frame_equal(queries.band_slots(store, band=school.band), before)


def test_two_slots_of_one_code_are_refused(services: Services, school: School) -> None:
    twice = slots(("mar-10", "mardi", time(10), 55), ("mar-10", "jeudi", time(10), 55))
    with pytest.raises(ApdashError, match="même code"):
        bands.set_slots(services.store, PILOT, band=school.band, slots=twice, now=NOW)


def test_unticking_an_adult_leaves_the_cost_of_the_others(services: Services, school: School) -> None:
    leaves = school.add_staff("Roche", ["REM-LEC"], ["mar-10"])
    stays = school.add_staff("Vidal", ["REM-LEC"], ["mar-10"], cost=15)
    boxes = pl.DataFrame({"slot": school.slots["mar-10"], "staff": [leaves, stays], "ticked": [False, True]})
    tick_adults(services.store, PILOT, services.reference, free=boxes, led=pl.DataFrame(schema=LED))
    after = queries.band_staff(services.store, band=school.band).filter(
        pl.col("staff").is_in([leaves, stays])
    )
    assert after.select("staff", "cost").rows() == [(stays, 15)]
