"""Absurd statements are told at a glance, in words that blame nobody and never say whom a cap concerns."""

from optimizer import Problem
from optimizer.cautions.caution import cautions
from tests.optimizer.factories import pupil, school, tiny, with_rules

PIN = {"student": "a", "slot": "mar", "need": "lec", "staff": None}
MAT = {"id": "mat", "min_size": 1, "max_size": 4}
LEC = {"id": "lec", "min_size": 1, "max_size": 4}
BOTH = ("lec", "mat")


def band(*names: str, **changes: object) -> dict[str, object]:
    """One adult, one need, these students."""
    needs = changes.get("needs", [LEC])
    levels = {need["id"]: 80 for need in needs}
    return tiny(**{"students": [pupil(name, **levels) for name in names]} | changes)


def pinned(*names: str, **changes: object) -> list[dict[str, object]]:
    """A pin in lec at mar for each."""
    return [{**PIN, "student": name} | changes for name in names]


def told(data: dict[str, object]) -> list[tuple[str, str]]:
    """Kinds and paths of the cautions."""
    return [(one.kind, one.path) for one in cautions(Problem.from_json(data))]


def words(data: dict[str, object]) -> str:
    """All that the cautions say."""
    return " / ".join(one.words for one in cautions(Problem.from_json(data)))


def led(*names: str, needs: tuple[str, ...] = ("lec",)) -> list[dict[str, object]]:
    """Adults at mar."""
    return [{"id": name, "needs": list(needs), "slots": ["mar"]} for name in names]


def test_a_usual_band_has_nothing_to_be_told():
    for seed in range(6):
        assert told(school(seed)) == []


def test_a_pin_where_the_student_has_no_session():
    data = band(students=[pupil("a", lec=80) | {"sessions": {}}, pupil("b", lec=80)], pins=pinned("a"))
    assert told(data) == [("pin", "pins[0]")]


def test_a_pin_that_nobody_can_lead():
    data = band("a", needs=[LEC, MAT], pins=pinned("a", need="mat"))
    assert told(data) == [("pin", "pins[0]"), ("need", "needs[1]")]


def test_a_pin_with_an_adult_who_does_not_lead_it():
    staff = led("t1", needs=BOTH) + led("t2", needs=("mat",))
    data = band("a", needs=[LEC, MAT], staff=staff, pins=pinned("a", staff="t2"))
    assert told(data) == [("pin", "pins[0]")]
    assert "« t2 »" in words(data)


def test_a_pin_against_a_ban():
    data = band(*"ab", pins=pinned("a"), bans=[{"student": "a", "need": "lec"}])
    assert told(data) == [("pin", "pins[0]")]


def test_two_pins_of_one_student_at_one_slot():
    data = band(
        "a", needs=[LEC, MAT], staff=led("t1", "t2", needs=BOTH), pins=pinned("a") + pinned("a", need="mat")
    )
    assert told(data) == [("pin", "pins[0]"), ("pin", "pins[1]")]


def test_pins_in_a_need_more_often_than_it_is_attended():
    slots = [{"id": "mar"}, {"id": "jeu"}]
    staff = [{"id": "t1", "needs": ["lec"], "slots": ["mar", "jeu"]}]
    data = band("a", slots=slots, staff=staff, pins=pinned("a") + pinned("a", slot="jeu"))
    assert told(data) == [("pin", "pins[1]")]


def test_a_ban_from_everything():
    assert told(band(*"ab", bans=[{"student": "a"}])) == [("ban", "bans[0]")]


def test_pairs_chained_into_more_than_a_group_holds():
    pairs = [{"students": [one, other], "kind": "together"} for one, other in ("ab", "bc", "cd", "de")]
    assert told(band(*"abcdef", pairs=pairs)) == [("together", "pairs[3]")]


def test_students_kept_together_but_pinned_in_different_needs():
    pairs = [{"students": ["a", "b"], "kind": "together"}, {"students": ["b", "c"], "kind": "together"}]
    pins = [*pinned("a"), *pinned("c", need="mat")]
    data = band(*"abcd", needs=[LEC, MAT], staff=led("t1", "t2", needs=BOTH), pairs=pairs, pins=pins)
    assert ("together", "pairs[1]") in told(data)
    assert "dans des besoins différents au créneau « mar »" in words(data)
    assert told(data | {"pins": [*pinned("a"), *pinned("c")]}) == []


def test_students_kept_together_against_a_cap_are_not_named():
    pairs = [{"students": ["a", "b"], "kind": "together"}]
    data = band(*"abc", staff=led("t1", "t2"), pairs=pairs, caps=[{"students": ["a", "b"], "at_most": 1}])
    assert told(data) == [("cap", "caps[0]")]
    assert words(data).startswith("une règle posée par la direction")


def test_a_cap_that_lets_nobody_in():
    assert told(band(*"abc", caps=[{"students": ["a", "b"], "at_most": 0}])) == [("cap", "caps[0]")]


