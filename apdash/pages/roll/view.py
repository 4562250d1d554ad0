"""The roll of one session as it is first shown; assets/roll-page.js takes it from there, network or not."""

from collections.abc import Mapping

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import card
from apdash.components.marks import axis_mark
from apdash.components.states import notice
from apdash.components.still import still
from apdash.labels import NBSP, count
from apdash.pages.roll.done_part import done_card
from apdash.pages.roll.traces import corrections_card
from apdash.pages.roll.words import (
    LETTERS,
    PATH,
    PRESENCES,
    day_words,
    hours_words,
    owner_of,
    presence_words,
)
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.rolls import others_of_band, roll_call, session_head

_MINUTES = (5, 10, 15, 20)


def roll_view(services: Services, viewer: Viewer, session: int) -> list[Component]:
    """Return the parts of the page; raises `ApdashError` for a session this person does not lead."""
    head = session_head(services.store, viewer, session=session)
    rows = roll_call(services.store, viewer, session=session)
    bar, what = _bar(), _what(services, head, rows)
    if head["on_day"] > services.today():
        words = "L’appel se fera le jour de la séance. Voici qui est attendu."
        return [bar, what, notice("info", "Séance à venir", words), _names(rows)]
    if head["state"] == "not_held":
        reasons = dict(services.reference.session_reasons.select("code", "label").iter_rows())
        why = reasons.get(head["why"], head["why"]) or "sans motif noté"
        return [bar, what, notice("watch", "Cette séance n’a pas été tenue", f"Motif : {why.lower()}.")]
    others = others_of_band(services.store, viewer, session=session)
    roll = [_lines(rows, others), _foot(head, rows)]
    side = [
        done_card(services.reference, head),
        corrections_card(services, viewer, session=session),
        _logbook(head),
    ]
    marks = {
        "data-roll": str(head["session"]), "data-owner": owner_of(viewer), "data-done": head["done"],
        "data-held": str(head["state"] == "held").lower(),
    }  # fmt: skip
    left = html.Div([what, html.Div(still(roll), className="roll-main")])
    body = [left, html.Div(still(side), className="roll-side stack")]
    return [html.Div([bar, html.Div(body, className="roll-cols")], className="roll-whole", **marks)]


def _bar() -> Component:
    back = html.I(className="bi bi-chevron-left", **{"aria-hidden": "true"})
    link = dcc.Link(
        back, href=address(PATH, {}, tous="non"), className="btn btn-quiet", title="Toutes mes séances"
    )
    status = html.Span(className="roll-status s", role="status")
    return html.Div([link, html.H1("Appel"), still(status, className="roll-told")], className="roll-bar")


def _what(services: Services, head: Mapping, rows: pl.DataFrame) -> Component:
    axes = dict(services.reference.needs.select("code", "axis").iter_rows())
    expected = int(rows["expected"].sum())
    joined = f"{NBSP}; réuni avec {', '.join(head['joined'])}" if head["joined"] else ""
    place = " · ".join(filter(None, [head["room_code"] or "salle à fixer", head["staff_names"]]))
    when = f"{day_words(head)}, {hours_words(head)}"
    name = head["name"] or head["label"]
    return html.Div(
        [
            html.H2([axis_mark(axes.get(head["need"])) if head["need"] else None, f" {name}"]),
            html.Div(
                f"{when[0].upper()}{when[1:]} · {place} · {count(expected, 'élève')}{joined}",
                className="s soft",
            ),
        ],
        className="roll-what",
    )


def _names(rows: pl.DataFrame) -> Component:
    lines = [
        html.Li(f"{row['last_name']} {row['first_name']}, {row['division_code'] or 'sans division'}")
        for row in rows.to_dicts()
    ]
    return card("Élèves attendus", html.Ul(lines, className="mb-0"), class_name="mt-3")


def _lines(rows: pl.DataFrame, others: pl.DataFrame) -> list[Component]:
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


def _foot(head: Mapping, rows: pl.DataFrame) -> Component:
    check = html.I(className="bi bi-check-lg", **{"aria-hidden": "true"})
    all_present = html.Button("Tous présents", type="button", className="btn btn-outline roll-all")
    valid = html.Button("Valider l’appel", type="button", className="btn btn-primary roll-valid")
    counts = html.Div(
        [
            html.Span([check if presence == "present" else LETTERS[presence], " ", html.B("0"), " ", html.Span()],
                      **{"data-count": presence})
            for presence in LETTERS
        ],
        className="roll-counts s",
    )  # fmt: skip
    told = html.Div(className="roll-said-foot s", role="status")
    return html.Div(
        [counts, told, html.Div([all_present, valid], className="roll-acts")] if rows.height or head else [],
        className="roll-foot no-print",
    )


def _logbook(head: Mapping) -> Component | None:
    if head["ap_group"] is None:
        return None
    link = dcc.Link("Cahier du groupe", href=address("/cahier", {}, groupe=str(head["ap_group"])))
    return html.P(link, className="s no-print")
