"""From a closed bilan to a proposal: what the problem says of the school, and what comes back from the search."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.jobs import JobState
from apdash.rebalancing import (
    Outcome,
    Parameters,
    build,
    build_problem,
    regroup,
    start_regroup,
)
from apdash.rebalancing.exactly import bound_by_direction
from apdash.rebalancing.plan import Plan, moves, need_changes, place_changes, plan_of
from apdash.rebalancing.quality import figures_after, figures_before, summary_words
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands.adoption import put_in_force
from apdash.store.commands.group_changes import add_staff, replace_staff
from apdash.store.commands.statements import Statement, add_statement
from apdash.store.queries.groups import groups_in_force, members
from apdash.store.queries.proposals import proposal, proposals
from optimizer.check import violations
from optimizer.problem import Problem
from optimizer.solution import Solution
from tests.school_factory import DIRECTION, NOW, P1, P2, PILOT, School, adopted, make_school, published

START, NEXT = P1[0], P2[0]
BEFORE = datetime(2026, 10, 1, 9, 0)


@pytest.fixture
def school(services: Services) -> School:
    """Eighteen students of three divisions, two slots, four adults, three groups on Tuesday since October."""
    made = make_school(services.store, divisions=("2TNE", "2MRC", "2GATL"), slots=("mar-10", "jeu-10"))
    for code in made.divisions:
        made.add_students(code, 6)
    for name, need in (
        ("lecture", "REM-LEC"),
        ("calcul", "REM-MAT"),
        ("voix", "DEV-CNF"),
        ("etude", "ACC-ETU"),
    ):
        made.add_staff(name, sorted({need, "ACC-ETU"}), ["mar-10", "jeu-10"])
    people = made.students
    made.know(people[::3], {"REM-LEC": 80, "REM-MAT": 40, "ORI-INS": 90, "DEV-SUI": 70})
    made.know(people[1::3], {"REM-LEC": 45, "REM-MAT": 78})
    made.know(people[2::3], {"REM-LEC": None, "REM-MAT": 30, "DEV-CNF": 60})
    groups = [
        ("mar-10", "REM-LEC", "lecture", people[:6]),
        ("mar-10", "REM-MAT", "calcul", people[6:12]),
        ("mar-10", "ACC-ETU", "etude", people[12:]),
    ]
    adopted(services, made, groups, on=START, now=BEFORE)
    return made


def problem_of(services: Services, school: School, **parameters: object) -> dict:
    return build_problem(
        services.store, services.reference, band=school.band, review=school.review,
        parameters=Parameters(**parameters),  # type: ignore[arg-type]
    )  # fmt: skip


def student(problem: dict, key: int) -> dict:
    return next(row for row in problem["students"] if row["id"] == str(key))


def test_the_problem_is_lawful_and_tells_needs_slots_and_rules(services: Services, school: School) -> None:
    problem = problem_of(services, school, max_moves=5, weights={"urgent": 200})
    Problem.from_json(problem)
    assert [slot["id"] for slot in problem["slots"]] == ["mar-10", "jeu-10"]
    assert problem["rules"] == {
        "max_needs_open": 7, "max_division_share": 0.6, "max_periods": 3, "urgent_from": 75, "period_sessions": 5,
        "max_moves": 5,
    }  # fmt: skip
    assert problem["weights"]["urgent"] == 200
    reading = next(need for need in problem["needs"] if need["id"] == "REM-LEC")
    assert reading == {
        "id": "REM-LEC", "min_size": 4, "max_size": 10, "floor": 25, "max_per_student": 2, "max_periods": 4,
        "reception": False,
    }  # fmt: skip
    reception = next(need for need in problem["needs"] if need["reception"])
    assert (reception["id"], reception["floor"]) == ("ACC-ETU", 0)


def test_needs_of_other_grades_and_outside_groups_are_left_out(services: Services, school: School) -> None:
    problem = problem_of(services, school)
    assert {"ORI-INS", "DEV-SUI"} & {need["id"] for need in problem["needs"]} == set()
    first, third = student(problem, school.students[0]), student(problem, school.students[2])
    assert first["intensity"] == {"REM-LEC": 80, "REM-MAT": 40, "ACC-ETU": 25}
    assert third["intensity"] == {"REM-MAT": 30, "DEV-CNF": 60, "ACC-ETU": 25}


def test_nothing_in_the_problem_names_anybody(services: Services, school: School) -> None:
    text = str(problem_of(services, school))
    assert not any(name in text for name in ("ABADIE", "Zoé", "LECTURE", "lecture"))


def test_a_division_away_meets_less_and_one_away_too_long_is_left_where_it_is(
    services: Services, school: School
) -> None:
    school.add(
        "placement",
        {
            "division": school.divisions["2TNE"],
            "starts_on": date(2026, 11, 23),
            "ends_on": date(2026, 12, 11),
        },
        {
            "division": school.divisions["2MRC"],
            "starts_on": date(2026, 11, 30),
            "ends_on": date(2026, 12, 30),
        },
    )
    built = build(services.store, services.reference, band=school.band, review=school.review)
    assert (built.first, built.last) == P2
    assert student(built.problem, school.students[0])["sessions"] == {"mar-10": 2, "jeu-10": 2}
    assert student(built.problem, school.students[6])["sessions"] == {"mar-10": 2, "jeu-10": 2}
    assert student(built.problem, school.students[12])["sessions"] == {"mar-10": 5, "jeu-10": 5}
    school.add(
        "placement",
        {"division": school.divisions["2MRC"], "starts_on": date(2027, 1, 4), "ends_on": date(2027, 1, 8)},
    )
    built = build(services.store, services.reference, band=school.band, review=school.review)
    assert str(school.students[6]) not in {row["id"] for row in built.problem["students"]}
    assert [row for row in built.problem["current"] if row["student"] == str(school.students[6])] == []
    away = {row["student"] for row in built.left_out}
    assert away == set(school.students[6:12])


def test_present_groups_carry_the_time_already_spent(services: Services, school: School) -> None:
    problem = problem_of(services, school)
    rows = [row for row in problem["current"] if row["student"] == str(school.students[0])]
    adult = str(school.staff["lecture"])
    assert rows == [
        {
            "student": rows[0]["student"],
            "slot": "mar-10",
            "need": "REM-LEC",
            "staff": adult,
            "need_periods": 1,
        }
    ]
    assert len(problem["current"]) == 18


def test_a_replaced_adult_is_no_change_for_the_students(services: Services, school: School) -> None:
    group = groups_in_force(services.store, PILOT, on=START)["ap_group"].to_list()[1]
    school.add_staff("remplacant", ["REM-LEC"], ["mar-10"])
    replace_staff(
        services.store, PILOT, group=group, leaving=school.staff["lecture"], coming=school.staff["remplacant"],
        on=date(2026, 11, 12), now=NOW,
    )  # fmt: skip
    rows = [row for row in problem_of(services, school)["current"] if row["need"] == "REM-LEC"]
    assert {(row["staff"], row["need_periods"]) for row in rows} == {(str(school.staff["remplacant"]), 1)}


def test_two_adults_together_are_a_pair_and_one_who_left_is_nobody(
    services: Services, school: School
) -> None:
    groups = groups_in_force(services.store, PILOT, on=START)["ap_group"].to_list()
    add_staff(services.store, PILOT, group=groups[1], staff=school.staff["voix"], on=NEXT, now=NOW)
    with services.store.write() as tx:
        tx.run("delete from band_staff where staff = $staff", staff=school.staff["calcul"])
    problem = problem_of(services, school)
    Problem.from_json(problem)
    pair = f"{school.staff['lecture']}+{school.staff['voix']}"
    entry = next(row for row in problem["staff"] if row["id"] == pair)
    assert (entry["needs"], entry["slots"]) == (["REM-LEC"], ["mar-10"])
    gone = next(row for row in problem["staff"] if row["id"] == f"parti-{groups[2]}")
    assert (gone["needs"], gone["slots"]) == ([], [])
    assert {row["staff"] for row in problem["current"]} == {pair, gone["id"], str(school.staff["etude"])}


def test_an_adult_who_costs_more_at_one_slot_is_two_entries(services: Services, school: School) -> None:
    adult = school.staff["voix"]
    with services.store.write() as tx:
        tx.run(
            "update band_staff set cost = 15 where staff = $staff and slot = $slot",
            staff=adult,
            slot=school.slots["jeu-10"],
        )
    rows = [row for row in problem_of(services, school)["staff"] if str(adult) in row["members"]]
    assert [(row["id"], row["slots"], row["cost"]) for row in rows] == [
        (str(adult), ["mar-10"], 0),
        (f"{adult}~jeu-10", ["jeu-10"], 15),
    ]


def test_demands_become_pins_bans_pairs_and_caps(services: Services, school: School) -> None:
    one, two, three = school.students[:3]

    def state(viewer: object, **parts: object) -> None:
        statement = Statement(**parts)  # type: ignore[arg-type]
        add_statement(
            services.store,
            viewer,
            services.reference,
            band=school.band,
            statement=statement,
            now=NOW,  # type: ignore[arg-type]
        )

    slot, adult = school.slots["mar-10"], school.staff["lecture"]
    state(PILOT, kind="pin", students=(one,), slot=slot, need="REM-LEC", staff=adult)
    state(PILOT, kind="ban", students=(two,), staff=adult)
    state(PILOT, kind="together", students=(one, two))
    state(PILOT, kind="cap", students=(one, two, three), at_most=2)
    state(DIRECTION, kind="apart", students=(two, three))
    built = build(services.store, services.reference, band=school.band, review=school.review)
    Problem.from_json(built.problem)
    names = [str(key) for key in (one, two, three)]
    assert built.problem["pins"] == [
        {"student": names[0], "slot": "mar-10", "need": "REM-LEC", "staff": str(adult)}
    ]
    assert built.problem["bans"] == [{"student": names[1], "slot": None, "need": None, "staff": str(adult)}]
    assert built.problem["pairs"] == [{"students": names[:2], "kind": "together"}]
    assert built.problem["caps"] == [
        {"students": names, "at_most": 2, "need": None, "slot": None},
        {"students": names[1:], "at_most": 1, "need": None, "slot": None},
    ]
    assert built.secret == {"pins": [], "bans": [], "pairs": [], "caps": [1]}


def test_rooms_limit_only_when_every_slot_has_some(services: Services, school: School) -> None:
    school.add_room("B101", 12, ["mar-10"])
    built = build(services.store, services.reference, band=school.band, review=school.review)
    assert built.problem["rooms"] == []
    assert "jeu-10" in built.notes[0]
    school.add_room("B102", 30, ["mar-10", "jeu-10"])
    rooms = problem_of(services, school)["rooms"]
    assert rooms == [
        {"id": "B101", "capacity": 12, "slots": ["mar-10"]},
        {"id": "B102", "capacity": 30, "slots": ["mar-10", "jeu-10"]},
    ]


def test_a_division_that_has_not_closed_keeps_the_needs_of_the_bilan_before(
    services: Services, school: School
) -> None:
    earlier = {
        "id": 77,
        "year": 2026,
        "code": "B0",
        "label": "Bilan initial",
        "kind": "initial",
        "period": 101,
    }
    school.add("review", earlier | {"opens_on": date(2026, 9, 7), "closes_on": date(2026, 9, 29)})
    late, on_time = school.students[0], school.students[6]
    school.know([late, on_time], {"REM-MAT": 66}, review=77)
    with services.store.write() as tx:
        tx.run(
            "delete from intensity where review = $review and student = $late",
            review=school.review,
            late=late,
        )
        tx.run(
            "update review_division set closed_at = null where division = $division",
            division=school.divisions["2TNE"],
        )
    built = build(services.store, services.reference, band=school.band, review=school.review)
    assert student(built.problem, late)["intensity"] == {"REM-MAT": 66, "ACC-ETU": 25}
    assert student(built.problem, on_time)["intensity"]["REM-LEC"] == 80
    assert [note for note in built.notes if "2TNE" in note] != []


def test_a_bilan_that_says_nothing_is_refused(services: Services, school: School) -> None:
    with services.store.write() as tx:
        tx.run("delete from intensity")
    with pytest.raises(ApdashError, match="Bilan sans besoins"):
        problem_of(services, school)
    with pytest.raises(ApdashError, match="Aucune séance"):
        problem_of(services, school, last=NEXT - timedelta(1))


def ask(services: Services, school: School, **parameters: object) -> Outcome:
    return regroup(
        services, PILOT, band=school.band, review=school.review,
        parameters=Parameters(time_limit=60, **parameters),  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_search_saves_a_lawful_draft_that_can_be_put_in_force(services: Services, school: School) -> None:
    outcome = ask(services, school)
    assert outcome.status in ("optimal", "feasible")
    assert outcome.proposal is not None
    row = proposal(services.store, PILOT, proposal=outcome.proposal)
    assert (row.state, row.effective_from, row.made_by) == ("draft", NEXT, "pilote")
    lawful = Problem.from_json(row.problem)
    assert violations(lawful, Solution.from_json(row.solution)) == []
    published(services, outcome.proposal)
    done = put_in_force(services.store, PILOT, services.reference, proposal=outcome.proposal, now=NOW)
    seated = members(services.store, PILOT, on=NEXT)
    assert seated.height == sum(len(group["students"]) for group in row.solution["groups"])
    assert len(done.opened) + len(done.kept) == len(row.solution["groups"])


def test_the_same_situation_and_seed_give_the_same_groups(services: Services, school: School) -> None:
    one, other = ask(services, school, label="a"), ask(services, school, label="b")
    found = [proposal(services.store, PILOT, proposal=key.proposal or 0).solution for key in (one, other)]
    assert found[0]["groups"] == found[1]["groups"]


def shown(services: Services, outcome: Outcome) -> Plan:
    row = proposal(services.store, PILOT, proposal=outcome.proposal or 0)
    return plan_of(row.problem, row.solution)


def test_a_proposal_is_compared_with_what_there_is(services: Services, school: School) -> None:
    found = shown(services, ask(services, school))
    before, after, changes = figures_before(found), figures_after(found), place_changes(found)
    assert changes.height == 36
    assert after.covered > before.covered
    assert (before.groups, before.needs, before.unplaced) == (3, 2, 18)
    assert after.groups == found.groups.height
    reading = need_changes(found).filter(pl.col("need") == "REM-LEC").row(0, named=True)
    assert (reading["strong"], reading["places_before"]) == (6, 6)
    assert moves(found).total == changes.filter(pl.col("kind").is_in(["staff", "need", "left"])).height
    assert "élèves prioritaires servis" in summary_words(found)
    assert "sans groupe (élève × créneau)" in summary_words(found)


def test_a_pin_is_kept_and_few_moves_are_made_when_asked(services: Services, school: School) -> None:
    pinned = school.students[12]
    pin = Statement(kind="pin", students=(pinned,), slot=school.slots["mar-10"], need="REM-LEC")
    add_statement(services.store, PILOT, services.reference, band=school.band, statement=pin, now=NOW)
    outcome = ask(services, school, max_moves=9)
    found = shown(services, outcome)
    assert moves(found).total <= 9
    here = (pl.col("student") == str(pinned)) & (pl.col("slot") == "mar-10")
    assert place_changes(found).filter(here)["need_after"].to_list() == ["REM-LEC"]


def test_impossible_demands_are_answered_in_words_and_nothing_is_saved(
    services: Services, school: School
) -> None:
    first = (school.students[0],)
    slot = school.slots["mar-10"]
    for demand in (
        Statement(kind="pin", students=first, slot=slot, need="REM-LEC"),
        Statement(kind="ban", students=first, need="REM-LEC"),
    ):
        add_statement(services.store, PILOT, services.reference, band=school.band, statement=demand, now=NOW)
    outcome = ask(services, school)
    assert (outcome.proposal, outcome.status) == (None, "infeasible")
    assert set(outcome.conflict) == {
        "Placer Zoé ABADIE en «\u00a0Atelier lecture\u00a0», mardi 10\u00a0h\u00a010.",
        "Ne pas placer Zoé ABADIE en «\u00a0Atelier lecture\u00a0».",
    }
    assert outcome.loosening
    assert proposals(services.store, PILOT, year=2026)["state"].to_list() == ["in_force"]


def test_a_limit_that_cannot_hold_is_answered_with_the_least_that_works(
    services: Services, school: School
) -> None:
    outcome = ask(services, school, max_moves=0)
    assert outcome.status == "infeasible"
    assert "Au plus 0 changements." in outcome.conflict
    assert len(outcome.loosening) == 1
    assert outcome.loosening[0].startswith("Changements de groupe\u00a0: ")
    least = int(outcome.loosening[0].split()[4])
    assert ask(services, school, max_moves=least).proposal is not None
    assert ask(services, school, max_moves=least - 1).proposal is None


def test_a_rule_of_the_direction_is_told_as_such_and_no_more(services: Services, school: School) -> None:
    pair = (school.students[0], school.students[1])
    slot = school.slots["mar-10"]
    for student_id in pair:
        pin = Statement(kind="pin", students=(student_id,), slot=slot, need="DEV-CNF")
        add_statement(services.store, PILOT, services.reference, band=school.band, statement=pin, now=NOW)
    apart = Statement(kind="apart", students=pair)
    add_statement(services.store, DIRECTION, services.reference, band=school.band, statement=apart, now=NOW)
    outcome = ask(services, school)
    assert outcome.status == "infeasible"
    assert "Une règle posée par la direction." in outcome.conflict


def test_the_pilot_never_reads_what_the_direction_keeps_apart(services: Services, school: School) -> None:
    apart = Statement(kind="apart", students=(school.students[0], school.students[1]))
    add_statement(services.store, DIRECTION, services.reference, band=school.band, statement=apart, now=NOW)
    outcome = ask(services, school)
    seen = proposal(services.store, PILOT, proposal=outcome.proposal or 0)
    assert seen.problem["caps"] == []
    assert "secret" not in seen.parameters
    assert "statements" not in seen.parameters
    whole = proposal(services.store, DIRECTION, proposal=outcome.proposal or 0)
    assert len(whole.problem["caps"]) == 1


def test_who_shares_a_rule_of_the_direction_is_never_named_beside_the_other(
    services: Services, school: School
) -> None:
    one, other, third = (str(key) for key in school.students[:3])
    apart = Statement(kind="apart", students=(int(one), int(other)))
    add_statement(services.store, DIRECTION, services.reference, band=school.band, statement=apart, now=NOW)
    shared = Statement(kind="together", students=(int(one), int(third)))
    add_statement(services.store, PILOT, services.reference, band=school.band, statement=shared, now=NOW)
    row = proposal(services.store, CONSOLE, proposal=ask(services, school).proposal or 0)
    assert bound_by_direction(row, one) == {other}
    assert bound_by_direction(row, other) == {one}
    assert bound_by_direction(row, third) == set()


def test_a_search_runs_as_a_job_and_reports_its_result(services: Services, school: School) -> None:
    job = start_regroup(services, PILOT, band=school.band, review=school.review)
    assert services.jobs.find(job.id) is job
    job.wait()
    assert job.state is JobState.DONE
    assert job.result.proposal is not None
    assert job.progress.score == job.result.score


def test_a_teacher_cannot_ask_for_groups(services: Services, school: School) -> None:
    with pytest.raises(ApdashError, match="réservé"):
        regroup(services, school.teacher("lecture"), band=school.band, review=school.review)
