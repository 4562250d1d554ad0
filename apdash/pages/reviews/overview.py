"""The state of a bilan: divisions, blocks, and for the pilot the adults who still have cells to fill."""

from collections.abc import Mapping
from datetime import date

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import card, link_button, page_head
from apdash.components.states import empty
from apdash.labels import NBSP, count, day, done, short_day
from apdash.pages.page import Params
from apdash.pages.reviews.figures import share_bar
from apdash.pages.reviews.grid import PATH
from apdash.pages.reviews.late import late_list, lower_first


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
    pilots = late is not None
    title = finding(review, shares, pilots=pilots)
    lead = _lead(review, shares, today, pilots=pilots)
    divisions = card(
        "Divisions",
        _table(shares, blocks, interviews, params, pilots=pilots),
        sub="part des cases attendues qui sont remplies, par bloc de compétences",
    )
    side = (
        card("Ce qui manque, par adulte", late_list(late, review), sub="visible du pilote et de la direction")
        if late is not None
        else None
    )
    body = html.Div([divisions, side], className="bilan-cols" if side else None)
    workshops = link_button("Bilans d’atelier", "/ateliers", icon="card-checklist")
    return html.Div([page_head(title, lead, workshops), body], className="page")


def finding(review: Mapping, shares: pl.DataFrame, *, pilots: bool = False) -> str:
    """Return the title: what is left to this person; for who pilots, how far the bilan is."""
    left, mine = int(shares["left"].sum()), int(shares["mine"].sum())
    if mine and left and not pilots:
        many = shares.filter(pl.col("left") > 0).height
        return f"Il vous reste {count(left, 'case')} à remplir dans {count(many, 'division')}"
    if mine and not pilots:
        return f"Vos {count(mine, 'case')} du {lower_first(review['label'])} sont remplies"
    expected, seen = int(shares["expected"].sum()), int(shares["filled"].sum())
    if not expected:
        return f"{review['label']}{NBSP}: rien n’est encore attendu de personne"
    closed = shares["closed_at"].is_not_null().sum()
    closings = (
        f", {count(closed, 'division close', 'divisions closes')} sur {shares.height}" if closed else ""
    )
    return f"Le {lower_first(review['label'])} est rempli à {done(seen / expected)}{closings}"


def _lead(review: Mapping, shares: pl.DataFrame, today: date, *, pilots: bool) -> str:
    days = (review["closes_on"] - today).days
    left = int(shares["left"].sum())
    mine = f" Il vous y reste {count(left, 'case')} à remplir." if pilots and left else ""
    if shares["closed_at"].null_count() == 0:
        return f"Toutes les divisions sont closes.{mine}"
    if days < 0:
        return f"À clore depuis le {day(review['closes_on'])}.{mine}"
    near = {0: ", aujourd’hui", 1: ", demain"}.get(days, f", dans {days}{NBSP}jours")
    return f"Clôture prévue le {day(review['closes_on'])}{near}.{mine}"


def _table(
    shares: pl.DataFrame, blocks: pl.DataFrame, interviews: pl.DataFrame, params: Params, *, pilots: bool
) -> Component:
    labels = blocks.select("block", "label").unique().sort("block")
    by_division = {key[0]: rows for key, rows in blocks.partition_by("division", as_dict=True).items()}
    told = {row["division"]: row for row in interviews.iter_rows(named=True)}
    mine = shares["left"].sum() > 0 if pilots else shares["mine"].sum() > 0
    own = [html.Th("Attendu de moi", scope="col")] if mine else []
    head = html.Tr(
        [
            html.Th("Division", scope="col"),
            *own,
            html.Th("Rempli", scope="col"),
            *[html.Th(label, scope="col", className="block") for label in labels["label"]],
            html.Th("Entretiens", scope="col"),
            html.Th("État", scope="col"),
        ]
    )
    first = [pl.col("left") > 0, pl.col("mine") > 0]
    ordered = shares if pilots else shares.sort(first, descending=True, maintain_order=True)
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
        html.Td(_told(told, target), className="talks"),
        html.Td(_state(row), className="closing"),
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
    words = done(share) if expected else "rien d’attendu"
    return [html.Span(words, className="b" if expected else "muted"), share_bar(share)]


def _small(share: float | None) -> list[Component] | str:
    if share is None:
        return html.Span("–", className="muted")
    return [html.Span(done(share), className="s soft"), share_bar(share)]


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
