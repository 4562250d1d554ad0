"""Tutoring: stable caseloads, handing over, meetings of one's own, wishes."""

from datetime import date, timedelta

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.rebalancing.tutors import even_loads, propose_tutors
from apdash.rights import Role, Viewer
from apdash.services import Services
from apdash.store.commands import tutoring as commands
from apdash.store.queries import tutoring as queries
from tests.school_factory import NOW, PILOT, YEAR, School, make_school

START, LATER = date(2026, 10, 5), date(2026, 11, 16)


@pytest.fixture
def school(services: Services) -> School:
    """Twelve students of two divisions, and three adults: A and B tutor, C only teaches."""
    made = make_school(services.store)
    made.add_students("2TNE", 6)
    made.add_students("2MRC", 6)
    for name in ("A", "B", "C"):
        made.add_staff(name, [], [])
    commands.set_capacities(
        services.store, PILOT, year=YEAR, most={made.staff["A"]: 8, made.staff["B"]: 6, made.staff["C"]: 0}
    )
    return made


def assign(services: Services, school: School, name: str | None, *ranks: int, on: date = START) -> int:
    tutors = {school.students[rank]: None if name is None else school.staff[name] for rank in ranks}
    return commands.assign_tutors(services.store, PILOT, tutors=tutors, on=on, now=NOW, reason="BES")


def followed(services: Services, on: date, **asked: object) -> dict[int, str]:
    rows = queries.tutorings(services.store, PILOT, on=on, **asked)  # type: ignore[arg-type]
    return dict(rows.select("student", "staff_name").iter_rows())


def test_a_student_keeps_one_tutor_and_a_second_assignment_changes_nothing(
    services: Services, school: School
) -> None:
    assert assign(services, school, "A", 0, 1, 2) == 3
    assert assign(services, school, "A", 0, 1, 2, on=LATER) == 0
    assert set(followed(services, LATER).values()) == {"Mme A"}


def test_a_change_of_tutor_is_dated_and_the_past_stays(services: Services, school: School) -> None:
    assign(services, school, "A", 0)
    assign(services, school, "B", 0, on=LATER)
    assert followed(services, LATER - timedelta(days=1)) == {school.students[0]: "Mme A"}
    assert followed(services, LATER) == {school.students[0]: "Mme B"}
    both = queries.tutorings(services.store, PILOT, student=school.students[0])
    assert both["why_ended"].to_list() == ["BES", None]


def test_nobody_follows_more_than_they_agreed_to(services: Services, school: School) -> None:
    with pytest.raises(ApdashError, match="Mme B en suivrait 7, pour 6 au plus"):
        assign(services, school, "B", *range(7))
    assert followed(services, START) == {}


def test_a_student_who_left_takes_nobodys_place(services: Services, school: School) -> None:
    assign(services, school, "B", *range(6))
    with services.store.write() as tx:
        tx.run(
            "update enrolment set ends_on = $on where student = $student",
            on=START,
            student=school.students[0],
        )
    loads = queries.caseloads(services.store, year=YEAR, on=LATER)
    assert dict(loads.select("name", "followed").iter_rows()) == {"Mme A": 0, "Mme B": 5}
    assert school.students[0] not in followed(services, LATER)
    assert assign(services, school, "B", 6, on=LATER) == 1
    others = dict.fromkeys(school.students[1:7], school.staff["A"])
    kept = commands.hand_over(
        services.store, PILOT, leaving=school.staff["B"], tutors=others, on=LATER, now=NOW
    )
    assert kept == 6


def test_whoever_leaves_hands_over_all_their_students_or_none(services: Services, school: School) -> None:
    assign(services, school, "A", 0, 1)
    students, other = school.students, school.staff["B"]
    with pytest.raises(ApdashError, match="1 élève resterait sans tuteur"):
        commands.hand_over(
            services.store, PILOT, leaving=school.staff["A"], tutors={students[0]: other}, on=LATER, now=NOW
        )
    assert set(followed(services, LATER).values()) == {"Mme A"}
    tutors = dict.fromkeys(students[:2], other)
    done = commands.hand_over(
        services.store, PILOT, leaving=school.staff["A"], tutors=tutors, on=LATER, now=NOW
    )
    assert done == 2
    assert set(followed(services, LATER).values()) == {"Mme B"}


