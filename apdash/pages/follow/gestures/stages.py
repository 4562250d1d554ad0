"""Gestures of stages: one is proposed, then each student goes step by step to the end."""

from datetime import date, timedelta

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.errors import ApdashError
from apdash.labels import NBSP, count, day
from apdash.pages.follow.words import KINDS, OUTCOMES, READ, length, student_words
from apdash.pages.gestures.form import Fields, Form, Maker, chosen_many, day_of, numbers, whole_field
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.commands import stages as commands
from apdash.store.commands.stage_checks import is_of_age
from apdash.store.queries import stages as queries
from apdash.store.queries.calendar import current_year, staff
from apdash.store.queries.catalogue import formations
from apdash.store.queries.students import roster

_BY = [("family", "la famille"), ("student", "l’élève majeur")]


def stage_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that proposes a stage, or changes one."""
    number = numbers(key)[0]
    row = _stage(services, number) if number else None
    make = Maker("stage-edit" if row else "stage-new", key)
    rows = staff(services.store).to_dicts()
    adults = [(str(one["id"]), f"{one['title']} {one['last_name']}".strip()) for one in rows]
    goals = [("", "Aucune"), *formations(services.store).select("code", "label").iter_rows()]
    first = row["starts_on"] if row else on
    said = row or {
        "label": "",
        "content": "",
        "place": "",
        "kind": "remise_a_niveau",
        "seats": 12,
        "minutes": 15 * 60,
    }
    parts: list[Component] = [
        make.radio("kind", "Sorte", list(KINDS.items()), said["kind"]),
        make.text("label", "Nom", said["label"], most=80),
        make.text("content", "Contenu", said["content"], most=commands.TEXT),
        make.day("first", "Du", first),
        make.day("last", "Au", row["ends_on"] if row else first + timedelta(days=4)),
        make.number("hours", "Durée en heures", said["minutes"] // 60, low=1, high=200),
        make.number("seats", "Places", said["seats"], low=1, high=100),
        make.text("place", "Lieu", said["place"], most=80),
        make.select(
            "staff", "Responsable", [("", "À désigner"), *adults], str(row["staff"] or "") if row else ""
        ),
        make.select("goal", "Formation visée (passerelle)", goals, (row["to_mef"] or "") if row else ""),
    ]
    return Form(
        title=f"Modifier {row['label']}" if row else "Proposer un stage", parts=parts, verb="Enregistrer"
    )


def stage(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Write the stage; return what to say."""
    number, year = numbers(key)[0], current_year(services.store, services.today())
    leader = str(fields.get("staff") or "")
    commands.save_stage(
        services.store, viewer, year=year or 0, kind=str(fields.get("kind") or ""), label=_text(fields, "label"),
        content=_text(fields, "content"), place=_text(fields, "place"), starts_on=day_of(fields, "first"),
        ends_on=day_of(fields, "last"), minutes=60 * whole_field(fields, "hours", "une durée en heures"),
        seats=whole_field(fields, "seats", "un nombre de places"), to_mef=_text(fields, "goal") or None,
        staff=int(leader) if leader.isdigit() else None, stage=number or None, now=services.now(),
    )  # fmt: skip
    return f"{_text(fields, 'label')}."


def withdraw_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that takes a stage away."""
    row = _stage(services, numbers(key)[0])
    waiting = (
        f" {count(row['recommended'], 'élève l’attend', 'élèves l’attendent')}." if row["recommended"] else ""
    )
    parts = [html.P(f"{KINDS[row['kind']]} du {day(row['starts_on'])} au {day(row['ends_on'])}.{waiting}")]
    return Form(title=f"Retirer {row['label']}", parts=parts, verb="Retirer", verb_icon="trash")


def withdraw(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Take the stage away; return what to say."""
    label = _stage(services, numbers(key)[0])["label"]
    commands.withdraw_stage(services.store, viewer, stage=numbers(key)[0], now=services.now())
    return f"{label}."


def recommend_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that records whom the conseil de classe recommended it to."""
    row, make = _stage(services, numbers(key)[0]), Maker("stage-recommend", key)
    known = queries.stage_students(services.store, viewer, stage=row["id"]).filter(
        pl.col("recommended_on").is_not_null()
    )
    people = roster(services.store, viewer, on=services.today()).join(known, on="student", how="anti")
    options = [
        (str(one["student"]), f"{student_words(one)}, {one['division_code']}") for one in people.to_dicts()
    ]
    parts = [
        html.P("Le conseil de classe recommande ; l’élève et sa famille, informés, acceptent ou non."),
        make.many("students", "Élèves", sorted(options, key=lambda one: one[1])),
        make.day("on", "Conseil de classe du", services.today()),
    ]
    return Form(title=f"Recommander {row['label']}", parts=parts, verb="Enregistrer")


def recommended(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Write the recommendations; return what to say."""
    chosen = chosen_many(fields, "students", "un élève au moins")
    done = commands.recommend(
        services.store,
        viewer,
        stage=numbers(key)[0],
        students=chosen,
        on=day_of(fields, "on"),
        now=services.now(),
    )
    return f"{count(done, 'élève')}."


