"""Objectives: at most three, agreed, seen again in class or not; programmes; who may read and write them."""

from datetime import date, timedelta

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.services import Services
from apdash.store.commands import objectives as commands
from apdash.store.commands.group_objectives import give_to_group
from apdash.store.commands.programmes import add_programme, end_programme, remove_programme
from apdash.store.commands.seen_again import answer_seen, ask_seen
from apdash.store.queries import objectives as queries
from tests.school_factory import P1, P2, PILOT, School
from tests.store.workshop_school import NOW, ON, PERIOD, group_of, workshop_school


@pytest.fixture
def school(services: Services) -> School:
    return workshop_school(services)


def fix(services: Services, school: School, rank: int = 0, **said: object) -> int:
    given = {"text": "Je souligne ce qu’on me demande", "evidence": "4 consignes sur 5", "on": ON, "now": NOW}
    return commands.set_objective(services.store, PILOT, student=school.students[rank], **(given | said))


def objectives(services: Services, school: School, rank: int = 0, viewer=PILOT, **asked) -> pl.DataFrame:
    return queries.objectives_of_student(
        services.store, viewer, student=school.students[rank], on=ON, **asked
    )


def test_an_objective_is_due_at_the_end_of_its_period_and_takes_the_need_of_its_group(
    services: Services, school: School
) -> None:
    fix(services, school, group=group_of(services, "REM-LEC"))
    row = objectives(services, school).row(0, named=True)
    assert (row["period"], row["due_on"], row["need"], row["agreed_on"]) == (PERIOD, P1[1], "REM-LEC", None)
    later = fix(services, school, on=date(2026, 11, 22), text="Je lis une page seul")
    assert objectives(services, school).filter(objective=later)["due_on"].item() == P2[1]


def test_a_fourth_objective_in_a_period_is_refused_in_words(services: Services, school: School) -> None:
    numbers = [fix(services, school, text=f"Objectif numéro {rank}") for rank in range(3)]
    with pytest.raises(ApdashError, match="Déjà trois objectifs"):
        fix(services, school, text="Un de trop")
    commands.drop_objective(services.store, PILOT, objective=numbers[0], now=NOW)
    assert fix(services, school, text="À sa place")
    with pytest.raises(ApdashError, match="Déjà trois objectifs"):
        commands.drop_objective(services.store, PILOT, objective=numbers[0], now=NOW, dropped=False)
    assert objectives(services, school)["dropped"].sum() == 1


@pytest.mark.parametrize(("text", "words"), [("ab", "Objectif attendu"), ("a" * 201, "Texte trop long")])
def test_an_objective_is_a_sentence(services: Services, school: School, text: str, words: str) -> None:
    with pytest.raises(ApdashError, match=words):
        fix(services, school, text=text)


def test_an_agreement_says_with_whom_when_and_by_whom_and_another_text_ends_it(
    services: Services, school: School
) -> None:
    number = fix(services, school)
    commands.agree(services.store, PILOT, objective=number, agreed_with="both", on=ON, now=NOW)
    later = NOW + timedelta(hours=1)
    commands.drop_objective(services.store, school.teacher("titulaire"), objective=number, now=later)
    commands.drop_objective(services.store, PILOT, objective=number, now=later, dropped=False)
    row = objectives(services, school).row(0, named=True)
    assert (row["agreed_with"], row["agreed_on"], row["agreed_by"]) == ("both", ON, "pilote")
    commands.revise_objective(
        services.store, PILOT, objective=number, text="Je lis à voix haute", evidence="", due_on=None,
        now=NOW + timedelta(hours=2),
    )  # fmt: skip
    row = objectives(services, school).row(0, named=True)
    assert (row["text"], row["agreed_with"], row["due_on"]) == ("Je lis à voix haute", None, P1[1])
    before = objectives(services, school, known_at=NOW).row(0, named=True)
    assert (before["text"], before["agreed_with"]) == ("Je souligne ce qu’on me demande", "both")


def test_the_objective_of_a_group_is_given_to_all_its_members_in_one_act(
    services: Services, school: School
) -> None:
    group = group_of(services, "REM-LEC")
    for rank in range(3):
        fix(services, school, text=f"Objectif numéro {rank}")
    given = give_to_group(
        services.store, school.teacher("lecture"), group=group, text="Je lis seul", evidence="3 fiches", on=ON, now=NOW
    )  # fmt: skip
    assert (given.given, given.had, given.full) == (3, 0, 1)
    again = give_to_group(services.store, PILOT, group=group, text="Je lis seul", on=ON, now=NOW)
    assert (again.given, again.had, again.full) == (0, 3, 1)
    found = queries.objectives_of_group(services.store, PILOT, group=group, period=PERIOD, on=ON)
    assert found.filter(text="Je lis seul")["student"].to_list() == school.students[1:4]
    with pytest.raises(ApdashError, match="Geste réservé"):
        give_to_group(services.store, school.teacher("calcul"), group=group, text="Non", on=ON, now=NOW)


