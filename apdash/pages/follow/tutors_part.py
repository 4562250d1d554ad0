"""Tutoring on the page: for the pilot who follows whom and who has nobody, for a tutor their own students."""

from collections.abc import Mapping
from datetime import date

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import button, card, page_head
from apdash.components.states import empty
from apdash.components.still import still
from apdash.labels import NBSP, count, percent, short_day
from apdash.pages.follow.words import length, load_words, student_words
from apdash.pages.gestures import opens, small_button
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.queries import tutoring as queries
from apdash.store.queries.calendar import divisions
from apdash.store.queries.students import roster

LONG_AGO = 42
"""Days without a meeting after which a tutor is reminded of a student."""


def tutors_part(services: Services, viewer: Viewer, *, year: int, division: int | None) -> list[Component]:
    """Return the head and the cards of the part."""
    today = services.today()
    held = queries.tutorings(services.store, viewer, on=today)
    people = roster(services.store, viewer, on=today, division=division)
    held = held.join(people.select("student"), on="student", how="semi", maintain_order="left")
    mine = held.filter(pl.col("staff") == viewer.staff) if viewer.staff is not None else held.clear()
    if not viewer.can(Action.MANAGE_TUTORS):
        return [_own_head(mine), _own(mine, today)]
    loads = queries.caseloads(services.store, year=year, on=today)
    alone = people.join(held, on="student", how="anti", maintain_order="left")
    cards = [_tutors(loads, held, today), _without(services, alone, people, loads, year=year)]
    own = [_own(mine, today)] if mine.height else []
    return [_head(people, held), *own, html.Div(cards, className="fw-two")]


def _head(people: pl.DataFrame, held: pl.DataFrame) -> Component:
    followed, total = held["student"].n_unique(), people.height
    title = f"{followed} élèves sur {total} ont un tuteur" if followed else "Personne n’a encore de tuteur"
    lead = "Le même adulte suit un petit groupe d’élèves pendant tout le cycle. Ces heures ne comptent pas dans l’AP."
    add = opens("tutor-capacity", "0")
    return page_head(title, lead, button("Ajouter un tuteur", "tutor-add", icon="person-plus", **add))


def _own_head(mine: pl.DataFrame) -> Component:
    words = (
        f"Vous suivez {count(mine.height, 'élève')}" if mine.height else "Vous ne suivez personne en tutorat"
    )
    return page_head(words, "Le tutorat se dit en un point de dix minutes, de la seconde à la terminale.")


def _own(mine: pl.DataFrame, today: date) -> Component:
    if mine.is_empty():
        return empty("Aucun élève en tutorat", "Le pilote désigne les tuteurs ; vos élèves apparaîtront ici.")
    return card(
        "Mes élèves en tutorat",
        [_student(row, today, own=True) for row in mine.to_dicts()],
        class_name="mb-3",
    )


def _tutors(loads: pl.DataFrame, held: pl.DataFrame, today: date) -> Component:
    if loads.is_empty():
        body = empty(
            "Aucun tuteur",
            "Ajoutez les adultes qui acceptent de suivre des élèves, et combien.",
            icon="people",
        )
        return card("Tuteurs", body)
    rows = [_tutor(row, held.filter(pl.col("staff") == row["staff"]), today) for row in loads.to_dicts()]
    seats = loads["most"].sum()
    return card("Tuteurs", still(rows), sub=f"{loads.height} adultes, {seats} places")


def _tutor(row: Mapping, followed: pl.DataFrame, today: date) -> Component:
    """Return one tutor, folded over their students."""
    words, who = load_words(row["followed"], row["most"]), str(row["staff"])
    load = html.Span(words, className="num")
    name = html.Span(row["name"], className="b")
    share = min(1.0, row["followed"] / row["most"]) if row["most"] else 0
    meter = html.Span(html.I(style={"width": percent(share).replace(NBSP, "")}), className="meter")
    acts = [
        small_button("Places", "tutor-capacity", who, icon="sliders", label=f"Places de {row['name']}"),
        small_button(
            "Passation", "tutor-leave", who, icon="arrow-left-right", label=f"Passation de {row['name']}"
        )
        if row["followed"]
        else None,
    ]
    students = [_student(one, today) for one in followed.to_dicts()]
    return html.Details(
        [
            html.Summary(
                [name, meter, load],
                **{"aria-label": f"{row['name']}, {words}"},
            ),
            html.Div(
                [*students, html.Div([act for act in acts if act], className="fw-acts")], className="fw-in"
            ),
        ],
        className="fw-tutor",
    )


def _student(row: Mapping, today: date, *, own: bool = False) -> Component:
    """Return a student with what was held, and what may be done."""
    name = dcc.Link(student_words(row), href=f"/eleve?id={row['student']}", className="b")
    last = row["last_met"]
    late = last is None or (today - last).days > LONG_AGO
    met = f"vu le {short_day(last)}" if last else "pas encore vu"
    words = (
        f"{met}, {count(row['meetings'], 'entretien')}, {length(row['minutes'])}" if row["meetings"] else met
    )
    about = html.Span(
        [
            html.I(className="bi bi-clock-history", **{"aria-hidden": "true"}) if late else None,
            f" À revoir{NBSP}: {words}" if late and last else words,
        ],
        className="s fw-late" if late else "s soft",
    )
    key, who = str(row["student"]), student_words(row)
    acts = [
        small_button("Entretien", "meeting-log", key, icon="chat-left-text", label=f"Entretien avec {who}")
    ]
    if not own:
        acts.append(
            small_button("Changer", "tutor-change", key, icon="arrow-left-right", label=f"Tuteur de {who}")
        )
    return html.Div(
        [html.Div([name, html.Span(f" {row['division_code'] or ''}", className="soft s"), html.Br(), about]),
         html.Div(acts, className="fw-acts")],
        className="fw-row",
    )  # fmt: skip


def _without(
    services: Services, alone: pl.DataFrame, people: pl.DataFrame, loads: pl.DataFrame, *, year: int
) -> Component:
    """Return how many have no tutor in each division, and the way to propose some."""
    if alone.is_empty():
        body = empty("Chaque élève a un tuteur", "Une arrivée apparaîtra ici.", icon="check2-circle")
        return card("Sans tuteur", body)
    sizes = dict(people.group_by("division").len().iter_rows())
    codes = dict(divisions(services.store, year=year).select("id", "code").iter_rows())
    missing = dict(alone.group_by("division").len().iter_rows())
    rows = [
        html.Div(
            [
                html.Div([html.Span(codes[key], className="b"), f" {missing[key]} sur {sizes[key]}"]),
                small_button(
                    "Proposer",
                    "tutor-propose",
                    str(key),
                    icon="magic",
                    label=f"Proposer des tuteurs en {codes[key]}",
                ),
            ],
            className="fw-row",
        )
        for key in sorted(missing, key=lambda one: codes[one])
    ]
    every = "-".join(str(key) for key in sorted(missing))
    right = None
    if len(missing) > 1 and loads["most"].sum() > 0:
        words, attributes = "Proposer pour tous", opens("tutor-propose", every)
        right = button(words, "tutor-propose-all", icon="magic", kind="primary", **attributes)
    return card("Sans tuteur", rows, sub=count(alone.height, "élève"), right=right)
