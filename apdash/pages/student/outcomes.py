"""What became of a student: the result at the diploma and what they do after, told by the pilot or the direction."""

from datetime import date

from dash import html
from dash.development.base_component import Component

from apdash.components.frame import card
from apdash.errors import ApdashError
from apdash.imports.outcomes import OUTCOME_WORDS
from apdash.labels import school_year
from apdash.pages.gestures import Fields, Form, Gesture, Maker, opens
from apdash.pages.gestures.form import numbers
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.commands.success import record_outcomes
from apdash.store.queries.success import outcomes_of_student

NAME = "devenir"
_RESULTS = {"oui": True, "non": False, "": None}
_RESULT_WORDS = {True: "reçu", False: "non reçu", None: "non renseigné"}


def outcomes_card(services: Services, viewer: Viewer, student: int) -> Component | None:
    """Return the card, a line a school year, each with its gesture; None for whoever may not write it."""
    if not viewer.can(Action.IMPORT):
        return None
    lines = [
        html.Div([html.Span(school_year(row["year"]), className="soft"), _told(student, row)], className="kv")
        for row in outcomes_of_student(services.store, viewer, student=student).to_dicts()
    ]
    return card("Résultat et devenir", lines, class_name="mb-3 s no-print") if lines else None


def _told(student: int, row: dict) -> Component:
    return html.Span([_words(row), _edit(student, row["year"])])


def _words(row: dict) -> str:
    told = [f"diplôme : {_RESULT_WORDS[row['passed']]}"] if row["passed"] is not None else []
    told += [OUTCOME_WORDS[row["outcome"]]] if row["outcome"] else []
    return (", ".join(told) or "rien de noté").replace(" :", "\u00a0:")


def _edit(student: int, year: int) -> Component:
    said = {"aria-label": f"Noter le résultat et le devenir de {school_year(year)}"}
    icon = html.I(className="bi bi-pencil", **{"aria-hidden": "true"})
    attributes = opens(NAME, f"{student}-{year}") | said
    return html.Button(icon, type="button", className="btn btn-quiet btn-sm", **attributes)


def _form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    student, year = numbers(key)
    known = outcomes_of_student(services.store, viewer, student=student).filter(year=year)
    if known.is_empty():
        raise ApdashError("Élève introuvable.", "Il n’était pas inscrit cette année-là.")
    row, maker = known.row(0, named=True), Maker(NAME, key)
    result = {True: "oui", False: "non", None: ""}[row["passed"]]
    results = [("", "non renseigné"), ("oui", "reçu"), ("non", "non reçu")]
    after = [("", "encore au lycée, ou non renseignée"), *OUTCOME_WORDS.items()]
    parts = [
        maker.radio("result", "Diplôme préparé", results, result),
        maker.radio("after", "Situation après le départ", after, row["outcome"] or ""),
    ]
    return Form(f"Résultat et devenir, {school_year(year)}", parts, "Enregistrer")


def _do(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    student, year = numbers(key)
    record_outcomes(
        services.store,
        viewer,
        student=student,
        year=year,
        passed=_RESULTS.get(str(fields.get("result") or "")),
        outcome=str(fields.get("after") or "") or None,
        now=services.now(),
    )
    return f"Noté pour {school_year(year)}."


GESTURES = {NAME: Gesture("C’est noté", Action.IMPORT, _form, _do)}
