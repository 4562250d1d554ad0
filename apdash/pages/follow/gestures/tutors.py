"""Gestures of tutoring: places of an adult, proposals, changes, handing over."""

from datetime import date

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.errors import ApdashError
from apdash.labels import NBSP, count, day
from apdash.pages.follow.gestures.people import adults_of, student_named, year_of
from apdash.pages.follow.words import REASONS, student_words
from apdash.pages.gestures.form import Fields, Form, Maker, Option, day_of, numbers, whole_field
from apdash.rebalancing.tutors import TutorPlan, propose_tutors
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.commands import tutoring as commands
from apdash.store.queries import tutoring as queries
from apdash.store.queries.calendar import divisions
from apdash.store.queries.students import roster

_NEW = 0


def capacity_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that says how many students an adult agrees to follow."""
    who, make = numbers(key)[0], Maker("tutor-capacity", key)
    loads = {
        row["staff"]: row
        for row in queries.caseloads(services.store, year=year_of(services), on=on).to_dicts()
    }
    if who == _NEW:
        options = [one for one in adults_of(services) if int(one[0]) not in loads]
        parts = [
            make.select("staff", "Adulte", options),
            make.number("most", "Élèves au plus", 8, low=0, high=30),
        ]
        return Form(title="Ajouter un tuteur", parts=parts, verb="Ajouter")
    row = loads.get(who)
    if row is None:
        raise ApdashError("Adulte introuvable.", "Rechargez la page.")
    about = f"{row['name']} suit {count(row['followed'], 'élève')} aujourd’hui."
    parts = [html.P(about), make.number("most", "Élèves au plus", row["most"], low=0, high=30)]
    return Form(title=f"Places de {row['name']}", parts=parts, verb="Enregistrer")


def capacity(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Write the places of an adult; return what to say."""
    who = numbers(key)[0] or whole_field(fields, "staff", "un adulte")
    most = whole_field(fields, "most", "un nombre de 0 à 30")
    commands.set_capacities(services.store, viewer, year=year_of(services), most={who: most})
    return f"{dict(adults_of(services)).get(str(who), 'L’adulte')} suivra {count(most, 'élève')} au plus."


def propose_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that shows the proposed tutors of divisions, kept ones left out."""
    make = Maker("tutor-propose", key)
    plan = _plan(services, viewer, numbers(key), on=on)
    codes = dict(divisions(services.store, year=year_of(services)).select("id", "code").iter_rows())
    named = [codes[one] for one in numbers(key) if one in codes]
    new = [match for match in plan.matches if match.staff != match.before and match.staff is not None]
    missing = sum(match.staff is None for match in plan.matches)
    if not new:
        raise ApdashError(
            "Personne à désigner.",
            f"{count(missing, 'élève reste', 'élèves restent')} sans tuteur : ajoutez un tuteur ou des places."
            if missing
            else "Chaque élève de ces divisions a déjà un tuteur.",
        )
    best, found = "aucune autre répartition ne sert mieux les vœux", "la meilleure trouvée en trente secondes"
    proof = best if plan.proven else found
    about = f"{count(plan.most, 'élève')} au plus par tuteur, {proof}."
    parts = [
        html.P(about),
        html.P(
            f"{count(missing, 'élève reste', 'élèves restent')} sans tuteur : il manque des places.",
            className="b",
        )
        if missing
        else None,
        _table(services, viewer, new, on=on),
        make.day("on", "À partir du", on),
    ]
    title = (
        f"Tuteurs proposés en {', '.join(named)}"
        if len(named) < 4
        else f"Tuteurs proposés, {len(named)} divisions"
    )
    return Form(title=title, parts=[part for part in parts if part is not None], verb="Désigner ces tuteurs")


def propose(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Write the proposal: computed again from the same facts, it is the same."""
    on = day_of(fields, "on")
    plan = _plan(services, viewer, numbers(key), on=on)
    tutors = {match.student: match.staff for match in plan.matches if match.staff is not None}
    done = commands.assign_tutors(
        services.store, viewer, tutors=tutors, on=on, now=services.now(), reason="BES"
    )
    return f"{count(done, 'élève a', 'élèves ont')} un tuteur à partir du {day(on)}."