def test_only_who_follows_a_student_sets_objectives(services: Services, school: School) -> None:
    for name in ("lecture", "titulaire"):
        commands.set_objective(
            services.store, school.teacher(name), student=school.students[0], text=f"Par {name}", on=ON, now=NOW
        )  # fmt: skip
    for name in ("calcul", "lettres"):
        with pytest.raises(ApdashError, match="Geste réservé"):
            commands.set_objective(
                services.store, school.teacher(name), student=school.students[0], text="Par un autre", on=ON, now=NOW
            )  # fmt: skip
    assert objectives(services, school, viewer=school.teacher("lettres")).height == 2
    assert objectives(services, school, viewer=school.teacher("calcul")).is_empty()


def test_a_teacher_of_the_division_is_asked_once_and_answers_in_one_touch(
    services: Services, school: School
) -> None:
    number, lettres = fix(services, school), school.teacher("lettres")
    ask = {"objective": number, "on": ON, "now": NOW}
    with pytest.raises(ApdashError, match="autre division"):
        ask_seen(services.store, PILOT, staff=school.staff["calcul"], **ask)
    ask_seen(services.store, PILOT, staff=school.staff["titulaire"], **ask)
    ask_seen(services.store, PILOT, staff=lettres.staff, **ask)
    assert queries.questions_to(services.store, school.teacher("titulaire"), on=ON).is_empty()
    assert queries.questions_to(services.store, lettres, on=ON)["objective"].to_list() == [number]
    with pytest.raises(ApdashError, match="Déjà demandé"):
        ask_seen(services.store, PILOT, staff=lettres.staff, **ask)
    with pytest.raises(ApdashError, match="Question absente"):
        answer_seen(services.store, school.teacher("titulaire"), objective=number, seen=True, on=ON, now=NOW)
    answer_seen(services.store, lettres, objective=number, seen=False, on=ON, now=NOW)
    assert queries.questions_to(services.store, lettres, on=ON).is_empty()
    with pytest.raises(ApdashError, match="il y a peu"):
        ask_seen(services.store, PILOT, staff=lettres.staff, **ask)
    later = ON + timedelta(weeks=3)
    ask_seen(services.store, PILOT, staff=lettres.staff, **(ask | {"on": later}))
    answer_seen(services.store, lettres, objective=number, seen=True, on=later, now=NOW)
    with pytest.raises(ApdashError, match="Déjà revu"):
        ask_seen(services.store, PILOT, staff=school.staff["titulaire"], **(ask | {"on": later}))
    seen = queries.seen_in_class(services.store, PILOT, student=school.students[0])
    assert seen.select("staff", "seen", "answered_on").rows() == [(lettres.staff, True, later)]


def test_who_leads_none_of_the_student_s_groups_is_proposed_first(services: Services, school: School) -> None:
    school.add(
        "service",
        {
            "year": 2026,
            "division": school.divisions["2TNE"],
            "staff": school.staff["lecture"],
            "subject": "FR",
        },
    )
    asked = queries.teachers_to_ask(services.store, PILOT, student=school.students[0], on=ON)
    assert asked["staff"].to_list() == [school.staff[name] for name in ("lettres", "titulaire", "lecture")]
    assert asked["leads"].to_list() == [False, False, True]


def test_a_programme_is_dated_and_read_as_it_was_known(services: Services, school: School) -> None:
    store, student = services.store, school.students[0]
    number = add_programme(
        store, school.teacher("titulaire"), services.reference, student=student, scheme="SOU", need="REM-LEC",
        group=group_of(services, "REM-LEC"), starts_on=P1[0], words="Un mardi sur deux", now=NOW,
    )  # fmt: skip
    later = NOW + timedelta(days=1)
    end_programme(store, PILOT, programme=number, ends_on=P1[1], now=later)
    found = queries.programmes_of_student(store, PILOT, student=student)
    assert found.select("scheme", "code", "ends_on", "words").row(0) == (
        "SOU", found["code"][0], P1[1], "Un mardi sur deux",
    )  # fmt: skip
    remove_programme(store, PILOT, programme=number, now=later + timedelta(days=1))
    assert queries.programmes_of_student(store, PILOT, student=student).is_empty()
    assert (
        queries.programmes_of_student(store, PILOT, student=student, known_at=NOW)["ends_on"].item() is None
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"scheme": "XXX"}, "Dispositif inconnu"),
        ({"need": "XXX"}, "Besoin inconnu"),
        ({"ends_on": date(2026, 9, 1)}, "Dates inversées"),
        ({"words": "a" * 201}, "Texte trop long"),
        ({"staff": 1}, "introuvable"),
    ],
)
def test_a_programme_that_makes_no_sense_is_refused(
    services: Services, school: School, said: dict, words: str
) -> None:
    given = {"student": school.students[0], "scheme": "SOU", "starts_on": P1[0], "now": NOW}
    with pytest.raises(ApdashError, match=words):
        add_programme(services.store, PILOT, services.reference, **(given | said))
