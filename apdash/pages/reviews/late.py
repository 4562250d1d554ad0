"""The adults who still have cells to fill in a bilan, for those who may read names."""

from collections.abc import Mapping, Sequence

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.states import empty
from apdash.labels import NBSP, count, day

_MOST_LATE = 12


def lower_first(label: str) -> str:
    """Return a label as it stands inside a sentence."""
    return label[:1].lower() + label[1:]


def late_list(late: pl.DataFrame, review: Mapping) -> Component | Sequence[Component]:
    """Return the adults with empty cells, most first, and the reminder to send them; late: late_adults."""
    if late.is_empty():
        return empty(
            "Tout ce qui était attendu est saisi", "Les divisions peuvent être closes.", icon="check2-circle"
        )
    people = late.group_by("name", maintain_order=True).agg("code", "left")
    people = people.with_columns(total=pl.col("left").list.sum()).sort(
        "total", "name", descending=[True, False]
    )
    lines = [_line(row) for row in people.head(_MOST_LATE).iter_rows(named=True)]
    more = people.height - _MOST_LATE
    return [
        html.Ul(lines, className="late"),
        html.Div(f"et {count(more, 'autre adulte', 'autres adultes')}", className="s muted mt-2")
        if more > 0
        else None,
        _reminder(people, review),
    ]


def _line(row: Mapping) -> Component:
    who = html.Span([html.Span(row["name"], className="b"), html.Div(_where(row), className="xs muted")])
    return html.Li([who, html.Span(count(row["total"], "case"), className="num")])


def _where(row: Mapping) -> str:
    return ", ".join(f"{code} {left}" for code, left in zip(row["code"], row["left"], strict=True))


def _reminder(people: pl.DataFrame, review: Mapping) -> Component:
    """Return the button that copies a reminder, to be pasted in the school's own mail."""
    lines = [f"- {row['name']}{NBSP}: {_where(row)}" for row in people.iter_rows(named=True)]
    when = f"pour clore le {lower_first(review['label'])} le {day(review['closes_on'])}"
    words = f"Bonjour, {when}, il reste des cases à remplir (division, nombre){NBSP}:\n"
    return html.Div(
        [
            dcc.Clipboard(content=words + "\n".join(lines), title="Copier un rappel", className="copy"),
            "Copier un rappel à envoyer",
        ],
        className="remind btn btn-outline btn-sm mt-3",
    )