def change_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that gives a student another tutor, or none."""
    student, make = numbers(key)[0], Maker("tutor-change", key)
    name = student_named(services, viewer, student, on)
    held = queries.tutorings(services.store, viewer, on=on, student=student)
    now = held["staff_name"].to_list()
    about = f"Suivi par {now[0]}." if now else "Sans tuteur aujourd’hui."
    loads = queries.caseloads(services.store, year=year_of(services), on=on).to_dicts()
    options: list[Option] = [("0", "Aucun tuteur")] if now else []
    options += [
        (str(row["staff"]), f"{row['name']}, {row['followed']} sur {row['most']}")
        for row in sorted(loads, key=lambda one: one["followed"] - one["most"])
        if row["staff"] not in held["staff"].to_list()
    ]
    parts = [
        html.P(about),
        make.select("staff", "Nouveau tuteur", options),
        make.day("on", "À partir du", on),
        make.reason(services.reference, ""),
    ]
    return Form(title=f"Tuteur de {name}", parts=parts, verb="Changer de tuteur")


def change(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Give the student the tutor chosen; return what to say."""
    student, on = numbers(key)[0], day_of(fields, "on")
    chosen = whole_field(fields, "staff", "un tuteur")
    reason = str(fields.get("reason") or "")
    if not reason:
        raise ApdashError("Il manque le motif.", "Choisissez-le dans la liste.")
    commands.assign_tutors(
        services.store, viewer, tutors={student: chosen or None}, on=on, now=services.now(), reason=reason
    )
    return f"{student_named(services, viewer, student, on)}{NBSP}: à partir du {day(on)}."


def leave_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that hands an adult's students over, with the proposal."""
    who, make = numbers(key)[0], Maker("tutor-leave", key)
    name = dict(adults_of(services)).get(key, "cet adulte")
    matches = _handed(services, viewer, who, on=on)
    missing = sum(match.staff is None for match in matches)
    lack = (
        f"{count(missing, 'élève n’a', 'élèves n’ont')} pas de place ailleurs : ajoutez des places d’abord."
    )
    parts = [
        html.P("Ses élèves passent à d’autres tuteurs. Leurs entretiens déjà notés restent lisibles."),
        html.P(lack, className="b") if missing else None,
        _table(services, viewer, matches, on=on),
        make.day("on", "À partir du", on),
    ]
    return Form(
        title=f"Passation de {name}",
        parts=[part for part in parts if part is not None],
        verb="Passer la main",
    )


def leave(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Hand over; return what to say."""
    who, on = numbers(key)[0], day_of(fields, "on")
    tutors = {
        match.student: match.staff
        for match in _handed(services, viewer, who, on=on)
        if match.staff is not None
    }
    done = commands.hand_over(services.store, viewer, leaving=who, tutors=tutors, on=on, now=services.now())
    return f"{count(done, 'élève change', 'élèves changent')} de tuteur le {day(on)}."


def _plan(services: Services, viewer: Viewer, chosen: list[int], *, on: date) -> TutorPlan:
    return propose_tutors(services.store, viewer, year=year_of(services), divisions=chosen, on=on)


def _handed(services: Services, viewer: Viewer, who: int, *, on: date) -> list:
    """Return the proposal for the students of an adult who leaves."""
    held = (
        queries.tutorings(services.store, viewer, on=on).filter(pl.col("staff") == who)["student"].to_list()
    )
    people = roster(services.store, viewer, on=on).filter(pl.col("student").is_in(held))
    if people.is_empty():
        raise ApdashError("Rien à passer.", "Cet adulte ne suit personne à cette date.")
    plan = propose_tutors(
        services.store, viewer, year=year_of(services), divisions=people["division"].unique().to_list(), on=on,
        without=frozenset({who}), only=frozenset(held),
    )  # fmt: skip
    return list(plan.matches)


def _table(services: Services, viewer: Viewer, matches: list, *, on: date) -> Component:
    """Return the students and the tutors proposed, with why."""
    names = {row["student"]: student_words(row) for row in roster(services.store, viewer, on=on).to_dicts()}
    adults = dict(adults_of(services))
    head = html.Tr([html.Th(title, scope="col") for title in ("Élève", "Tuteur", "Pourquoi")])
    lines = [
        html.Tr(
            [
                html.Th(names.get(match.student, "–"), scope="row"),
                html.Td(adults.get(str(match.staff), "–")),
                html.Td(REASONS[match.why], className="soft"),
            ]
        )
        for match in sorted(matches, key=lambda one: names.get(one.student, ""))
    ]
    return html.Div(html.Table([html.Thead(head), html.Tbody(lines)], className="tbl"), className="fw-plan")
