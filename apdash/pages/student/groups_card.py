"""A student's groups: those of today, and what changed before."""

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import card
from apdash.components.marks import axis_mark, badge
from apdash.components.states import empty
from apdash.labels import NBSP, hour, short_day
from apdash.pages.student.record import Record

AGREEMENTS = {
    "agreed": "d’accord",
    "trying": "d’accord pour essayer",
    "disagreed": "pas d’accord",
    "not_asked": "avis pas encore recueilli",
}


def groups_card(record: Record, axes: dict[str, str], reasons: dict[str, str]) -> Component:
    """Return the groups in force today: hour, adults, room, since when, why, and the student's own view."""
    rows = [_group(row, axes, reasons) for row in record.groups.to_dicts()]
    body = rows or empty("Aucun groupe aujourd’hui", "Les groupes apparaissent dès qu’ils sont en vigueur.")
    return card("Ses groupes actuels", body, sub=f"au {short_day(record.today)}", class_name="mb-3")


def _group(row: dict, axes: dict[str, str], reasons: dict[str, str]) -> Component:
    where = f"salle {row['room_code']}" if row["room_code"] else "salle à fixer"
    when = (
        f"{row['day'].capitalize()} {hour(row['starts_at'])}" if row["starts_at"] else row["day"].capitalize()
    )
    why = reasons.get(row["why_began"], row["why_began"])
    lines = [
        html.Div([axis_mark(axes.get(row["need"])), html.Span(row["name"], className="b")], className="nm"),
        html.Div(f"{when}, {row['adults'] or 'adulte à désigner'}, {where}", className="soft"),
        html.Div(f"Depuis le {short_day(row['starts_on'])}{NBSP}: {why.lower()}", className="soft"),
        html.Div(f"L’élève{NBSP}: {AGREEMENTS[row['agreement']]}", className="soft"),
        html.Div(f"Objectif{NBSP}: {row['objective']}", className="soft") if row["objective"] else None,
        badge("suspendu", kind="watch", icon="pause-circle") if row["suspended"] else None,
        badge(f"réuni avec {row['merged_into_code']}", icon="intersect") if row["merged_into_code"] else None,
    ]
    return html.Div(lines, className="st-group")


def history_table(rows: pl.DataFrame, reasons: dict[str, str], *, what: str) -> Component:
    """Return dated memberships as a table, folded: the timeline in words."""
    head = html.Tr(
        [html.Th(title, scope="col") for title in ("Du", "Au", "Groupe", "Adulte", "Pourquoi", "Fin")]
    )
    lines = [
        html.Tr(
            [
                html.Td(short_day(row["starts_on"]), className="nw"),
                html.Td(short_day(row["ends_on"]) if row["ends_on"] else "en cours", className="nw"),
                html.Td(row["name"]),
                html.Td(row["staff_names"] or "–"),
                html.Td(reasons.get(row["why_began"], row["why_began"])),
                html.Td(reasons.get(row["why_ended"], row["why_ended"]) if row["why_ended"] else "–"),
            ]
        )
        for row in rows.to_dicts()
    ]
    table = html.Div(html.Table([html.Thead(head), html.Tbody(lines)], className="tbl"), className="scroll-x")
    return html.Details([html.Summary(what), table], className="st-details")
