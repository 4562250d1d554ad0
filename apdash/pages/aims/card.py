"""The card « Programme et objectifs » of a student's page."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import button, card
from apdash.components.states import empty, notice
from apdash.labels import NBSP, count, day, school_year, short_day
from apdash.pages.aims import ids
from apdash.pages.aims.facts import Aims, read_aims, to_reshape
from apdash.pages.aims.forms import day_field, folded, line, select, sends, written
from apdash.pages.aims.objective import objective
from apdash.pages.aims.words import INVOLVED, STATES
from apdash.reference import Reference
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.commands.objectives import MOST


def aims_card(services: Services, viewer: Viewer, *, who: Mapping[str, Any]) -> Component:
    """Return the card of a student (a row of `student_on`): programme, objectives, workshop bilans, gestures."""
    aims = read_aims(services, viewer, who=who)
    now = _of_period(aims)
    shown = [objective(aims, row) for row in now.iter_rows(named=True)]
    words = (
        "Un à trois, courts, dits avec l’élève."
        if aims.may
        else "Ses adultes de groupe les fixent avec l’élève."
    )
    body = [
        *_reshaped(aims, year=who["year"]),
        *_programmes(services.reference, aims),
        *(shown or [empty("Pas d’objectif pour cette période", words, icon="flag")]),
        _new_objective(services.reference, aims, now) if aims.may and aims.period else None,
        _new_programme(services.reference, aims) if aims.may else None,
        _past(aims),
        _results(aims),
    ]
    label = aims.period["label"] if aims.period else "l’année"
    return card(
        "Programme et objectifs", body, sub=f"{label}, {count(MOST, 'objectif')} au plus", class_name="mb-3"
    )


def _reshaped(aims: Aims, *, year: int) -> list[Component]:
    """Return the call for another form, where an objective was missed again."""
    return [
        notice(
            "watch",
            f"{name}{NBSP}: objectif non atteint une deuxième fois",
            "À travailler sous une autre forme.",
        )
        for name in to_reshape(aims.results, year=year)
    ]


def _of_period(aims: Aims) -> pl.DataFrame:
    """Return the objectives of the period of the day, dropped ones last, and those not yet due."""
    if aims.period is None:
        return aims.objectives.head(0)
    here = (pl.col("period") == aims.period["period"]) | (pl.col("due_on") >= aims.today)
    return aims.objectives.filter(here).sort("dropped", maintain_order=True)


def _programmes(reference: Reference, aims: Aims) -> list[Component]:
    live = aims.programmes.filter(pl.col("ends_on").is_null() | (pl.col("ends_on") >= aims.today))
    labels = dict(reference.schemes.select("code", "label").iter_rows())
    return [_programme(aims, row, labels) for row in live.iter_rows(named=True)]


def _programme(aims: Aims, row: Mapping, labels: Mapping[str, str]) -> Component:
    rests = ", ".join(filter(None, [row["name"], row["staff_name"], row["words"]]))
    first = short_day(row["starts_on"])
    when = f"du {first} au {day(row['ends_on'])}" if row["ends_on"] else f"depuis le {first}"
    label = labels.get(row["scheme"], row["scheme"])
    words = [
        html.Span(label, className="b"),
        html.Span(f" {rests}" if rests else ""),
        html.Div(when, className="s soft"),
    ]
    mark = html.I(className="bi bi-signpost", **{"aria-hidden": "true"})
    acts = _programme_acts(row["programme"], label) if aims.may else None
    return html.Div([mark, html.Div([html.Div(words), acts])], className="aim")


def _programme_acts(programme: int, label: str) -> Component:
    """Return the two ways out of a dispositif: it ends today, or it was entered by mistake."""
    known = (
        ("end-programme", "Terminer", "Terminer"),
        ("remove-programme", "Retirer", "Retirer, saisi par erreur"),
    )
    acts = [
        button(
            words, ids.act(what, programme), kind="quiet btn-sm", **{"aria-label": f"{told}{NBSP}: {label}"}
        )
        for what, words, told in known
    ]
    return html.Div(acts, className="acts no-print")


def _new_objective(reference: Reference, aims: Aims, now: pl.DataFrame) -> Component | None:
    """Return the form of a new objective, while the period has room for one."""
    live = now.filter(~pl.col("dropped") & (pl.col("period") == aims.period["period"])).height  # type: ignore[index]
    if live >= MOST:
        return html.Div(
            f"{count(MOST, 'objectif')}{NBSP}: c’est le plus pour une période.", className="s muted mt-2"
        )
    form = ids.form("objective", aims.student)
    places = [(str(row["ap_group"]), f"{row['name']} {row['code']}") for row in aims.groups]
    needs = [
        (f"need-{code}", words) for code, words in reference.needs.select("code", "public_name").iter_rows()
    ]
    about = [*places, *needs, ("none", "aucun atelier")]
    fields = [
        *written(form, reference, [row["need"] for row in aims.groups]),
        html.Div(
            [
                select(form, "about", "Travaillé dans", about, about[0][0]),
                day_field(form, "due", "Échéance (vide : fin de la période)"),
            ],
            className="two",
        ),
        select(form, "agreed", "D’accord", _AGREED, "none"),
        sends(form, "Fixer l’objectif", icon="flag"),
    ]
    return folded("Fixer un objectif…", fields)


_AGREED = (
    ("none", "accord à recueillir"), ("student", "oui, l’élève"), ("family", "oui, la famille"),
    ("both", "oui, l’élève et la famille"),
)  # fmt: skip


def _new_programme(reference: Reference, aims: Aims) -> Component:
    form = ids.form("programme", aims.student)
    schemes = list(reference.schemes.select("code", pl.format("{} ({})", "label", "when")).iter_rows())
    groups = [
        ("none", "aucun"),
        *((str(row["ap_group"]), f"{row['name']} {row['code']}") for row in aims.groups),
    ]
    adults = [("none", "aucun"), *((str(row["staff"]), row["name"]) for row in aims.teachers)]
    fields = [
        select(form, "scheme", "Dispositif", schemes),
        html.Div([select(form, "group", "Atelier", groups, "none"), select(form, "staff", "Adulte", adults, "none")],
                 className="two"),
        html.Div([day_field(form, "starts", "Du", aims.today), day_field(form, "ends", "Au (facultatif)")],
                 className="two"),
        line(form, "words", "Précision (facultatif)"),
        sends(form, "Ajouter au programme", icon="plus-lg"),
    ]  # fmt: skip
    return folded("Ajouter un dispositif…", fields)


def _past(aims: Aims) -> Component | None:
    """Return the objectives of earlier periods, folded."""
    before = aims.objectives.join(_of_period(aims).select("objective"), on="objective", how="anti")
    if before.is_empty():
        return None
    lines = [objective(aims, row, past=True) for row in before.iter_rows(named=True)]
    return html.Details(
        [
            html.Summary(f"Périodes précédentes ({count(before.height, 'objectif')})"),
            html.Div(lines, className="aim-past"),
        ],
        className="aim-more",
    )


def _results(aims: Aims) -> Component | None:
    """Return the workshop bilans over time, for who follows the student."""
    if aims.results.is_empty():
        return None
    head = html.Tr(
        [html.Th(words, scope="col") for words in ("Période", "Atelier", "Objectif", "Implication", "")]
    )
    rows = [
        html.Tr(
            [
                html.Td(f"{row['period_code']}, {school_year(row['year'])}", className="nw"),
                html.Td([row["name"], html.Div(row["staff_names"], className="xs muted")]),
                html.Td(STATES[row["outcome"]][1] if row["outcome"] else "–"),
                html.Td(
                    f"{row['involvement']}, {INVOLVED[row['involvement']]}" if row["involvement"] else "–"
                ),
                html.Td(row["words"], className="soft"),
            ]
        )
        for row in aims.results.iter_rows(named=True)
    ]
    table = html.Div(html.Table([html.Thead(head), html.Tbody(rows)], className="tbl"), className="scroll-x")
    return html.Details(
        [html.Summary(f"Bilans d’atelier ({aims.results.height})"), table], className="aim-more aim-past"
    )
