"""What a proposal changes: the flows between needs, and division by division who stays and who moves, and why."""

from collections.abc import Mapping, Sequence

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.alphabet import folded
from apdash.components.frame import card
from apdash.components.marks import axis_mark
from apdash.components.still import still
from apdash.labels import count, number
from apdash.pages.regrouping.figures import moves_alluvial
from apdash.pages.regrouping.names import Names
from apdash.pages.regrouping.reasons import levels_of, move_reason
from apdash.pages.regrouping.words import short_name
from apdash.rebalancing.plan import Plan, place_changes

_MOVED = ("need", "staff", "arrival", "left")


def flows_card(plan: Plan, names: Names) -> Component:
    """Return the moves between needs as ribbons, with their table."""
    flows = need_flows(plan, names)
    total = int(flows.filter(pl.col("before") != pl.col("after"))["students"].sum() or 0)
    rows = [
        html.Tr(
            [
                html.Th(row["before"], scope="row"),
                html.Td(row["after"]),
                html.Td(row["students"], className="num"),
            ]
        )
        for row in flows.filter(pl.col("before") != pl.col("after")).iter_rows(named=True)
    ]
    head = html.Tr(
        [html.Th(t, scope="col") for t in ("D’où", "Vers où")] + [html.Th("Places", className="num")]
    )
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="tbl")
    order = [names.short(code) for code in names.needs]
    chart = dcc.Graph(
        figure=moves_alluvial(flows, order=order), config={"displayModeBar": False, "responsive": True}
    )
    return card(
        f"{count(total, 'place change d’atelier', 'places changent d’atelier')}",
        [html.Div(chart, **{"aria-hidden": "true"}),
         html.Details([html.Summary("Voir en tableau"), still(table)], className="rg-more")],
        sub="aujourd’hui à gauche, ensuite à droite ; en gris, ce qui ne bouge pas",
    )  # fmt: skip


def need_flows(plan: Plan, names: Names) -> pl.DataFrame:
    """Return places by need before and after: before, after (short names), students; in the order of the needs."""
    order = {code: rank for rank, code in enumerate(names.needs)}
    last = len(order)
    named = {code: names.short(code) for code in order}
    none = "Sans groupe"
    return (
        place_changes(plan)
        .filter(pl.col("kind") != "none")
        .group_by("need_before", "need_after")
        .agg(students=pl.len().cast(pl.Int64))
        .with_columns(
            a=pl.col("need_before").replace_strict(order, default=last, return_dtype=pl.Int64),
            b=pl.col("need_after").replace_strict(order, default=last, return_dtype=pl.Int64),
            before=pl.col("need_before").replace_strict(named, default=none, return_dtype=pl.String),
            after=pl.col("need_after").replace_strict(named, default=none, return_dtype=pl.String),
        )
        .sort("a", "b")
        .select("before", "after", "students")
    )


def people_card(plan: Plan, names: Names) -> Component:
    """Return who stays and who moves, a part a division, with the reason of each move."""
    rows, levels = place_changes(plan), levels_of(plan)
    parts = []
    for division in sorted(names.divisions, key=names.division):
        mine = rows.filter(pl.col("division") == division)
        if mine.is_empty():
            continue
        moved = mine.filter(pl.col("kind").is_in(_MOVED))
        movers = moved["student"].n_unique()
        stay = mine["student"].n_unique() - movers
        summary = [
            html.B(names.division(division)),
            html.Span(
                f"{count(stay, 'reste', 'restent')}, {count(movers, 'élève change', 'élèves changent')}"
            ),
        ]
        table = _moves_table(moved, plan, names, levels) if moved.height else html.P("Personne ne change.")
        parts.append(still(html.Details([html.Summary(summary), table], className="rg-division")))
    moved = rows.filter(pl.col("kind").is_in(_MOVED))["student"].n_unique()
    everybody = rows["student"].n_unique()
    keeps = "garde ses groupes" if everybody - moved < 2 else "gardent leurs groupes"
    title = f"{count(everybody - moved, 'élève')} sur {number(everybody)} {keeps}"
    return card(title, html.Div(parts), sub="par division, avec la raison de chaque changement")


def away_card(left_out: Sequence[Mapping[str, object]], names: Names) -> Component | None:
    """Return who is not in the search and keeps their group. left_out: student, slot (code), why."""
    if not left_out:
        return None
    words = {
        "placement": "en PFMP presque toute la période",
        "apprentice": "en apprentissage, à placer à la main",
    }
    lines = []
    for why, said in words.items():
        people = {str(one["student"]) for one in left_out if one["why"] == why}
        shown = sorted(
            (short_name(names.person(key).last_name, names.person(key).first_name) for key in people),
            key=folded,
        )
        if shown:
            lines.append(html.Li([html.B(f"{count(len(shown), 'élève')} {said}\u00a0: "), ", ".join(shown)]))
    total = len({str(one["student"]) for one in left_out})
    title = f"{count(total, 'élève garde', 'élèves gardent')} son groupe sans entrer dans la recherche"
    if total > 1:
        title = title.replace("son groupe", "leur groupe")
    return card(title, html.Ul(lines, className="rg-facts"))


def _moves_table(
    moved: pl.DataFrame, plan: Plan, names: Names, levels: Mapping[tuple[str, str], int]
) -> Component:
    people = sorted(
        moved.iter_rows(named=True),
        key=lambda row: folded(
            f"{names.person(row['student']).last_name} {names.person(row['student']).first_name}"
        ),
    )
    head = html.Tr([html.Th(t, scope="col") for t in ("Élève", "Créneau", "Avant", "Après", "Pourquoi")])
    body = [_move(row, plan, names, levels) for row in people]
    return html.Div(
        html.Table([html.Thead(head), html.Tbody(body)], className="tbl rg-moves"),
        className="scroll-x",
        tabIndex=0,
    )


def _move(
    row: Mapping[str, object], plan: Plan, names: Names, levels: Mapping[tuple[str, str], int]
) -> Component:
    who = names.person(str(row["student"]))
    reason = move_reason(row, plan=plan, names=names, levels=levels)
    return html.Tr(
        [
            html.Th(short_name(who.last_name, who.first_name), scope="row"),
            html.Td(names.slots[str(row["slot"])]),
            html.Td(_group(names, row["need_before"], row["staff_before"])),
            html.Td(html.B(_group(names, row["need_after"], row["staff_after"]))),
            html.Td(reason, className="soft"),
        ]
    )


def _group(names: Names, need: object, staff: object) -> Component | str:
    if need is None:
        return "sans groupe"
    who = names.staff.get(str(staff), "")
    return html.Span([axis_mark(names.axis(str(need))), f" {names.short(str(need))}, {who}"], className="nw")
