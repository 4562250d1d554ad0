"""Groups and single acts: dated, reversible, and readable as of any day and as known at any moment."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from apdash.errors import ApdashError
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands import group_changes as changes
from apdash.store.commands import groups as acts
from apdash.store.commands.acts import undo_act
from apdash.store.commands.statements import Statement, add_statement
from apdash.store.queries import groups as queries
from apdash.store.queries.moves import flows, group_ages, moves_between
from apdash.store.queries.need_periods import need_periods
from tests.school_factory import DIRECTION, NOW, P1, PILOT, School, adopted, make_school

START = P1[0]
DAY = date(2026, 11, 19)
BEFORE = datetime(2026, 10, 1, 9, 0)


@pytest.fixture
def school(services: Services) -> School:
    """Sixteen students in three groups since 5 October: reading, maths, study."""
    made = make_school(services.store)
    made.add_students("2TNE", 8)
    made.add_students("2MRC", 8)
    for name, need in (("lecture", "REM-LEC"), ("calcul", "REM-MAT"), ("etude", "ACC-ETU")):
        made.add_staff(name, [need], ["mar-10"])
    people = made.students
    made.know(people, {"REM-LEC": 60, "REM-MAT": 60})
    groups = [
        ("mar-10", "REM-LEC", "lecture", people[:5]),
        ("mar-10", "REM-MAT", "calcul", people[5:10]),
        ("mar-10", "ACC-ETU", "etude", people[10:]),
    ]
    adopted(services, made, groups, on=START, now=BEFORE)
    return made


def group_of(services: Services, need: str) -> int:
    found = queries.groups_in_force(services.store, CONSOLE, on=DAY).filter(pl.col("need") == need)
    return found["ap_group"][0]


def sizes(services: Services, on: date) -> dict[str, int]:
    found = queries.groups_in_force(services.store, CONSOLE, on=on)
    return dict(found.select("need", "size").iter_rows())


def move(services: Services, student: int, need: str, *, on: date = DAY, **more: object) -> int:
    given = {"reason": "ELEV", "now": NOW, "acknowledged": True} | more
    return acts.move_student(
        services.store,
        PILOT,
        services.reference,
        student=student,
        group=group_of(services, need),
        on=on,
        **given,
    )


def test_a_group_in_force_tells_its_place_its_adult_and_its_size(services: Services, school: School) -> None:
    found = queries.groups_in_force(services.store, PILOT, on=DAY)
    expected = pl.DataFrame(
        {
            "code": ["2AP01", "2AP02", "2AP03"],
            "name": ["Étude accompagnée", "Atelier lecture", "Atelier calcul et mesure"],
            "need": ["ACC-ETU", "REM-LEC", "REM-MAT"],
            "slot_code": ["mar-10"] * 3,
            "staff_names": ["Mme ETUDE", "Mme LECTURE", "Mme CALCUL"],
            "size": [6, 5, 5],
            "suspended": [False] * 3,
        }
    )
    assert_frame_equal(found.select(expected.columns), expected)
    assert queries.groups_in_force(services.store, PILOT, on=START - timedelta(days=1)).is_empty()


def test_members_say_who_is_away_on_placement(services: Services, school: School) -> None:
    away = {
        "division": school.divisions["2TNE"],
        "starts_on": date(2026, 11, 16),
        "ends_on": date(2026, 11, 27),
    }
    school.add("placement", away)
    found = queries.members(services.store, PILOT, on=DAY, group=group_of(services, "REM-MAT"))
    assert found["away_until"].to_list().count(date(2026, 11, 27)) == 3
    assert queries.groups_in_force(services.store, PILOT, on=DAY)["away"].to_list() == [0, 5, 3]


def test_a_teacher_sees_only_their_own_students(services: Services, school: School) -> None:
    found = queries.members(services.store, school.teacher("lecture"), on=DAY)
    assert set(found["student"]) == set(school.students[:5])
    groups = queries.groups_in_force(services.store, school.teacher("lecture"), on=DAY)
    assert groups["need"].to_list() == ["REM-LEC"]
    other = school.students[7]
    assert queries.group_history(services.store, school.teacher("lecture"), student=other).is_empty()
    assert queries.group_history(services.store, PILOT, student=other).height == 1
    assert queries.acts(services.store, school.teacher("lecture")).is_empty()


def test_a_student_moves_today_and_the_move_can_be_undone(services: Services, school: School) -> None:
    before = queries.members(services.store, PILOT, on=DAY)
    act = move(services, school.students[0], "REM-MAT")
    assert sizes(services, DAY) == {"ACC-ETU": 6, "REM-LEC": 4, "REM-MAT": 6}
    assert sizes(services, DAY - timedelta(days=1))["REM-LEC"] == 5
    history = queries.group_history(services.store, PILOT, student=school.students[0])
    assert history.select("need", "starts_on", "ends_on", "why_began", "why_ended").rows() == [
        ("REM-LEC", START, DAY - timedelta(days=1), "BES", "ELEV"),
        ("REM-MAT", DAY, None, "ELEV", None),
    ]
    undo_act(services.store, PILOT, act=act, now=NOW)
    assert_frame_equal(queries.members(services.store, PILOT, on=DAY), before)
    assert queries.acts(services.store, PILOT, band=school.band)["kind"].to_list() == [
        "undo",
        "move",
        "adopt",
    ]


def test_an_undoing_can_itself_be_undone_but_not_repeated(services: Services, school: School) -> None:
    act = move(services, school.students[0], "REM-MAT")
    moved = queries.members(services.store, PILOT, on=DAY)
    undo = undo_act(services.store, PILOT, act=act, now=NOW)
    with pytest.raises(ApdashError, match="Déjà annulé"):
        undo_act(services.store, PILOT, act=act, now=NOW)
    undo_act(services.store, PILOT, act=undo, now=NOW)
    assert_frame_equal(queries.members(services.store, PILOT, on=DAY), moved)


def test_an_act_on_which_a_later_one_rests_is_not_undone_first(services: Services, school: School) -> None:
    first = move(services, school.students[0], "REM-MAT")
    second = move(services, school.students[0], "ACC-ETU", on=DAY + timedelta(days=7))
    with pytest.raises(ApdashError, match=r"changement d’élève du 26.nov\. 2026 \(pilote\)"):
        undo_act(services.store, PILOT, act=first, now=NOW)
    undo_act(services.store, PILOT, act=second, now=NOW)
    undo_act(services.store, PILOT, act=first, now=NOW)
    assert sizes(services, DAY)["REM-LEC"] == 5


def test_what_was_known_at_a_past_moment_is_unchanged_by_later_acts(
    services: Services, school: School
) -> None:
    known_at = NOW - timedelta(hours=1)
    before = queries.members(services.store, PILOT, on=DAY, known_at=known_at)
    groups = queries.groups_in_force(services.store, PILOT, on=DAY, known_at=known_at)
    act = move(services, school.students[0], "REM-MAT", on=date(2026, 11, 3))
    changes.suspend_group(
        services.store, PILOT, group=group_of(services, "ACC-ETU"), first=date(2026, 11, 3), last=DAY, now=NOW
    )
    undo_act(services.store, PILOT, act=act, now=NOW + timedelta(hours=1))
    assert_frame_equal(queries.members(services.store, PILOT, on=DAY, known_at=known_at), before)
    assert_frame_equal(queries.groups_in_force(services.store, PILOT, on=DAY, known_at=known_at), groups)
    assert queries.members(services.store, PILOT, on=DAY, known_at=BEFORE - timedelta(1)).is_empty()


def test_a_move_that_strains_a_rule_is_to_be_confirmed(services: Services, school: School) -> None:
    school.add_room("B1", 5, ["mar-10"])
    changes.change_room(
        services.store, PILOT, group=group_of(services, "REM-MAT"), room=school.rooms["B1"], on=DAY, now=NOW
    )
    school.know(school.students[0], {"REM-ECR": 10})
    with pytest.raises(ApdashError, match="La salle B1 tient 5 élèves, ils seraient 6"):
        move(services, school.students[0], "REM-MAT", acknowledged=False)
    assert sizes(services, DAY)["REM-MAT"] == 5


@pytest.mark.parametrize(("value", "words"), [(10, "sous le plancher de 25"), (None, "à confirmer")])
def test_a_need_that_no_bilan_shows_is_said(
    services: Services, school: School, value: int | None, words: str
) -> None:
    newcomer = school.add_students("2MRC", 1)[0]
    school.know(newcomer, {"REM-LEC": value})
    with pytest.raises(ApdashError, match=words):
        move(services, newcomer, "REM-LEC", acknowledged=False)


def test_a_group_left_too_small_is_said(services: Services, school: School) -> None:
    move(services, school.students[5], "ACC-ETU")
    with pytest.raises(ApdashError, match=r"n’aurait plus que 3.élèves, pour 5 au moins"):
        move(services, school.students[6], "REM-LEC", acknowledged=False)


def test_a_student_away_or_from_elsewhere_is_not_moved(services: Services, school: School) -> None:
    away = {
        "division": school.divisions["2TNE"],
        "starts_on": date(2026, 11, 16),
        "ends_on": date(2026, 11, 27),
    }
    school.add("placement", away)
    with pytest.raises(ApdashError, match="en PFMP jusqu’au"):
        move(services, school.students[0], "REM-MAT")
    with pytest.raises(ApdashError, match="aucune division de la bande"):
        move(services, 1, "REM-MAT")
    with pytest.raises(ApdashError, match="déjà dans le groupe"):
        move(services, school.students[15], "ACC-ETU")
    with pytest.raises(ApdashError, match="Motif inconnu"):
        move(services, school.students[15], "REM-LEC", reason="BOF")


def test_a_hidden_rule_stops_the_pilot_without_saying_more(services: Services, school: School) -> None:
    pair = (school.students[0], school.students[5])
    apart = Statement(kind="apart", students=pair)
    add_statement(services.store, DIRECTION, services.reference, band=school.band, statement=apart, now=NOW)
    checks = acts.move_checks(
        services.store,
        PILOT,
        services.reference,
        student=pair[0],
        group=group_of(services, "REM-MAT"),
        on=DAY,
    )
    assert checks.blocks == ("Une règle posée par la direction s’y oppose.",)
    seen = acts.move_checks(
        services.store,
        DIRECTION,
        services.reference,
        student=pair[0],
        group=group_of(services, "REM-MAT"),
        on=DAY,
    )
    assert seen.blocks == ()
    assert "sépare" in " ".join(seen.warnings)


def test_a_teacher_changes_no_group(services: Services, school: School) -> None:
    with pytest.raises(ApdashError, match="réservé"):
        acts.move_student(
            services.store, school.teacher("lecture"), services.reference, student=school.students[0],
            group=group_of(services, "REM-MAT"), on=DAY, reason="ELEV", now=NOW,
        )  # fmt: skip


def test_an_arrival_and_a_departure_are_single_acts(services: Services, school: School) -> None:
    newcomer = school.add_students("2MRC", 1, since=date(2026, 11, 16))[0]
    acts.welcome_student(
        services.store, PILOT, services.reference, student=newcomer, groups=[group_of(services, "ACC-ETU")],
        on=DAY, now=NOW,
    )  # fmt: skip
    assert sizes(services, DAY)["ACC-ETU"] == 7
    act = acts.end_memberships(
        services.store, PILOT, services.reference, student=newcomer, last_day=date(2026, 12, 4), now=NOW
    )
    assert sizes(services, date(2026, 12, 4))["ACC-ETU"] == 7
    assert sizes(services, date(2026, 12, 5))["ACC-ETU"] == 6
    with pytest.raises(ApdashError, match="Aucun groupe à quitter"):
        acts.end_memberships(
            services.store, PILOT, services.reference, student=newcomer, last_day=date(2026, 12, 4), now=NOW
        )
    undo_act(services.store, PILOT, act=act, now=NOW)
    assert sizes(services, date(2026, 12, 5))["ACC-ETU"] == 7


def test_students_without_a_group_are_listed(services: Services, school: School) -> None:
    newcomer = school.add_students("2MRC", 1)[0]
    found = queries.students_without_group(services.store, PILOT, band=school.band, on=DAY)
    assert found.select("student", "slot_code").rows() == [(newcomer, "mar-10")]


def test_an_agreement_is_recorded_by_whoever_leads_the_group(services: Services, school: School) -> None:
    teacher = school.teacher("lecture")
    mine = queries.members(services.store, teacher, on=DAY)["membership"][0]
    acts.record_agreement(services.store, teacher, membership=mine, agreement="trying", now=NOW)
    assert queries.members(services.store, teacher, on=DAY)["agreement"].to_list().count("trying") == 1
    other = queries.members(services.store, PILOT, on=DAY, group=group_of(services, "REM-MAT"))["membership"][
        0
    ]
    with pytest.raises(ApdashError, match="introuvable"):
        acts.record_agreement(services.store, teacher, membership=other, agreement="trying", now=NOW)


def test_a_replaced_adult_leaves_memberships_and_time_unbroken(services: Services, school: School) -> None:
    group = group_of(services, "REM-MAT")
    members = queries.members(services.store, PILOT, on=DAY, group=group)
    school.add_staff("remplacant", ["REM-MAT"], ["mar-10"])
    changes.replace_staff(
        services.store, PILOT, group=group, leaving=school.staff["calcul"], coming=school.staff["remplacant"],
        on=DAY, until=date(2026, 12, 4), now=NOW,
    )  # fmt: skip

    def adult(on: date) -> str:
        found = queries.groups_in_force(services.store, PILOT, on=on).filter(pl.col("ap_group") == group)
        return found["staff_names"].item()

    days = (DAY - timedelta(1), DAY, date(2026, 12, 4), date(2026, 12, 5))
    assert [adult(on) for on in days] == ["Mme CALCUL", "Mme REMPLACANT", "Mme REMPLACANT", "Mme CALCUL"]
    assert_frame_equal(queries.members(services.store, PILOT, on=DAY, group=group), members)


def test_an_adult_cannot_be_in_two_groups_at_once(services: Services, school: School) -> None:
    with pytest.raises(ApdashError, match="anime déjà 2AP02 à la même heure"):
        changes.add_staff(
            services.store,
            PILOT,
            group=group_of(services, "REM-MAT"),
            staff=school.staff["lecture"],
            on=DAY,
            now=NOW,
        )


def test_two_adults_lead_together_until_one_leaves(services: Services, school: School) -> None:
    group = group_of(services, "REM-MAT")
    school.add_staff("renfort", ["REM-MAT"], ["mar-10"])
    changes.add_staff(services.store, PILOT, group=group, staff=school.staff["renfort"], on=DAY, now=NOW)
    changes.remove_staff(
        services.store, PILOT, group=group, staff=school.staff["calcul"], on=date(2026, 12, 1), now=NOW
    )
    found = [
        queries.groups_in_force(services.store, PILOT, on=on)
        .filter(pl.col("ap_group") == group)["staff_names"]
        .item()
        for on in (DAY, date(2026, 12, 1))
    ]
    assert found == ["Mme CALCUL, Mme RENFORT", "Mme RENFORT"]


def test_a_suspended_group_comes_back_by_itself(services: Services, school: School) -> None:
    group = group_of(services, "REM-MAT")
    changes.suspend_group(services.store, PILOT, group=group, first=DAY, last=date(2026, 11, 27), now=NOW)

    def suspended(on: date) -> bool:
        found = queries.groups_in_force(services.store, PILOT, on=on).filter(pl.col("ap_group") == group)
        return found["suspended"].item()

    assert [suspended(on) for on in (DAY - timedelta(1), DAY, date(2026, 11, 27), date(2026, 11, 28))] == [
        False, True, True, False,
    ]  # fmt: skip


def test_a_merger_ends_by_itself_and_touches_no_membership(services: Services, school: School) -> None:
    reading, study = group_of(services, "REM-LEC"), group_of(services, "ACC-ETU")
    last = date(2026, 12, 4)
    history = queries.group_history(services.store, PILOT, student=school.students[0])
    changes.merge_groups(
        services.store, PILOT, services.reference, group=reading, into=study, first=DAY, last=last, now=NOW
    )
    assert sizes(services, DAY) == {"ACC-ETU": 11, "REM-LEC": 0, "REM-MAT": 5}
    assert sizes(services, last + timedelta(1)) == {"ACC-ETU": 6, "REM-LEC": 5, "REM-MAT": 5}
    seated = queries.members(services.store, PILOT, on=DAY, group=study)
    assert seated.filter(pl.col("own_group") == reading).height == 5
    assert_frame_equal(queries.group_history(services.store, PILOT, student=school.students[0]), history)
    with pytest.raises(ApdashError, match="Fusion impossible"):
        changes.merge_groups(
            services.store,
            PILOT,
            services.reference,
            group=study,
            into=reading,
            first=DAY,
            last=last,
            now=NOW,
        )


def test_a_merger_too_large_is_to_be_confirmed(services: Services, school: School) -> None:
    reading, maths = group_of(services, "REM-LEC"), group_of(services, "REM-MAT")
    for student in school.students[10:13]:
        move(services, student, "REM-MAT")
    merge = {"group": reading, "into": maths, "first": DAY, "last": DAY, "now": NOW}
    with pytest.raises(ApdashError, match="13 présents dans 2AP03, pour 12 au plus"):
        changes.merge_groups(services.store, PILOT, services.reference, **merge)
    changes.merge_groups(services.store, PILOT, services.reference, **merge, acknowledged=True)
    assert sizes(services, DAY)["REM-MAT"] == 13


def test_prolonging_is_recorded_and_moves_nobody(services: Services, school: School) -> None:
    before = queries.members(services.store, PILOT, on=date(2026, 12, 8))
    changes.prolong_groups(services.store, PILOT, band=school.band, on=DAY, until=date(2027, 1, 8), now=NOW)
    assert_frame_equal(queries.members(services.store, PILOT, on=date(2026, 12, 8)), before)
    last = queries.acts(services.store, PILOT).row(0, named=True)
    assert (last["kind"], last["words"]) == ("prolong", "Jusqu’au 8\u00a0janv. 2027.")


def test_moves_and_flows_between_two_days(services: Services, school: School) -> None:
    move(services, school.students[0], "REM-MAT")
    newcomer = school.add_students("2MRC", 1)[0]
    move(services, newcomer, "REM-LEC")
    found = moves_between(services.store, PILOT, band=school.band, first=START, second=DAY)
    assert dict(found["move"].value_counts().iter_rows()) == {"stays": 15, "need": 1, "enters": 1}
    assert flows(found).filter(pl.col("need_before") == "REM-LEC").rows() == [
        ("mar-10", "REM-LEC", "REM-LEC", 4),
        ("mar-10", "REM-LEC", "REM-MAT", 1),
    ]


def test_time_in_a_need_is_counted_by_need_whoever_leads(services: Services, school: School) -> None:
    move(services, school.students[0], "REM-MAT", on=date(2026, 12, 1))
    found = need_periods(services.store, year=2026, on=date(2027, 1, 9))
    assert found.filter(pl.col("student") == school.students[0]).rows() == [
        (school.students[0], "REM-MAT", 1)
    ]
    assert found.filter(pl.col("student") == school.students[1]).rows() == [
        (school.students[1], "REM-LEC", 2)
    ]
    ages = group_ages(services.store, PILOT, band=school.band, on=DAY)
    assert ages.select("code", "periods").rows() == [("2AP01", 1), ("2AP02", 1), ("2AP03", 1)]