def test_a_cap_that_asks_for_more_groups_than_there_are_adults():
    data = band(*"abcd", staff=led("t1", "t2"), caps=[{"students": list("abc"), "at_most": 1}])
    assert ("cap", "caps[0]") in told(data)
    assert "3 groupes au créneau « mar », 2 au plus" in words(data)


def test_separations_that_together_ask_for_more_groups_than_there_are_adults():
    caps = [{"students": [one, other], "at_most": 1} for one, other in ("ab", "bc", "ac")]
    data = band(*"abcd", staff=led("t1", "t2"), caps=caps)
    assert told(data) == [("cap", "caps")]


def test_sixty_separations_in_a_class_of_twenty_five():
    names = [f"e{place}" for place in range(25)]
    couples = [(names[one], names[(one + step) % 25]) for step in (1, 2, 3) for one in range(25)][:60]
    needs = [{"id": "lec", "min_size": 1, "max_size": 12}]
    staff = led(*[f"t{place}" for place in range(8)])
    caps = [{"students": list(couple), "at_most": 1} for couple in couples]
    data = band(*names, needs=needs, staff=staff, caps=caps)
    assert words(data) == "60 séparations pour une division de 25 élèves"


def test_a_need_that_nobody_leads():
    assert told(band("a", needs=[LEC, MAT])) == [("need", "needs[1]")]


def test_a_smallest_size_that_too_few_can_reach():
    data = band(*"ab", needs=[{"id": "lec", "min_size": 3, "max_size": 4}])
    assert told(data) == [("min_size", "needs[0].min_size")]
    assert words(data).endswith("quand 2 au plus peuvent le suivre ensemble")


def test_a_floor_that_nobody_reaches():
    data = band(*"ab", needs=[{"id": "lec", "min_size": 1, "max_size": 4, "floor": 90}])
    assert words(data).endswith("quand aucun ne peut le suivre")


def test_a_smallest_size_that_no_room_holds():
    needs = [{"id": "lec", "min_size": 3, "max_size": 4}]
    data = band(*"abc", needs=needs, rooms=[{"id": "r", "capacity": 2, "slots": ["mar"]}])
    assert told(data) == [("min_size", "needs[0].min_size")]


def test_a_share_under_what_the_divisions_make_of_any_group():
    students = [pupil(name, division, lec=80) for name, division in zip("abc", "xyz", strict=True)]
    needs = [{"id": "lec", "min_size": 1, "max_size": 4, "max_division_share": 0.3}]
    assert told(band(students=students, needs=needs)) == [
        ("max_division_share", "needs[0].max_division_share")
    ]


def test_no_need_may_be_open():
    assert told(with_rules(band("a"), max_needs_open=0)) == [("max_needs_open", "rules.max_needs_open")]


def test_a_slot_without_groups_adults_or_rooms():
    assert told(band("a", slots=[{"id": "mar", "max_groups": 0}])) == [("slot_groups", "slots[0].max_groups")]
    assert told(band("a", slots=[{"id": "mar"}, {"id": "jeu"}])) == [("slot", "slots[1]")]
    slots, staff = [{"id": "mar"}, {"id": "jeu"}], [{"id": "t1", "needs": ["lec"], "slots": ["mar", "jeu"]}]
    rooms = [{"id": "r", "capacity": 9, "slots": ["mar"]}]
    assert told(band("a", slots=slots, staff=staff, rooms=rooms)) == [("rooms", "rooms")]


def test_fewer_moves_than_are_due():
    current = [
        {"student": name, "slot": "mar", "need": "lec", "staff": "t1", "need_periods": 3} for name in "ab"
    ]
    data = with_rules(band(*"abc", current=current), max_moves=1)
    assert told(data) == [("max_moves", "rules.max_moves")]


def test_pins_in_more_needs_than_may_be_open():
    data = band(
        *"ab", needs=[LEC, MAT], staff=led("t1", "t2", needs=BOTH), pins=pinned("a") + pinned("b", need="mat")
    )
    assert told(data) == []
    assert told(with_rules(data, max_needs_open=1)) == [("max_needs_open", "rules.max_needs_open")]


def test_more_pins_than_seats():
    data = band(*"abc", needs=[{"id": "lec", "min_size": 1, "max_size": 2}], pins=pinned(*"abc"))
    assert told(data) == [("max_size", "needs[0].max_size")]


def test_pins_that_ask_for_more_groups_than_a_slot_allows():
    slots = [{"id": "mar", "max_groups": 1}]
    pins = pinned("a") + pinned("b", need="mat")
    data = band(*"ab", slots=slots, needs=[LEC, MAT], staff=led("t1", "t2", needs=BOTH), pins=pins)
    assert told(data) == [("slot_groups", "slots[0].max_groups")]


def test_pins_that_tear_one_adult_apart():
    data = band(
        *"ab", needs=[LEC, MAT], staff=led("t1", needs=BOTH), pins=pinned("a") + pinned("b", need="mat")
    )
    assert told(data) == [("pin", "pins")]
