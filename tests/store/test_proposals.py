"""From a draft to groups in force: in order, in one transaction, never on a situation that changed, and back again."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from apdash.errors import ApdashError
from apdash.services import Services
from apdash.store.commands import proposals as commands
from apdash.store.commands.adoption import bring_back, put_in_force
from apdash.store.commands.group_changes import merge_groups, suspend_group
from apdash.store.commands.groups import move_student, record_agreement
from apdash.store.commands.statements import Statement, add_statement
from apdash.store.queries import proposals as queries
from apdash.store.queries.groups import group_history, groups_in_force, members
from tests.school_factory import DIRECTION, NOW, P1, P2, PILOT, School, adopted, draft, make_school, published

START, NEXT = P1[0], P2[0]
BEFORE = datetime(2026, 10, 1, 9, 0)


@pytest.fixture
def school(services: Services) -> School:
    """Fifteen students, two groups since October, four adults."""
    made = make_school(services.store)
    made.add_students("2TNE", 8)
    made.add_students("2MRC", 7)
    for name in ("lecture", "calcul", "etude", "autre"):
        made.add_staff(name, ["REM-LEC", "REM-MAT", "ACC-ETU"], ["mar-10"])
    made.know(made.students, {"REM-LEC": 60})
    people = made.students
    groups = [("mar-10", "REM-LEC", "lecture", people[:7]), ("mar-10", "ACC-ETU", "etude", people[7:])]
    adopted(services, made, groups, on=START, now=BEFORE)
    return made


def next_groups(school: School) -> list:
    """Reading goes on with one student less; study gives way to maths and a second reading group."""
    people = school.students
    return [
        ("mar-10", "REM-LEC", "lecture", people[:6]),
        ("mar-10", "REM-LEC", "autre", people[7:11]),
        ("mar-10", "REM-MAT", "calcul", [people[6], *people[11:]]),
    ]


def frames(services: Services, on: date) -> list[pl.DataFrame]:
    return [groups_in_force(services.store, PILOT, on=on), members(services.store, PILOT, on=on)]


def test_a_proposal_goes_through_the_direction_before_it_is_published(
    services: Services, school: School
) -> None:
    proposal = draft(services, school, next_groups(school), on=NEXT)
    with pytest.raises(ApdashError, match="Étape impossible"):
        commands.publish(services.store, PILOT, proposal=proposal, now=NOW)
    commands.propose(services.store, PILOT, proposal=proposal, now=NOW)
    with pytest.raises(ApdashError, match="réservé à la direction"):
        commands.validate(services.store, PILOT, proposal=proposal, now=NOW)
    warnings = commands.validate(services.store, DIRECTION, proposal=proposal, now=NOW)
    assert warnings == []
    with pytest.raises(ApdashError, match="d’abord validée par la direction, puis publiée"):
        put_in_force(services.store, PILOT, services.reference, proposal=proposal, now=NOW)
    commands.publish(services.store, PILOT, proposal=proposal, now=NOW)
    assert queries.proposals(services.store, PILOT, year=2026)["state"].to_list() == ["published", "in_force"]


def test_short_notice_is_said_not_forbidden(services: Services, school: School) -> None:
    proposal = draft(services, school, next_groups(school), on=NEXT)
    friday = datetime(2026, 11, 20, 9, 0)
    commands.propose(services.store, PILOT, proposal=proposal, now=friday)
    warnings = commands.validate(services.store, DIRECTION, proposal=proposal, now=friday)
    assert warnings == [
        "Il reste 1\u00a0jour de classe avant l’entrée en vigueur : 3 sont conseillés pour prévenir élèves et familles."
    ]


def test_putting_in_force_keeps_opens_and_closes_groups(services: Services, school: School) -> None:
    reading = groups_in_force(services.store, PILOT, on=START)["ap_group"].to_list()[1]
    done = adopted(services, school, next_groups(school), on=NEXT)
    assert (done.kept, len(done.opened), len(done.closed), done.moved, done.without) == (
        (reading,),
        2,
        1,
        9,
        0,
    )
    found = groups_in_force(services.store, PILOT, on=NEXT).sort("code")
    assert found.select("code", "name", "need", "size").rows() == [
        ("2AP02", "Atelier lecture", "REM-LEC", 6),
        ("2AP03", "Atelier lecture 2", "REM-LEC", 4),
        ("2AP04", "Atelier calcul et mesure", "REM-MAT", 5),
    ]
    stayed = group_history(services.store, PILOT, student=school.students[0])
    assert stayed.select("need", "starts_on", "ends_on").rows() == [("REM-LEC", START, None)]
    moved = group_history(services.store, PILOT, student=school.students[6])
    assert moved.select("need", "starts_on", "ends_on", "why_began", "why_ended").rows() == [
        ("REM-LEC", START, NEXT - timedelta(1), "BES", "BES"),
        ("REM-MAT", NEXT, None, "BES", None),
    ]


def test_groups_of_before_stand_until_the_day(services: Services, school: School) -> None:
    before = frames(services, NEXT - timedelta(1))
    adopted(services, school, next_groups(school), on=NEXT)
    after = frames(services, NEXT - timedelta(1))
    for one, other in zip(before, after, strict=True):
        assert_frame_equal(one.drop("ends_on"), other.drop("ends_on"))


def test_a_proposal_may_take_effect_later_than_planned(services: Services, school: School) -> None:
    proposal = draft(services, school, next_groups(school), on=NEXT)
    published(services, proposal)
    later = date(2026, 11, 30)
    put_in_force(services.store, PILOT, services.reference, proposal=proposal, now=NOW, effective_from=later)
    needs = [groups_in_force(services.store, PILOT, on=on)["need"].to_list() for on in (NEXT, later)]
    assert needs == [["ACC-ETU", "REM-LEC"], ["REM-LEC", "REM-LEC", "REM-MAT"]]
    assert queries.proposal(services.store, PILOT, proposal=proposal).effective_from == later


def test_no_group_outlives_its_school_year(services: Services, school: School) -> None:
    adopted(services, school, next_groups(school), on=NEXT)
    assert groups_in_force(services.store, PILOT, on=date(2027, 7, 2)).height == 3
    assert groups_in_force(services.store, PILOT, on=date(2027, 7, 3)).is_empty()
    assert members(services.store, PILOT, on=date(2027, 9, 7)).is_empty()
    school.add("school_year", {"year": 2027, "starts_on": date(2027, 9, 1), "ends_on": date(2028, 7, 1)})
    last = group_history(services.store, PILOT, student=school.students[0]).row(-1, named=True)
    assert (last["ends_on"], last["why_ended"]) == (date(2027, 7, 2), None)


def test_bringing_back_restores_exactly_what_was(services: Services, school: School) -> None:
    before = [frame for on in (START, NEXT) for frame in frames(services, on)]
    proposal = draft(services, school, next_groups(school), on=NEXT)
    published(services, proposal)
    put_in_force(services.store, PILOT, services.reference, proposal=proposal, now=NOW)
    bring_back(services.store, PILOT, proposal=proposal, now=NOW + timedelta(hours=2))
    after = [frame for on in (START, NEXT) for frame in frames(services, on)]
    for one, other in zip(before, after, strict=True):
        assert_frame_equal(one, other)
    assert queries.proposal(services.store, PILOT, proposal=proposal).state == "undone"


def test_a_later_act_keeps_an_adoption_from_being_taken_back(services: Services, school: School) -> None:
    proposal = draft(services, school, next_groups(school), on=NEXT)
    published(services, proposal)
    put_in_force(services.store, PILOT, services.reference, proposal=proposal, now=NOW)
    maths = (
        groups_in_force(services.store, PILOT, on=NEXT).filter(pl.col("need") == "REM-MAT")["ap_group"].item()
    )
    newcomer = school.add_students("2MRC", 1)[0]
    move_student(
        services.store, PILOT, services.reference, student=newcomer, group=maths, on=date(2026, 11, 24),
        reason="ARR", now=NOW, acknowledged=True,
    )  # fmt: skip
    before = frames(services, NEXT)
    with pytest.raises(ApdashError, match=r"arrivée du 24.nov\. 2026 \(pilote\)"):
        bring_back(services.store, PILOT, proposal=proposal, now=NOW)
    for one, other in zip(before, frames(services, NEXT), strict=True):
        assert_frame_equal(one, other)


def test_nothing_is_put_in_force_on_a_situation_that_changed(services: Services, school: School) -> None:
    proposal = draft(services, school, next_groups(school), on=NEXT)
    published(services, proposal)
    study = (
        groups_in_force(services.store, PILOT, on=NEXT).filter(pl.col("need") == "ACC-ETU")["ap_group"].item()
    )
    move_student(
        services.store, PILOT, services.reference, student=school.students[0], group=study, on=date(2026, 11, 19),
        reason="ELEV", now=NOW, acknowledged=True,
    )  # fmt: skip
    apart = Statement(kind="apart", students=tuple(school.students[:2]))
    add_statement(services.store, DIRECTION, services.reference, band=school.band, statement=apart, now=NOW)
    school.know(school.students[0], {"REM-MAT": 90})
    school.add_students("2MRC", 1)
    away = {"division": school.divisions["2TNE"], "starts_on": NEXT, "ends_on": NEXT}
    school.add("placement", away)
    before = frames(services, NEXT)
    with pytest.raises(ApdashError) as refused:
        put_in_force(services.store, PILOT, services.reference, proposal=proposal, now=NOW)
    assert refused.value.message == (
        "Depuis le calcul, les groupes actuels ont changé, les besoins du bilan ont changé, les demandes posées ont "
        "changé, la liste des élèves a changé et la bande, le calendrier ou les PFMP ont changé. Relancez le calcul : "
        "rien n’a été modifié."
    )
    for one, other in zip(before, frames(services, NEXT), strict=True):
        assert_frame_equal(one, other)
    assert queries.proposal(services.store, PILOT, proposal=proposal).state == "published"


def test_an_agreement_recorded_meanwhile_changes_nothing_underneath(
    services: Services, school: School
) -> None:
    proposal = draft(services, school, next_groups(school), on=NEXT)
    mine = members(services.store, PILOT, on=START)["membership"][0]
    record_agreement(services.store, PILOT, membership=mine, agreement="agreed", now=NOW)
    found = queries.proposal(services.store, PILOT, proposal=proposal)
    assert queries.changes_underneath(services.store, proposal=found, effective_from=NEXT) == []


def test_a_student_away_keeps_their_group_or_follows_their_need(services: Services, school: School) -> None:
    people = school.students
    outside = [people[0], people[13], people[14]]
    groups = [
        ("mar-10", "REM-LEC", "autre", people[1:7]),
        ("mar-10", "ACC-ETU", "etude", [student for student in people[7:] if student not in outside]),
    ]
    done = adopted(services, school, groups, on=NEXT)
    found = members(services.store, PILOT, on=NEXT)
    seats = dict(found.select("student", "need").iter_rows())
    assert [seats[student] for student in outside] == ["REM-LEC", "ACC-ETU", "ACC-ETU"]
    assert done.moved == 7
    last = group_history(services.store, PILOT, student=people[0]).row(-1, named=True)
    assert (last["starts_on"], last["why_began"]) == (NEXT, "PFMP")


def test_a_student_away_whose_need_closes_is_received_in_study(services: Services, school: School) -> None:
    people = school.students
    groups = [
        ("mar-10", "REM-MAT", "calcul", people[2:7]),
        ("mar-10", "ACC-ETU", "etude", people[7:]),
    ]
    done = adopted(services, school, groups, on=NEXT)
    seats = dict(members(services.store, PILOT, on=NEXT).select("student", "need").iter_rows())
    assert [seats[student] for student in people[:2]] == ["ACC-ETU", "ACC-ETU"]
    assert done.without == 0
    last = group_history(services.store, PILOT, student=people[0]).row(-1, named=True)
    assert last["why_began"] == "PFMP"


def test_a_full_group_takes_no_more_students_who_are_away(services: Services, school: School) -> None:
    newcomers = school.add_students("2MRC", 3)
    school.know(newcomers, {"REM-LEC": 70})
    people = school.students
    groups = [
        ("mar-10", "REM-LEC", "autre", [*people[1:7], *newcomers]),
        ("mar-10", "ACC-ETU", "etude", people[8:15]),
    ]
    adopted(services, school, groups, on=NEXT)
    found = groups_in_force(services.store, PILOT, on=NEXT)
    assert dict(found.select("need", "size").iter_rows()) == {"ACC-ETU": 8, "REM-LEC": 10}


def test_without_a_reception_group_a_student_away_keeps_their_need(
    services: Services, school: School
) -> None:
    newcomers = school.add_students("2MRC", 4)
    people = school.students
    groups = [("mar-10", "REM-LEC", "autre", [*people[1:7], *newcomers])]
    done = adopted(services, school, groups, on=NEXT)
    seats = dict(members(services.store, PILOT, on=NEXT).select("student", "need").iter_rows())
    assert seats[people[0]] == "REM-LEC"
    assert done.without == 8


def test_whoever_is_left_without_a_place_is_counted(services: Services, school: School) -> None:
    people = school.students
    groups = [("mar-10", "REM-LEC", "lecture", people[:7]), ("mar-10", "ACC-ETU", "etude", people[7:14])]
    done = adopted(services, school, groups, on=NEXT, unplaced=((people[14], "mar-10"),))
    assert (done.moved, done.without) == (1, 1)
    assert members(services.store, PILOT, on=NEXT).height == 14


def test_mergers_end_where_a_new_composition_begins(services: Services, school: School) -> None:
    study, reading = groups_in_force(services.store, PILOT, on=START)["ap_group"].to_list()
    last = date(2026, 12, 18)
    merge_groups(
        services.store, PILOT, services.reference, group=reading, into=study, first=date(2026, 11, 19), last=last,
        now=NOW,
    )  # fmt: skip
    suspend_group(
        services.store, PILOT, group=study, first=date(2026, 12, 7), last=date(2026, 12, 11), now=NOW
    )
    people = school.students
    same = [("mar-10", "REM-LEC", "lecture", people[:7]), ("mar-10", "ACC-ETU", "etude", people[7:])]
    done = adopted(services, school, same, on=NEXT)
    assert (done.opened, done.closed, done.moved) == ((), (), 0)
    found = groups_in_force(services.store, PILOT, on=NEXT)
    assert found.select("need", "size", "merged_into").rows() == [("ACC-ETU", 8, None), ("REM-LEC", 7, None)]
    suspended = groups_in_force(services.store, PILOT, on=date(2026, 12, 8))["suspended"].to_list()
    assert suspended == [True, False]


def test_a_rejected_proposal_stays_readable_with_its_reason(services: Services, school: School) -> None:
    proposal = draft(services, school, next_groups(school), on=NEXT)
    with pytest.raises(ApdashError, match="Motif attendu"):
        commands.reject(services.store, PILOT, proposal=proposal, reason=" ", now=NOW)
    commands.reject(services.store, PILOT, proposal=proposal, reason="On vient de commencer.", now=NOW)
    row = queries.proposals(services.store, PILOT, year=2026).row(0, named=True)
    assert (row["state"], row["reason"], row["decided_by"]) == (
        "rejected",
        "On vient de commencer.",
        "pilote",
    )
    with pytest.raises(ApdashError, match="Rejet impossible"):
        commands.reject(services.store, PILOT, proposal=proposal, reason="Encore.", now=NOW)


def test_a_teacher_reads_no_proposal(services: Services, school: School) -> None:
    proposal = draft(services, school, next_groups(school), on=NEXT)
    assert queries.proposals(services.store, school.teacher("lecture"), year=2026).is_empty()
    with pytest.raises(ApdashError, match="réservé"):
        queries.proposal(services.store, school.teacher("lecture"), proposal=proposal)
