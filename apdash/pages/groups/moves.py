"""What changed: the groups through the periods of the year, and who moved between two days."""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import card
from apdash.components.states import empty
from apdash.components.still import still
from apdash.labels import count, day, percent, short_day
from apdash.pages.groups.asked import Asked
from apdash.pages.groups.filters import day_field
from apdash.pages.groups.picture import Picture
from apdash.pages.groups.words import slot_words, student_words
from apdash.pages.page import day_in
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.bands import band_slots
from apdash.store.queries.moves import ENTERS, LEAVES, OTHER_GROUP, OTHER_NEED, STAYS, flows, moves_between

KINDS = {
    STAYS: "restent",
    OTHER_GROUP: "changent de groupe, même atelier",
    OTHER_NEED: "changent d’atelier",
    ENTERS: "entrent",
    LEAVES: "sortent",
}
_ONE = {OTHER_GROUP: "même atelier", OTHER_NEED: "autre atelier", ENTERS: "entre", LEAVES: "sort"}
_WORDS = ("slot_code", "slot", "last_name", "first_name", "division_code", "code_before", "need_before", "code_after",
          "need_after", "move")  # fmt: skip
_SCHEMA = {"student": pl.Int64, **dict.fromkeys(_WORDS, pl.String)}


def span(at: Asked, picture: Picture) -> tuple[date, date]:
    """Return the two days compared: by default, from the eve of the last composition, or the first one itself."""
    second = day_in(at.params, "au", at.on)
    past = [one for one in picture.compositions if one <= second]
    first = second - timedelta(days=1)
    if past:
        first = past[-1] - timedelta(days=1) if len(past) > 1 else past[0]
    return day_in(at.params, "du", first), second


def moves_of(
    services: Services, viewer: Viewer, at: Asked, picture: Picture, *, first: date, second: date
) -> pl.DataFrame:
    """Return where each student of the bands asked for sits on two days, as `moves_between`; slot: said in words."""
    bands = picture.bands["band"].to_list() if at.band is None else [at.band]
    frames = [
        moves_between(services.store, viewer, band=band, first=first, second=second)
        .with_columns(slot=pl.col("slot_code").replace(_hours(services, band)))
        .select(*_SCHEMA)
        for band in bands
    ]
    return pl.concat([pl.DataFrame(schema=_SCHEMA), *frames])


def _hours(services: Services, band: int) -> dict[str, str]:
    return {row["code"]: slot_words(row) for row in band_slots(services.store, band=band).to_dicts()}


def title(moves: pl.DataFrame, *, first: date, second: date) -> str:
    """Return the finding: how many places changed hands between two days."""
    before = moves.filter(pl.col("code_before").is_not_null() & pl.col("code_after").is_not_null())
    moved = before.filter(pl.col("move") != STAYS).height
    if before.is_empty():
        return f"Personne n’avait de groupe à la fois le {day(first)} et le {day(second)}"
    share = percent(moved / before.height)
    return f"{count(moved, 'déplacement')} sur {count(before.height, 'place')} ({share})"


def moves_view(
    moves: pl.DataFrame, names: Mapping[str, str], lives: Component, *, first: date, second: date
) -> list[Component]:
    """Return the two days to choose, how many moved, from which workshop to which, the year (lives), and who."""
    bar = html.Div([day_field("Entre le", "du", first), day_field("et le", "au", second)], className="gp-bar")
    if moves.is_empty():
        nothing = empty("Aucun groupe à ces dates", "Choisissez deux jours où des groupes sont en vigueur.")
        return [bar, nothing, lives]
    told = f"du {short_day(first)} au {short_day(second)}"
    cards = [
        card("Ce qui a bougé", _summary(moves), sub=told),
        card("D’un atelier à l’autre", flow_table(moves, names), sub="en nombre de places"),
    ]
    people = card("Qui a bougé", _people(moves, names), sub="ceux qui restent ne sont pas listés")
    return [bar, still(cards, className="gp-two"), lives, still(people)]


def _summary(moves: pl.DataFrame) -> Component:
    """Return a bar a kind of move, with its number."""
    found = dict(moves.group_by("move").len().iter_rows())
    most = max(found.values())
    lines = [
        html.Tr(
            [
                html.Th(words, scope="row"),
                html.Td(_bar(found.get(kind, 0) / most)),
                html.Td(str(found.get(kind, 0)), className="num b"),
            ]
        )
        for kind, words in KINDS.items()
    ]  # fmt: skip
    return html.Table(html.Tbody(lines), className="tbl gp-kinds")


def _bar(share: float) -> Component:
    return html.Span(html.I(style={"width": f"{100 * share:.0f}%"}), className="meter")


def flow_table(moves: pl.DataFrame, names: Mapping[str, str]) -> Component:
    """Return how many go from each workshop to another, the largest first; names: in the order of the needs."""
    counted = (
        flows(moves.filter(pl.col("move").is_in([OTHER_NEED, OTHER_GROUP, ENTERS, LEAVES])))
        .group_by("need_before", "need_after")
        .agg(pl.col("students").sum())
        .sort(
            "students",
            _rank("need_before", names),
            _rank("need_after", names),
            descending=[True, False, False],
        )
    )
    if counted.is_empty():
        return html.P("Personne n’a changé.", className="muted")
    rows = [
        html.Tr(
            [
                html.Td(names.get(before, "aucun groupe")),
                html.Td("→", className="muted"),
                html.Td(names.get(after, "aucun groupe")),
                html.Td(str(students), className="num b"),
            ]
        )
        for before, after, students in counted.head(12).iter_rows()
    ]
    rest = counted["students"][12:].sum()
    more = html.P(f"et {count(rest, 'autre place', 'autres places')}", className="xs muted") if rest else None
    titles = [html.Th(words, scope="col") for words in ("De", "", "Vers")]
    head = html.Thead(html.Tr([*titles, html.Th("Places", scope="col", className="num")]))
    return html.Div([html.Table([head, html.Tbody(rows)], className="tbl"), more])


def _rank(column: str, names: Mapping[str, str]) -> pl.Expr:
    order = {code: place for place, code in enumerate(names)}
    return pl.col(column).replace_strict(order, default=len(order), return_dtype=pl.Int64)


def _people(moves: pl.DataFrame, names: Mapping[str, str]) -> Component:
    moved = moves.filter(pl.col("move") != STAYS)
    if moved.is_empty():
        return html.P("Personne n’a bougé entre ces deux jours.", className="muted")
    titles = ("Élève", "Division", "Créneau", "Avant", "Après", "")
    rows = [
        html.Tr(
            [
                html.Th(
                    dcc.Link(student_words(row), href=address("/eleve", {}, id=str(row["student"]))),
                    scope="row",
                ),
                html.Td(row["division_code"] or "–"),
                html.Td(row["slot"], className="nw"),
                html.Td(_group(row["code_before"], row["need_before"], names)),
                html.Td(_group(row["code_after"], row["need_after"], names)),
                html.Td(_ONE[row["move"]], className="muted"),
            ]
        )
        for row in moved.iter_rows(named=True)
    ]
    head = html.Thead(html.Tr([html.Th(words, scope="col") for words in titles]))
    return html.Div(html.Table([head, html.Tbody(rows)], className="tbl gp-people"), className="scroll-x")


def _group(code: str | None, need: str | None, names: Mapping[str, str]) -> str:
    return f"{code} {names.get(need or '', '')}".strip() if code else "–"
