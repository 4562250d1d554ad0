"""The interviews of a division: who had theirs, and a student's ten questions."""

from collections.abc import Mapping

import dash_bootstrap_components as dbc
import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import card, link_button, page_head
from apdash.components.marks import badge
from apdash.components.states import empty
from apdash.diagnosis import choices
from apdash.labels import NBSP, count
from apdash.pages.page import Params
from apdash.pages.reviews import ids
from apdash.pages.reviews.grid import PATH, view_switch
from apdash.reference import Reference

_COMPUTED = "Calculé sur les questions 1 à 3, jamais gardé"
SILENCE = "-"  # "I prefer not to answer", an empty list in the store


def interviews_page(
    reference: Reference,
    head: Mapping,
    *,
    students: pl.DataFrame,
    answers: pl.DataFrame | None,
    told: tuple[int, int],
    params: Params,
) -> Component:
    """Return the interviews of a division; answers: interviews_of_division, None for who may not read them."""
    title = f"{head['label']}, entretiens de la {head['code']}"
    lead = html.Span(lead_words(*told), id=ids.INTERVIEW_LEAD)
    top = page_head(title, lead, view_switch(params, told))
    if answers is None:
        words = "Les réponses des élèves sont lues par leur professeur principal, le pilote et la direction."
        return html.Div([top, empty("Entretiens réservés", words, icon="lock")], className="page")
    chosen = students.filter(pl.col("student").cast(pl.String) == params.get("eleve", ""))
    body = html.Div(
        [
            card("Élèves", _list(reference, students, answers, params), class_name="interview-list"),
            _form(reference, head, chosen.row(0, named=True), students, answers, params)
            if chosen.height
            else _nobody(),
        ],
        className="interview-cols chosen" if chosen.height else "interview-cols",
    )
    return html.Div([top, body], className="page")


def choice_words(reference: Reference, answers: pl.DataFrame) -> list[Component]:
    """Return what the answers of one student say of their choice; nothing while there are too few."""
    found = choices(reference, answers.select("student", "question", "answers", age=pl.lit(0)))
    icon = {"confirmed": "check2", "ongoing": "arrow-repeat", "to_build": "signpost-split"}
    return [badge(f" {row['label']}", icon=icon[row["choice"]]) for row in found.iter_rows(named=True)]


def progress_words(answered: int, questions: int) -> str:
    """Return `7 / 10`, or that the interview is to be done."""
    return f"{answered} / {questions}" if answered else "à faire"


def status_words(answered: int, questions: int, at: str | None = None) -> str:
    """Return `7 réponses sur 10`, and when the last was saved."""
    words = f"{count(answered, 'réponse')} sur {questions}"
    return f"Enregistré à {at} · {words}" if at else words


def mark_class(answered: int, questions: int) -> str:
    """Return the circle of a student in the list: empty, half or full."""
    state = "check-circle-fill" if answered == questions else "circle-half" if answered else "circle"
    return f"bi bi-{state}"


def lead_words(done: int, students: int) -> str:
    """Return how many students of a division had their interview, in a sentence."""
    if not done:
        return "Aucun élève n’a encore eu le sien"
    return f"{count(done, 'élève')} sur {students} {'a eu le sien' if done == 1 else 'ont eu le leur'}"


def _list(reference: Reference, students: pl.DataFrame, answers: pl.DataFrame, params: Params) -> Component:
    questions = reference.interview["question"].n_unique()
    given = dict(answers.group_by("student").len().iter_rows())
    lines = []
    for row in students.iter_rows(named=True):
        many = given.get(row["student"], 0)
        here = str(row["student"]) == params.get("eleve")
        look = mark_class(many, questions)
        words = [
            html.I(className=look, id=ids.mark(row["student"]), **{"aria-hidden": "true"}),
            html.Span(_name(row)),
            html.Span(progress_words(many, questions), id=ids.told(row["student"]), className="muted s"),
        ]
        link = dcc.Link(
            words, href=address(PATH, params, eleve=str(row["student"])), className="on" if here else ""
        )
        lines.append(html.Li(link, **({"aria-current": "true"} if here else {})))
    return html.Ol(lines, className="people")


def _form(
    reference: Reference,
    head: Mapping,
    student: Mapping,
    students: pl.DataFrame,
    answers: pl.DataFrame,
    params: Params,
) -> Component:
    own = answers.filter(pl.col("student") == student["student"])
    given = dict(own.select("question", "answers").iter_rows())
    questions = reference.interview.partition_by("question", maintain_order=True)
    after = _after(students, student["student"])
    ahead = address(PATH, params, eleve=str(after))
    foot = [
        link_button("Liste des élèves", address(PATH, params, eleve=None), icon="list", kind="quiet"),
        link_button("Élève suivant", ahead, icon="arrow-right", kind="primary") if after else None,
    ]
    return card(
        _name(student),
        [
            dcc.Store(id=ids.INTERVIEW_WHO, data=_who(head, student)),
            html.Div([_question(rows, given) for rows in questions], className="questions"),
            html.Div(foot, className="d-flex gap-2 justify-content-end mt-3"),
        ],
        sub=html.Span(status_words(len(given), len(questions)), id=ids.INTERVIEW_STATUS, role="status"),
        right=html.Div(html.Span(choice_words(reference, own), id=ids.INTERVIEW_CHOICE), title=_COMPUTED),
        class_name="interview-form",
    )


def _question(rows: pl.DataFrame, given: Mapping[int, list[str]]) -> Component:
    number, text, most = rows.select("question", "text", "max_answers").row(0)
    options = [{"label": label, "value": code} for code, label in rows.select("answer", "label").iter_rows()]
    options.append({"label": "je préfère ne pas répondre", "value": SILENCE})
    now = given.get(number)
    shown = None if now is None else (now or [SILENCE])
    control = dbc.RadioItems if most == 1 else dbc.Checklist
    value = (shown or [None])[0] if most == 1 else (shown or [])
    return html.Fieldset(
        [
            html.Legend([html.Span(f"{number}.", className="n"), text]),
            control(id=ids.answer(number), options=options, value=value, className="answers", inline=True),
        ]
    )


def _nobody() -> Component:
    words = "Choisissez un élève\u00a0: ses réponses s’enregistrent au fur et à mesure."
    return html.Div(
        empty("Dix questions, cinq minutes", words, icon="chat-square-text"), className="card interview-form"
    )


def _after(students: pl.DataFrame, student: int) -> int | None:
    order = students["student"].to_list()
    place = order.index(student) + 1
    return order[place] if place < len(order) else None


def _who(head: Mapping, student: Mapping) -> dict[str, int]:
    return {"review": head["review"], "division": head["division"], "student": student["student"]}


def _name(row: Mapping) -> str:
    return f"{row['last_name']}{NBSP}{row['first_name']}".strip()
