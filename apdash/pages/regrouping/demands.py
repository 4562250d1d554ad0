"""The demands of a band (fix, forbid, together, apart, at most): their list, and the form that adds one."""

from collections.abc import Mapping, Sequence

import dash_bootstrap_components as dbc
import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import button, card
from apdash.components.marks import badge
from apdash.components.states import notice
from apdash.labels import NBSP, count, spaced
from apdash.pages.regrouping import ids
from apdash.pages.regrouping.words import OUR_RULE, STATEMENT_ICONS, STATEMENT_LABELS, statement_words

_SHOWN = 4


def demands_card(
    rows: pl.DataFrame,
    form: Component,
    *,
    needs: Mapping[str, str],
    slots: Mapping[str, str],
    cautions: Sequence[str] = (),
) -> Component:
    """Return the demands that hold, each with a button to lift it, and the form under them.

    rows: as `queries.bands.statements`, hence only those this person may see; cautions: what does not hold in them.
    """
    lines = [_line(row, needs=needs, slots=slots) for row in rows.iter_rows(named=True)]
    body = [
        cautions_notice(cautions, title="À revoir avant de chercher"),
        html.Ul(lines, className="rg-demands") if lines else html.P("Aucune demande.", className="s muted"),
        html.Details([html.Summary("Ajouter une demande"), form], className="rg-more"),
    ]
    return card("Les demandes", html.Div(body, className="stack"), sub=count(rows.height, "demande"))


def cautions_notice(cautions: Sequence[str], *, title: str = "À vérifier") -> Component | None:
    """Return what does not hold or looks absurd, as a notice; nothing when all is well."""
    if not cautions:
        return None
    shown = [html.Li(spaced(words)) for words in cautions[:_SHOWN]]
    if len(cautions) > _SHOWN:
        shown.append(html.Li(f"et {count(len(cautions) - _SHOWN, 'autre remarque', 'autres remarques')}"))
    return notice("watch", title, html.Ul(shown, className="rg-facts"))


def _line(row: Mapping[str, object], *, needs: Mapping[str, str], slots: Mapping[str, str]) -> Component:
    words = statement_words(row, needs=needs, slots=slots)
    secret = badge(OUR_RULE, icon="lock") if row["by_direction"] else None
    icon = html.I(className=f"bi bi-{STATEMENT_ICONS[str(row['kind'])]}", **{"aria-hidden": "true"})
    lift = button(
        "Lever",
        {"type": ids.END_STATEMENT, "statement": row["statement"]},
        kind="quiet btn-sm",
        **{"aria-label": f"Lever la demande : {words}"},
    )
    return html.Li([icon, html.Span([words, " ", secret] if secret else words), lift])


def demand_form(
    *,
    students: list[tuple[int, str]],
    slots: Mapping[int, str],
    needs: Mapping[str, str],
    staff: Mapping[int, str],
    may_separate: bool,
) -> Component:
    """Return the form of a new demand; `may_separate` offers « Séparer »."""
    kinds = [kind for kind in STATEMENT_LABELS if kind != "apart" or may_separate]
    labels = [{"value": kind, "label": STATEMENT_LABELS[kind]} for kind in kinds]
    separate = f"{OUR_RULE.capitalize()}{NBSP}: visible de la direction seule, sans motif."
    return html.Div(
        [
            html.Fieldset(
                [
                    html.Legend("Nature de la demande", className="visually-hidden"),
                    dbc.RadioItems(labels, value="pin", id=ids.STATE_KIND, className="rg-kinds"),
                ]
            ),
            _choice("Élèves", ids.STATE_STUDENTS, students, many=True, kind="students"),
            _choice("Créneau", ids.STATE_SLOT, list(slots.items()), kind="slot"),
            _choice("Besoin", ids.STATE_NEED, list(needs.items()), kind="need"),
            _choice("Adulte", ids.STATE_STAFF, list(staff.items()), kind="staff"),
            html.Label(
                [
                    html.Span("Au plus, dans un même groupe"),
                    dcc.Input(id=ids.STATE_MOST, type="number", value=3, min=1, max=30, step=1,
                              className="form-control rg-number"),
                ],
                className="rg-field most",
            ),
            html.P(separate, className="s muted apart") if may_separate else None,
            html.Div(id=ids.STATE_CAUTIONS, role="status"),
            button("Ajouter", ids.STATE_ADD, icon="plus-lg"),
        ],
        className="rg-form kind-pin",
        id=ids.STATE_WORDS,
    )  # fmt: skip


def _choice(
    label: str, key: str, options: list[tuple[object, str]], *, kind: str, many: bool = False
) -> Component:
    entry = dcc.Dropdown(
        [{"value": value, "label": text} for value, text in options],
        id=key,
        multi=many,
        placeholder="Tous" if kind not in ("students",) else "Choisir…",
        labels={
            "search": "Chercher",
            "clear_search": "Effacer la recherche",
            "clear_selection": "Effacer",
            "no_options_found": "Rien à ce nom",
            "selected_count": "{num_selected} choisis",
            "select_all": "Tout choisir",
            "deselect_all": "Ne rien choisir",
        },
    )
    return html.Div([html.Label(label, htmlFor=key), entry], className=f"rg-field {kind}")