def inform_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that records that students and families were told."""
    row, make = _stage(services, numbers(key)[0]), Maker("stage-inform", key)
    waiting = _waiting(services, viewer, row["id"])
    options = [
        (str(one["student"]), f"{student_words(one)}, {one['division_code']}") for one in waiting.to_dicts()
    ]
    told = f"{row['label']}, {length(row['minutes'])}, du {day(row['starts_on'])} au {day(row['ends_on'])}"
    parts = [
        html.P(f"Contenu, durée, organisation{NBSP}: {told}."),
        make.many("students", "Informés", options, [key for key, _ in options]),
        make.day("on", "Le", services.today()),
    ]
    return Form(title=f"Information sur {row['label']}", parts=parts, verb="Enregistrer")


def informed(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Write that they were told; return what to say."""
    chosen = chosen_many(fields, "students", "un élève au moins")
    done = commands.inform(
        services.store,
        viewer,
        stage=numbers(key)[0],
        students=chosen,
        on=day_of(fields, "on"),
        now=services.now(),
    )
    return f"{count(done, 'élève')}."


def consent_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that records the answer."""
    row, make = _line(services, viewer, key), Maker("stage-consent", key)
    parts = [
        html.P(
            f"{row['label']}, informé le {day(row['informed_on'])}." if row["informed_on"] else row["label"]
        ),
        make.radio("given", "Réponse", [("yes", "d’accord"), ("no", "pas d’accord")], "yes"),
        make.radio(
            "by", "Donnée par", _BY, "student" if is_of_age(row["born_on"], services.today()) else "family"
        ),
        make.day("on", "Le", services.today()),
    ]
    return Form(title=f"Accord pour {student_words(row)}", parts=parts, verb="Enregistrer")


def consent(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Write the answer; return what to say."""
    stage, student = numbers(key)
    commands.record_consent(
        services.store, viewer, stage=stage, student=student, given=fields.get("given") == "yes",
        by=str(fields.get("by") or ""), on=day_of(fields, "on"), now=services.now(),
    )  # fmt: skip
    return "D’accord." if fields.get("given") == "yes" else "Pas d’accord : rien d’autre n’est demandé."


def enrol_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that enrols a student."""
    row, make = _line(services, viewer, key), Maker("stage-enrol", key)
    parts = [
        html.P(f"{row['label']}, du {day(row['starts_on'])} au {day(row['ends_on'])}."),
        make.day("on", "Inscrit le", services.today()),
    ]
    return Form(title=f"Inscrire {student_words(row)}", parts=parts, verb="Inscrire")


def enrolled(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Enrol; return what to say."""
    stage, student = numbers(key)
    on = day_of(fields, "on")
    commands.enrol(services.store, viewer, stage=stage, student=student, on=on, now=services.now())
    return f"Le {day(on)}."


def end_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that records how it ended."""
    row, make = _line(services, viewer, key), Maker("stage-end", key)
    parts = [
        make.radio("outcome", "Issue", list(OUTCOMES.items()), "done"),
        make.number("hours", "Heures suivies", row["minutes"] // 60, low=0, high=row["minutes"] // 60),
        make.text("words", "En une phrase", "", most=commands.TEXT),
        html.P(READ, className="s soft"),
        make.day("on", "Le", min(max(row["ends_on"], row["starts_on"]), services.today())),
    ]
    return Form(title=f"Fin du stage de {student_words(row)}", parts=parts, verb="Enregistrer")


def ended(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Write how it ended; return what to say."""
    stage, student = numbers(key)
    outcome = str(fields.get("outcome") or "")
    commands.end_stage(
        services.store, viewer, stage=stage, student=student, outcome=outcome,
        minutes_done=60 * whole_field(fields, "hours", "les heures suivies"), words=_text(fields, "words"),
        on=day_of(fields, "on"), now=services.now(),
    )  # fmt: skip
    return f"{OUTCOMES[outcome].capitalize()}."


def off_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that takes a student off a stage."""
    row = _line(services, viewer, key)
    words = f"{student_words(row)} n’est plus proposé pour {row['label']}. Ce qui a été noté reste dans l’historique."
    about = html.P(words)
    return Form(title="Retirer du stage", parts=[about], verb="Retirer", verb_icon="x-lg")


def off(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Take the student off; return what to say."""
    stage, student = numbers(key)
    commands.take_off(services.store, viewer, stage=stage, student=student, now=services.now())
    return "Retiré de la liste."


def _stage(services: Services, number: int) -> dict:
    year = current_year(services.store, services.today())
    rows = queries.stages(services.store, year=year or 0).filter(pl.col("id") == number)
    if rows.is_empty():
        raise ApdashError("Stage introuvable.", "Il n’existe pas ou plus : rechargez la page.")
    return rows.row(0, named=True)


def _line(services: Services, viewer: Viewer, key: str) -> dict:
    stage, student = numbers(key)
    rows = queries.stage_students(services.store, viewer, stage=stage, student=student)
    if rows.is_empty():
        raise ApdashError("Élève introuvable.", "Il n’est pas, ou plus, sur la liste de ce stage.")
    return rows.row(0, named=True)


def _waiting(services: Services, viewer: Viewer, stage: int) -> pl.DataFrame:
    known = queries.stage_students(services.store, viewer, stage=stage)
    return known.filter(pl.col("recommended_on").is_not_null() & pl.col("informed_on").is_null())


def _text(fields: Fields, name: str) -> str:
    return str(fields.get(name) or "").strip()