def test_a_meeting_is_noted_by_the_tutor_and_read_by_them_alone(services: Services, school: School) -> None:
    assign(services, school, "A", 0)
    said = {"student": school.students[0], "on": LATER, "minutes": 15, "now": NOW}
    with pytest.raises(ApdashError, match="n’était pas tuteur"):
        commands.log_meeting(services.store, school.teacher("B"), words="", **said)
    meeting = commands.log_meeting(services.store, school.teacher("A"), words="Cherche un stage.", **said)
    commands.log_meeting(
        services.store,
        school.teacher("A"),
        words="A trouvé un stage.",
        meeting=meeting,
        **(said | {"minutes": 20}),
    )
    found = queries.meetings(services.store, school.teacher("A"), student=school.students[0])
    assert found.select("minutes", "words").rows() == [(20, "A trouvé un stage.")]
    services.store.read("select 1 as x")
    division = school.divisions["2TNE"]
    school.add("service", {"year": YEAR, "division": division, "staff": school.staff["C"], "subject": "X"})
    assert queries.meetings(services.store, school.teacher("C"))["words"].to_list() == [""]
    assert queries.tutorings(services.store, PILOT, on=LATER)["minutes"].to_list() == [20]


def test_a_meeting_taken_back_is_still_known_at_its_time(services: Services, school: School) -> None:
    assign(services, school, "A", 0)
    meeting = commands.log_meeting(
        services.store,
        school.teacher("A"),
        student=school.students[0],
        on=LATER,
        minutes=10,
        words="",
        now=NOW,
    )
    commands.erase_meeting(services.store, school.teacher("A"), meeting=meeting, now=NOW + timedelta(hours=1))
    assert queries.meetings(services.store, PILOT).is_empty()
    assert queries.meetings(services.store, PILOT, known_at=NOW).height == 1


def test_a_meeting_to_come_is_refused(services: Services, school: School) -> None:
    assign(services, school, "A", 0)
    with pytest.raises(ApdashError, match="n’est pas encore passé"):
        commands.log_meeting(
            services.store, school.teacher("A"), student=school.students[0], on=date(2026, 12, 1), minutes=10,
            words="", now=NOW,
        )  # fmt: skip


def test_only_the_pilot_gives_tutors(services: Services, school: School) -> None:
    with pytest.raises(ApdashError, match="réservé"):
        commands.assign_tutors(
            services.store, school.teacher("A"), tutors={school.students[0]: school.staff["A"]}, on=START,
            now=NOW, reason="BES",
        )  # fmt: skip


def test_a_tutor_sees_their_students_and_a_stranger_does_not(services: Services, school: School) -> None:
    assign(services, school, "A", 0, 1)
    assert queries.tutorings(services.store, school.teacher("A"), on=LATER).height == 2
    stranger = Viewer(login="x", name="X", role=Role.TEACHER, staff=None)
    assert queries.tutorings(services.store, stranger, on=LATER).is_empty()


def test_the_proposal_is_even_keeps_tutors_and_serves_wishes(services: Services, school: School) -> None:
    assign(services, school, "A", 0, 1)
    commands.set_wishes(
        services.store, PILOT, student=school.students[5], year=YEAR, staff=[school.staff["B"]], now=NOW
    )
    divisions = list(school.divisions.values())
    plan = propose_tutors(services.store, PILOT, year=YEAR, divisions=divisions, on=LATER)
    given = {match.student: match for match in plan.matches}
    assert plan.proven
    assert plan.most == 6
    assert sorted(pl.Series([match.staff for match in plan.matches]).value_counts()["count"]) == [6, 6]
    assert given[school.students[0]].why == given[school.students[1]].why == "stays"
    assert given[school.students[5]].staff == school.staff["B"]
    assert given[school.students[5]].why == "wish-1"


def test_the_students_of_an_adult_who_leaves_are_proposed_to_others(
    services: Services, school: School
) -> None:
    assign(services, school, "A", 0, 1)
    divisions = [school.divisions["2TNE"]]
    plan = propose_tutors(
        services.store,
        PILOT,
        year=YEAR,
        divisions=divisions,
        on=LATER,
        without=frozenset({school.staff["A"]}),
    )
    assert {match.staff for match in plan.matches} == {school.staff["B"]}


def test_loads_are_as_even_as_agreed_numbers_allow() -> None:
    assert even_loads({1: 10, 2: 10}, 12, {}) == {1: 6, 2: 6}
    assert even_loads({1: 3, 2: 10}, 12, {}) == {1: 3, 2: 9}
    assert even_loads({1: 10, 2: 10}, 12, {1: 8}) == {1: 8, 2: 6}
    assert even_loads({1: 2, 2: 2}, 12, {}) == {1: 2, 2: 2}
