"""A short table to fill in: native fields, a few blank lines at the end, one save for the whole."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from apdash.errors import ApdashError

Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, its title, its kind (text, number, date, time, select) and the options of a select."""

    key: str
    title: str
    kind: str = "text"
    options: tuple[Option, ...] = ()
    width: str = ""


def entry_table(
    name: str, columns: Sequence[Column], rows: Sequence[Mapping[str, object]], *, blanks: int = 3
) -> Component:
    """Return the table with its rows and `blanks` empty lines; fields have ids {table, row, column}."""
    lines = [*rows, *({} for _ in range(blanks))]
    head = html.Tr([html.Th(column.title, scope="col") for column in columns])
    body = [
        html.Tr(
            [
                html.Td(_field(name, number, column, row.get(column.key)), **{"data-label": column.title})
                for column in columns
            ]
        )
        for number, row in enumerate(lines)
    ]
    sizes = html.Colgroup(
        [html.Col(style={"width": column.width} if column.width else None) for column in columns]
    )
    return html.Div(
        html.Table([sizes, html.Thead(head), html.Tbody(body)], className="tbl entry-table"),
        className="scroll-x",
    )


def entered(cells: Sequence[Mapping], columns: Sequence[Column]) -> list[dict[str, object]]:
    """Return the rows somebody filled in, typed by column; blank lines are left out.

    cells: what a callback receives for {table, row: ALL, column: ALL}. Raises `ApdashError` naming the line
    and the column when a field of a filled line is empty or unreadable.
    """
    lines: dict[int, dict[str, object]] = {}
    for cell in cells:
        lines.setdefault(cell["id"]["row"], {})[cell["id"]["column"]] = cell.get("value")
    filled = [
        line for _, line in sorted(lines.items()) if any(value not in (None, "") for value in line.values())
    ]
    return [
        {column.key: _read(line.get(column.key), column, number) for column in columns}
        for number, line in enumerate(filled, start=1)
    ]


def _field(name: str, row: int, column: Column, value: object) -> Component:
    field_id = {"table": name, "row": row, "column": column.key}
    # In the page the id is text: its keys in order, without blanks.
    text_id = json.dumps(field_id, sort_keys=True, separators=(",", ":"))
    label = html.Label(f"{column.title}, ligne {row + 1}", htmlFor=text_id, className="visually-hidden")
    if column.kind == "select":
        options = [{"value": key, "label": text} for key, text in column.options]
        blank = {"value": "", "label": ""}
        return html.Div(
            [label, dbc.Select([blank, *options], value=str(value or ""), id=field_id, size="sm")]
        )
    shown = (
        value.isoformat(timespec="minutes")
        if isinstance(value, time)
        else str(value)
        if value is not None
        else ""
    )
    return html.Div([label, dbc.Input(type=column.kind, value=shown, id=field_id, size="sm", debounce=True)])


def _read(value: object, column: Column, number: int) -> object:
    if value in (None, ""):
        if column.kind == "text":
            return ""
        raise ApdashError("Ligne incomplète.", f"Ligne {number} : « {column.title} » est vide.")
    readers = {
        "date": date.fromisoformat,
        "time": time.fromisoformat,
        "number": lambda text: int(float(text)),
    }
    try:
        return readers.get(column.kind, str)(str(value))
    except ValueError as error:
        raise ApdashError(
            "Valeur illisible.", f"Ligne {number} : « {column.title} » ne se lit pas."
        ) from error
