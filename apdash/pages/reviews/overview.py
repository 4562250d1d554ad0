"""The state of a bilan: divisions, blocks, and for the pilot the adults who still have cells to fill."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import card, page_head
from apdash.components.states import empty
from apdash.labels import NBSP, count, day, percent, short_day
from apdash.pages.page import Params
from apdash.pages.reviews.figures import share_bar
from apdash.pages.reviews.grid import PATH

_MOST_LATE = 12


def overview_page(
    review: Mapping,
    *,
    shares: pl.DataFrame,
    blocks: pl.DataFrame,
    interviews: pl.DataFrame,
    late: pl.DataFrame | None,
    params: Params,
    today: date,
) -> Component:
    """Return the page of a bilan.

    shares: division_shares; blocks: completeness_by_block; interviews: interviews_done; late: late_adults, None for
    who may not read names.
    """
    if shares.is_empty():
        words = "Vous n’enseignez dans aucune division de ce bilan et n’en suivez aucune."
        return html.Div(empty("Aucune division pour vous dans ce bilan", words), className="page")
    divisions = card(
        "Divisions",
        _table(shares, blocks, interviews, params),
        sub="part des cases attendues qui sont remplies, par bloc de compétences",
    )
    side = (
        card("Ce qui manque, par adulte", _late(late, review), sub="visible du pilote et de la direction")
        if late is not None
        else None
    )
    body = html.Div([divisions, side], className="bilan-cols" if side else None)
    return html.Div([page_head(finding(review, shares), _lead(review, today)), body], className="page")


def finding(review: Mapping, shares: pl.DataFrame) -> str:
    """Return the title: what is left to this person, or how far the bilan is."""
    left, mine = int(shares["left"].sum()), int(shares["mine"].sum())
    if mine and left:
        many = shares.filter(pl.col("left") > 0).height
        return f"Il vous reste {count(left, 'case')} à remplir dans {count(many, 'division')}"
    if mine:
        return f"Vos {count(mine, 'case')} du {_lower(review['label'])} sont remplies"
    expected, filled = int(shares["expected"].sum()), int(shares["filled"].sum())
    if not expected:
        return f"{review['label']}{NBSP}: rien n’est encore attendu de personne"
    closed = shares["closed_at"].is_not_null().sum()
    done = f", {count(closed, 'division close', 'divisions closes')}" if closed else ""
    return f"Le {_lower(review['label'])} est rempli à {percent(int(100 * filled / expected) / 100)}{done}"


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def _lead(review: Mapping, today: date) -> str:
    days = (review["closes_on"] - today).days
    when = f"clôture prévue le {day(review['closes_on'])}"
    if days > 1:
        return f"{review['label']}, {when}, dans {days}{NBSP}jours"
    return f"{review['label']}, {when}" + (", aujourd’hui" if days == 0 else ", demain" if days == 1 else "")


def _table(shares: pl.DataFrame, blocks: pl.DataFrame, interviews: pl.DataFrame, params: Params) -> Component:
    labels = blocks.select("block", "label").unique().sort("block")
    by_division = {key[0]: rows for key, rows in blocks.partition_by("division", as_dict=True).items()}
    told = {row["division"]: row for row in interviews.iter_rows(named=True)}
    mine = shares["mine"].sum() > 0
    titles = [
        "Division",
        "Attendu de moi" if mine else None,
        "Rempli",
        *labels["label"],
        "Entretiens",
        "État",
    ]
    head = html.Tr([html.Th(title, scope="col") for title in titles if title])
    ordered = shares.sort(pl.col("left") > 0, pl.col("mine") > 0, descending=True, maintain_order=True)
    rows = [
        _row(
            row,
            by_division.get(row["division"]),
            told.get(row["division"]),
            labels=labels,
            mine=mine,
            params=params,
        )
        for row in ordered.iter_rows(named=True)
    ]
    return html.Div(
        html.Table([html.Thead(head), html.Tbody(rows)], className="tbl bilans"), className="scroll-x"
    )


def _row(
    row: Mapping,
    blocks: pl.DataFrame | None,
    told: Mapping | None,
    *,
    labels: pl.DataFrame,
    mine: bool,
    params: Params,
) -> Component:
    target = address(PATH, params, division=str(row["division"]), niveau=None)
    shown = dict(blocks.select("block", "share").iter_rows()) if blocks is not None else {}
    cells = [
        html.Th(
            [
                dcc.Link(row["code"], href=target),
                html.Div(count(row["students"], "élève"), className="xs muted"),
            ],
            scope="row",
        ),
        html.Td(_own(row, target), className="own") if mine else None,
        html.Td(_share(row["share"], row["expected"]), className="whole"),
        *[html.Td(_small(shown.get(block)), className="block") for block in labels["block"]],
        html.Td(_told(told, target)),
        html.Td(_state(row)),
    ]
    return html.Tr([cell for cell in cells if cell is not None])


def _own(row: Mapping, target: str) -> Component:
    if not row["mine"]:
        return html.Span("–", className="muted")
    if not row["left"]:
        return html.Span(
            [html.I(className="bi bi-check-lg", **{"aria-hidden": "true"}), " complet"], className="soft"
        )
    return dcc.Link(
        f"{count(row['left'], 'case')} à remplir", href=target, className="btn btn-outline btn-sm"
    )


def _share(share: float, expected: int) -> list[Component]:
    words = percent(int(100 * share) / 100) if expected else "rien d’attendu"
    return [html.Span(words, className="b" if expected else "muted"), share_bar(share)]


def _small(share: float | None) -> list[Component] | str:
    if share is None:
        return html.Span("–", className="muted")
    return [html.Span(percent(int(100 * share) / 100), className="s soft"), share_bar(share)]


def _told(told: Mapping | None, target: str) -> Component:
    words = f"{told['done']} / {told['students']}" if told else "–"
    return dcc.Link(words, href=f"{target}&vue=entretiens", className="nw")


def _state(row: Mapping) -> Component:
    if row["closed_at"]:
        return html.Span(
            [
                html.I(className="bi bi-lock-fill", **{"aria-hidden": "true"}),
                f" clos le {short_day(row['closed_at'])}",
            ],
            className="badge2 acc",
        )
    return html.Span("ouvert", className="badge2")


def _late(late: pl.DataFrame, review: Mapping) -> Component | Sequence[Component]:
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
    when = f"pour clore le {_lower(review['label'])} le {day(review['closes_on'])}"
    words = f"Bonjour, {when}, il reste des cases à remplir (division, nombre){NBSP}:\n"
    return html.Div(
        [
            dcc.Clipboard(content=words + "\n".join(lines), title="Copier un rappel", className="copy"),
            "Copier un rappel à envoyer",
        ],
        className="d-flex gap-2 s mt-3",
    )
