"""The students of a roll, a row each with its four answers; and who may turn up without being expected."""

from collections.abc import Mapping

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.labels import NBSP
from apdash.pages.roll.words import LETTERS, PRESENCES, presence_words

_MINUTES = (5, 10, 15, 20)


def roll_lines(rows: pl.DataFrame, others: pl.DataFrame) -> list[Component]:
    """Return the students, the row that others are made of, and the choice of who turns up unexpected."""
    shared = rows["group_code"].n_unique() > 1
    lines = [_line(row, shared=shared) for row in rows.to_dicts()]
    blank = {"student": "", "last_name": "", "first_name": "", "division_code": "", "group_code": None,
             "arrives": False, "presence": None, "minutes_late": None, "entry": "", "by_name": None,
             "expected": False}  # fmt: skip
    empty_list = (
        html.P("Personne n’est attendu à cette séance.", className="roll-none s soft") if not lines else None
    )
    here = rows.filter(~pl.col("expected"))["student"]
    return [
        empty_list,
        html.Ul(lines, className="roll-list", **{"aria-label": "Élèves"}),
        html.Template(_line(blank, shared=False), className="roll-blank"),
        _adding(others.filter(~pl.col("student").is_in(here.implode()))),
        html.P(
            "Au clavier : flèches, puis P, A, R ou E ; des chiffres après R pour les minutes ; "
            "T pour tous présents ; Ctrl + Entrée pour valider.".replace(" ;", f"{NBSP};").replace(
                " :", f"{NBSP}:"
            ),
            className="xs muted roll-keys",
        ),
    ]


def _line(row: Mapping, *, shared: bool) -> Component:
    name = f"{row['last_name']} {row['first_name']}".strip()
    notes = [
        row["division_code"],
        row["group_code"] if shared else None,
        "arrive ce jour" if row["arrives"] else None,
        "non attendu" if not row["expected"] else None,
    ]
    said = html.B(presence_words(row["presence"], row["minutes_late"]), className="roll-said")
    words = [
        html.Div(name, className="nm"),
        html.Div(
            [html.Span(" · ".join(filter(None, notes)), className="roll-notes"), " · ", said],
            className="xs muted",
        ),
    ]
    keys = {
        "data-student": str(row["student"]), "data-presence": row["presence"] or "",
        "data-minutes": str(row["minutes_late"] or ""), "data-entry": row["entry"], "data-by": row["by_name"] or "",
        "data-extra": "" if row["expected"] else "1",
    }  # fmt: skip
    parts = [
        html.Div(words, className="roll-name"),
        _tap(name, row["presence"]),
        _minutes(name),
        html.Div(className="roll-conflict", role="alert", hidden=True),
    ]
    return html.Li(parts, className="roll-row", **keys)


def _tap(name: str, chosen: str | None) -> Component:
    check = html.I(className="bi bi-check-lg", **{"aria-hidden": "true"})
    buttons = [
        html.Button(
            [html.Span(letter, className="letter"), check if presence == "present" else None],
            type="button",
            role="radio",
            title=PRESENCES[presence],
            **{
                "aria-checked": str(presence == chosen).lower(),
                "aria-label": PRESENCES[presence].capitalize(),
                "data-mark": presence,
                "tabIndex": "-1",
            },
        )
        for presence, letter in LETTERS.items()
    ]
    return html.Div(buttons, className="tap", role="radiogroup", **{"aria-label": name})


def _minutes(name: str) -> Component:
    known = [
        html.Button(str(minutes), type="button", className="btn btn-outline", **{"data-late": str(minutes)})
        for minutes in _MINUTES
    ]
    other = html.Select(
        [
            html.Option("autre", value=""),
            *(html.Option(str(value), value=str(value)) for value in range(1, 56)),
        ],
        className="form-select",
        **{"aria-label": f"{name}{NBSP}: minutes de retard"},
    )
    label = html.Span("minutes", className="xs muted")
    return html.Div([*known, other, label], className="roll-minutes", hidden=True)


def _adding(others: pl.DataFrame) -> Component | None:
    if others.is_empty():
        return None
    groups = [
        html.Optgroup(
            [
                html.Option(
                    f"{row['last_name']} {row['first_name']}",
                    value=str(row["student"]),
                    **{"data-division": row["division_code"]},
                )
                for row in part.to_dicts()
            ],
            label=code[0],
        )
        for code, part in others.group_by("division_code", maintain_order=True)
    ]
    label = html.Label(
        [
            html.Span("Un élève non attendu est là", className="s soft"),
            html.Select([html.Option("Ajouter…", value=""), *groups], className="form-select roll-add"),
        ]
    )
    return html.Div(label, className="roll-adding no-print")
