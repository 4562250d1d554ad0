"""The workshop bilans of a period: which groups, how far each is, how objectives stand by axis."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import card, page_head
from apdash.components.marks import axis_mark
from apdash.components.states import empty
from apdash.components.still import still
from apdash.labels import NBSP, count, hour, percent, short_day
from apdash.pages.workshops.where import OBJECTIVES, PATH, Where
from apdash.rights import Action
from apdash.store.queries.workshop_sums import LEAST_GROUPS, LEAST_STUDENTS, outcomes_by_axis
from apdash.store.queries.workshops import workshops

OUTCOMES = (("attained", "atteints"), ("in_progress", "en cours"), ("not_yet", "pas encore"))


def listing(at: Where, right: Component) -> list[Component]:
    """Return the groups of the period this person leads, or all of them, and sums over many groups."""
    rows = workshops(at.services.store, at.viewer, year=at.year, period=at.period["period"])
    label = at.period["label"].lower()
    if rows.is_empty():
        words = "Un bilan d’atelier se remplit à la fin de la période, par l’adulte du groupe."
        head = page_head(f"Aucun bilan d’atelier à remplir pour la {label}", right=right)
        return [head, empty("Vous n’animez aucun groupe de cette période", words, icon="card-checklist")]
    ordered = rows.sort((pl.col("filled") >= pl.col("students")), maintain_order=True)
    table = card("Ateliers", still(_table(ordered, at)), sub="par jour et heure, les moins avancés d’abord")
    shares = outcomes_by_axis(
        at.services.store, at.services.reference.needs.select("axis", need="code"),
        year=at.year, period=at.period["period"],
    )  # fmt: skip
    first, last = short_day(at.period["starts_on"]), short_day(at.period["ends_on"])
    lead = f"Du {first} au {last}{NBSP}: vingt secondes par élève, à la fin de la période."
    return [
        page_head(finding(rows, label, pilots=at.viewer.can(Action.CHANGE_GROUPS)), lead, right),
        html.Div([table, _shares(at, shares)], className="ws-cols"),
    ]


def finding(rows: pl.DataFrame, label: str, *, pilots: bool) -> str:
    """Return the title: what is left to say, and where."""
    left = int((rows["students"] - rows["filled"]).sum())
    open_ones = rows.filter(pl.col("filled") < pl.col("students")).height
    if not left:
        return f"Tous les bilans d’atelier de la {label} sont remplis"
    where = count(open_ones, "atelier")
    if pilots:
        return f"Bilans d’atelier de la {label}{NBSP}: {count(left, 'élève')} sans réponse dans {where}"
    return f"Il vous reste {count(left, 'élève')} dans {where} pour la {label}"


def _table(rows: pl.DataFrame, at: Where) -> Component:
    axes = dict(at.services.reference.needs.select("code", "axis").iter_rows())
    titles = ("Atelier", "Quand", "Rempli", "")
    head = html.Tr([html.Th(words, scope="col") for words in titles])
    lines = [_line(row, axes.get(row["need"]), at) for row in rows.iter_rows(named=True)]
    return html.Table([html.Thead(head), html.Tbody(lines)], className="tbl ws-list")


def _line(row: Mapping[str, Any], axis: str | None, at: Where) -> Component:
    group, period = str(row["ap_group"]), str(row["period"])
    to_fill = address(PATH, {}, groupe=group, periode=period)
    goals = address(PATH, {}, groupe=group, periode=period, vue=OBJECTIVES)
    done = row["filled"] >= row["students"]
    share = row["filled"] / max(1, row["students"])
    mark = html.I(className="bi bi-check-lg", title="rempli") if done else None
    told, verb = f"{row['code']} {row['name']}", "Revoir" if done else "Remplir"
    return html.Tr(
        [
            html.Th(
                [
                    html.Span([axis_mark(axis), " ", row["name"]], className="b"),
                    html.Span(
                        f"{row['code']}, {row['staff_names'] or 'adulte à désigner'}", className="s soft"
                    ),
                ],
                scope="row",
                className="what",
            ),
            html.Td(f"{row['day']} {hour(row['starts_at'])}", className="soft"),
            html.Td(
                [
                    html.Span([f"{row['filled']} / {row['students']} ", mark]),
                    html.Span(html.I(style={"width": f"{100 * share:.0f}%"}), className="meter"),
                ]
            ),
            html.Td(
                [
                    _link("Objectifs", goals, f"Objectifs de {told}", kind="quiet"),
                    _link(verb, to_fill, f"{verb} {told}"),
                ],
                className="go",
            ),
        ]
    )


def _link(words: str, href: str, told: str, *, kind: str = "outline") -> Component:
    spoken = html.Span(told, className="visually-hidden")
    return dcc.Link(
        [html.Span(words, **{"aria-hidden": "true"}), spoken], href=href, className=f"btn btn-{kind} btn-sm"
    )


def _shares(at: Where, shares: pl.DataFrame) -> Component:
    """Return how objectives stand by axis, where enough groups and students say it."""
    labels = dict(at.services.reference.axes.select("code", "label").iter_rows())
    parts = [
        _share(row, labels.get(row["axis"], "Autre"))
        for row in shares.iter_rows(named=True)
        if row["axis"] in labels
    ]
    few = f"Rien n’est montré sous {LEAST_GROUPS} groupes et {LEAST_STUDENTS} élèves."
    return card("Objectifs, par axe", parts or empty("Trop peu de réponses", few), sub=few if parts else None)


def _share(row: Mapping[str, Any], label: str) -> Component:
    told = [(name, words, row[name]) for name, words in OUTCOMES]
    total = sum(number for _, _, number in told)
    words = ", ".join(f"{percent(number / total)} {what}" for _, what, number in told)
    bar = [
        html.I(className=name, style={"width": f"{100 * number / total:.1f}%"})
        for name, _, number in told
        if number
    ]
    sizes = f"{count(row['groups'], 'groupe')}, {count(row['students'], 'élève')}"
    return html.Div(
        [
            html.Div(
                [
                    axis_mark(row["axis"]),
                    " ",
                    html.Span(label, className="b"),
                    html.Span(f" {sizes}", className="s muted"),
                ]
            ),
            html.Div(words, className="s"),
            html.Div(bar, className="ws-share", **{"aria-hidden": "true"}),
        ]
    )
