"""The tables a school would import: the degrees of September's tests, the answers to an online form."""

import csv
import io
from datetime import datetime, time, timedelta

from apdash.demo import interviews, seen
from apdash.demo.calendar_plan import ReviewPlan
from apdash.demo.chance import stream
from apdash.demo.people import Person
from apdash.demo.seen import Memory
from apdash.imports import ImportFile, ImportOptions, commit, preview
from apdash.reference import Reference
from apdash.rights import CONSOLE
from apdash.services import Services

_TESTS = {
    "FR_ecrit": "LIR", "FR_langue": "ECR", "FR_oral": "ORA", "MA_donnees": "DON", "MA_calcul": "CAL",
    "MA_geometrie": "CAL", "MA_resolution": "RAI",
}  # fmt: skip
_IDENTITY = ("INE", "Nom", "Prénom", "Classe")
_RATHER_NOT = "Je préfère ne pas répondre"


def import_tests(
    services: Services, people: list[Person], memory: Memory, *, plan: ReviewPlan, review: int
) -> None:
    """Import the degrees of the national tests; whoever was away has « Abs »."""
    lines = []
    for person in people:
        draw = stream(memory.seed, "test", person.number, plan.year)
        away = draw.random() < 0.5 * (1 - person.profile.presence)
        values = [seen.true_value(memory, person, code, on=plan.opens_on) for code in _TESTS.values()]
        degrees = [str(seen.level_of(value + draw.gauss(0, 0.4))) for value in values]
        lines.append([*_identity(person, plan), *(["Abs"] * len(degrees) if away else degrees)])
    data = _csv([*_IDENTITY, *_TESTS], lines)
    _import(services, ImportFile("tests_de_positionnement.csv", data), plan=plan, review=review)


def import_interviews(
    services: Services, people: list[Person], *, plan: ReviewPlan, review: int, seed: int
) -> None:
    """Import the answers to the ten questions, as an online form gives them; a few students never filled it in."""
    questions, labels = _questions(services.reference)
    lines = []
    for person in people:
        stay = person.stay_on(plan.closes_on)
        if stay is None or stream(seed, "form", person.number, plan.year).random() < 0.04:
            continue
        given = interviews.answers(person, stay.division, plan=plan, seed=seed)
        cells = [
            ", ".join(labels[number, code] for code in given[number]) or _RATHER_NOT for number in questions
        ]
        lines.append([*_identity(person, plan), *cells])
    data = _csv([*_IDENTITY, *questions.values()], lines)
    _import(services, ImportFile("questionnaire.csv", data), plan=plan, review=review)


def _questions(reference: Reference) -> tuple[dict[int, str], dict[tuple[int, str], str]]:
    """Return the title of each question, and the label of each answer."""
    rows = reference.interview.select("question", "text", "answer", "label").rows()
    titles = {number: f"Q{number} {text}" for number, text, _answer, _label in rows}
    return titles, {(number, answer): label for number, _text, answer, label in rows}


def _identity(person: Person, plan: ReviewPlan) -> list[str]:
    stay = person.stay_on(plan.closes_on)
    division = stay.division.code if stay else ""
    return [person.national_number, person.last_name.upper(), person.first_name, division]


def _csv(titles: list[str], lines: list[list[str]]) -> bytes:
    target = io.StringIO()
    csv.writer(target, delimiter=";", lineterminator="\r\n").writerows([titles, *lines])
    return target.getvalue().encode("utf-8-sig")


def _import(services: Services, file: ImportFile, *, plan: ReviewPlan, review: int) -> None:
    shown = preview(services, CONSOLE, files=[file], options=ImportOptions(review=review))
    if shown.refused.height:
        raise RuntimeError(f"The school's own tables are refused: {shown.refused.rows()[:3]}")
    moment = datetime.combine(plan.closes_on - timedelta(days=4), time(17, 5))
    commit(services, CONSOLE, shown, now=moment)
