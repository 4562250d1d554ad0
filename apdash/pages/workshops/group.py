"""One group: its workshop bilan, or the objectives of its students."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import button, card, page_head
from apdash.components.states import empty
from apdash.labels import NBSP, count, hour
from apdash.pages.aims import ids as aim_ids
from apdash.pages.aims.forms import day_field, folded, sends, written
from apdash.pages.aims.words import AGREED_WITH, SHORT_AGREED, STATES, agreement_words
from apdash.pages.workshops.grid import grid, status_line
from apdash.pages.workshops.where import OBJECTIVES, PATH, Where, group_row
from apdash.store.queries.objectives import objectives_of_group
from apdash.store.queries.workshops import workshop_students


def group_view(at: Where, group: int) -> list[Component]:
    """Return the bilan of a group, or its objectives; raises `ApdashError` when this person does not lead it."""
    row = group_row(at, group)
    wants = at.params.get("vue") == OBJECTIVES
    choice = _choice(at, wants)
    when = f"{row['day'].capitalize()} {hour(row['starts_at'])}, {row['staff_names'] or 'adulte à désigner'}"
    if not wants:
        title = f"{row['name']} {row['code']}, bilan de la {row['period_label'].lower()}"
        return [page_head(title, [f"{when}. ", status_line()], choice), grid(at, row)]
    students = workshop_students(at.services.store, group=group, period=row["period"])
    found = objectives_of_group(
        at.services.store, at.viewer, group=group, period=row["period"], on=at.services.today()
    )
    return [page_head(_finding(row, students, found), f"{when}.", choice), _goals(at, row, students, found)]


def _choice(at: Where, wants: bool) -> Component:
    links = [
        dcc.Link(words, href=address(PATH, at.params, vue=view or None), className="on" if on else "")
        for view, words, on in (("", "Bilan d’atelier", not wants), (OBJECTIVES, "Objectifs", wants))
    ]
    return html.Div(links, className="seg", role="group", **{"aria-label": "Ce qui est montré"})


def _finding(row: Mapping[str, Any], students: pl.DataFrame, found: pl.DataFrame) -> str:
    without = students.filter(~pl.col("student").is_in(found["student"].implode())).height
    waits = found.filter(pl.col("agreed_with").is_null()).height
    name = f"{row['name']} {row['code']}"
    if without:
        return f"{name}{NBSP}: {count(without, 'élève')} sans objectif pour la {row['period_label'].lower()}"
    if waits:
        return f"{name}{NBSP}: {count(waits, 'accord')} à recueillir"
    return f"{name}{NBSP}: chaque élève a son objectif, dit avec lui"


def _goals(at: Where, row: Mapping[str, Any], students: pl.DataFrame, found: pl.DataFrame) -> Component:
    by_student = {
        key[0]: part.to_dicts() for key, part in found.partition_by("student", as_dict=True).items()
    }
    lines = [_student(one, by_student.get(one["student"], [])) for one in students.iter_rows(named=True)]
    body = lines or empty("Personne dans ce groupe pendant la période")
    sub = count(students.height, "élève")
    live = row["ends_on"] >= at.services.today()
    return html.Div(
        [_give(at, row) if live else None, card("Objectifs des élèves", body, sub=sub)], className="stack"
    )


def _give(at: Where, row: Mapping[str, Any]) -> Component:
    """Return the form that gives one objective to all the members in one act, the group's own by default."""
    form = aim_ids.form("give", row["ap_group"])
    fields = [
        *written(form, at.services.reference, [row["need"]], text=row["objective"]),
        day_field(form, "due", "Échéance (vide : fin de la période)"),
        sends(form, "Donner à tous", icon="people", kind="primary"),
    ]
    own = html.Div(
        [html.Span("Objectif du groupe : ", className="b"), row["objective"] or "pas encore écrit"]
    )
    body = [own, folded("Donner un objectif à tous les élèves…", fields, opened=not row["objective"])]
    return card("En un geste", body, sub="qui l’a déjà, ou en a trois, n’est pas changé")


def _student(one: Mapping[str, Any], goals: list[dict[str, Any]]) -> Component:
    name = f"{one['last_name']} {one['first_name']}"
    link = dcc.Link(name, href=address("/eleve", {}, id=str(one["student"])), className="b")
    told = [_goal(goal, name) for goal in goals] or [html.Div("Pas d’objectif", className="muted")]
    who = html.Div([link, html.Span(f" {one['division_code']}", className="muted")])
    return html.Div([html.Div([who, *told], className="what")], className="ask")


def _goal(goal: Mapping[str, Any], name: str) -> Component:
    icon, state = STATES[goal["outcome"]]
    words = agreement_words(goal)
    agreed = [
        button(short, aim_ids.act(f"agree-{key}", goal["objective"]), kind="outline btn-sm",
               **{"aria-label": f"{name}, d’accord{NBSP}: {AGREED_WITH[key]}"})
        for key, short in SHORT_AGREED.items()
    ]  # fmt: skip
    asks = [html.Span(f"D’accord{NBSP}:", className="s soft"), *agreed]
    return html.Div(
        [
            html.I(className=f"bi bi-{icon}", title=state, role="img", **{"aria-label": state}),
            f" {goal['text']}",
            html.Span(f" · {goal['evidence']}" if goal["evidence"] else "", className="muted"),
            html.Div(words, className="s soft")
            if goal["agreed_with"]
            else html.Div(asks, className="asks no-print"),
        ],
        className="s mt-1",
    )
