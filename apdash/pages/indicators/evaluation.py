"""The evaluation of the scheme for the conseil pédagogique: a view to print, without any name."""

from collections.abc import Sequence

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import card, page_head, said
from apdash.labels import day, listed, percent, school_year, signed
from apdash.pages.indicators.effect_card import hours
from apdash.pages.indicators.movement_card import figures, unserved_parts
from apdash.pages.indicators.picture import Picture
from apdash.pages.indicators.success_cards import Indicator, indicators
from apdash.pages.indicators.vigilance_card import level_badge
from apdash.scheme import Scheme
from apdash.store.queries.calendar import school, school_years
from apdash.vigilance import Point

_PART = {"F": "filles", "M": "garçons"}


def evaluation(picture: Picture) -> Component:
    """Return the view: needs by filière, hours by axis, moves, what was held, vigilance, success, year on year."""
    found = picture.scheme
    name = (school(picture.services.store) or {}).get("name", "")
    where = f"{name}, {school_year(picture.year)}, {picture.scope}"
    lead = f"{where}. Chiffres au {day(picture.on)}. Aucun élève n’est nommé."
    before = [] if picture.kept else _years_before(picture)
    parts = [
        _dominant(picture, found),
        _hours(found),
        _year_on_year(picture, found, before),
        _vigilance(picture, before),
        _equity(found),
        _effect(picture),
        _success(picture),
    ]
    return html.Div(
        [
            page_head("Évaluation de l’accompagnement", lead),
            html.Div([part for part in parts if part], className="ind-sheet"),
        ],
        className="page indicators",
    )


def _years_before(picture: Picture) -> list[tuple]:
    """Return the same day of the earlier years of the file, latest first: day, points, scheme."""
    years = school_years(picture.services.store).filter(pl.col("year") < picture.year)
    shifted = [picture.same_day(year) for year in years["year"]]
    return [one for one in shifted if one[2] is not None and one[2].people.height]


def _dominant(picture: Picture, found: Scheme | None) -> Component | None:
    if found is None or found.dominant.is_empty():
        return None
    names = dict(picture.reference.needs.select("code", "short_name").iter_rows())
    rows = [
        [
            family,
            students,
            listed([f"{names[row['need']]} ({percent(row['share'])})" for row in part.to_dicts()]),
        ]
        for (family, students), part in found.dominant.group_by("family", "students", maintain_order=True)
    ]
    return _card("Besoins dominants par filière", ("Filière", "Élèves", "Besoins les plus souvent forts"), rows,
                 "part des élèves à 75 ou plus au dernier bilan clos")  # fmt: skip


def _hours(found: Scheme | None) -> Component | None:
    if found is None or found.hours.is_empty():
        return None
    rows = [
        [row["label"], hours(row["planned"]), hours(row["held"]), hours(row["attended"])]
        for row in found.hours.to_dicts()
    ]
    return _card("Heures par axe", ("Axe", "Prévues", "Tenues", "Heures d’élèves présents"), rows,
                 f"du début de l’année au {day(found.on)} ; heures de groupe, quelle que soit leur taille")  # fmt: skip


def _year_on_year(picture: Picture, found: Scheme | None, before: Sequence[tuple]) -> Component | None:
    if found is None:
        return None
    every = [(picture.on, found), *((on, one) for on, _, one in before)]
    columns = [figures(one) for _, one in every]
    rows = [[columns[0][rank][0], *(f"{column[rank][1]} ({column[rank][2]})" for column in columns)]
            for rank in range(len(columns[0]))]  # fmt: skip
    return _card("D’une année à l’autre", ("Indicateur", *(day(on) for on, _ in every)), rows,
                 "à la même date de chaque année, tel qu’on le savait ce jour-là")  # fmt: skip


def _vigilance(picture: Picture, before: Sequence[tuple]) -> Component:
    earlier = [{point.code: point for point in points} for _, points, _ in before]
    rows = [
        [
            point.label,
            level_badge(point.level),
            _count(point),
            *(_count(old.get(point.code)) for old in earlier),
        ]
        for point in picture.points
    ]
    heads = ("Point de vigilance", "Aujourd’hui", "Cas", *(day(on) for on, _, _ in before))
    return _card("Points de vigilance", heads, rows, "nombre de cas ; les listes restent dans l’équipe")


def _count(point: Point | None) -> str:
    return "–" if point is None or point.level == "unknown" else str(point.count)


def _equity(found: Scheme | None) -> Component | None:
    if found is None:
        return None
    parts = unserved_parts(found.people).to_dicts()
    rows = [
        [row["kind"], _PART.get(row["part"], row["part"]), row["strong"], percent(row["share"])]
        for row in parts
    ]
    return _card("Équité", ("", "Élèves", "Avec un besoin fort", "Dont un est travaillé"), rows,
                 "à partir de cinq élèves") if rows else None  # fmt: skip


def _effect(picture: Picture) -> Component | None:
    found = picture.evolution
    if found is None or found.needs.is_empty():
        return None
    names = dict(picture.reference.needs.select("code", "short_name").iter_rows())
    rows = [
        [names[row["need"]], row["students"], row["others"], signed(row["gap"], 2),
         f"{signed(row['low'], 2)} à {signed(row['high'], 2)}", hours(row["led"]),
         "net" if row["settled"] else "non concluant"]
        for row in found.needs.sort("gap", descending=True).to_dicts()
    ]  # fmt: skip
    heads = ("Besoin", "Suivis", "Autres", "Écart (niveaux)", "Intervalle 95 %", "Heures", "Lecture")
    note = (
        f"du {day(found.before[1])} au {day(found.after[1])}, à point de départ semblable ; "
        "une partie tient au retour vers la moyenne"
    )
    return _card("Évolution comparée, par besoin", heads, rows, note)


def _success(picture: Picture) -> Component | None:
    rows = [
        [one.title, _over_years(one), "base du lycée" if one.own else "IVAL"]
        for one in indicators(picture)
        if one.rows.height
    ]
    return _card("Réussite", ("Indicateur", "D’une année à l’autre", "Source"), rows, "") if rows else None


def _over_years(one: Indicator) -> str:
    shares = one.rows.select("year", "share").iter_rows()
    return ", ".join(f"{school_year(year)} : {percent(share, 1)}" for year, share in shares)


def _card(title: str, heads: Sequence[str], rows: Sequence[Sequence], sub: str) -> Component:
    head = html.Tr([html.Th(said(words), scope="col") for words in heads])
    lines = [
        html.Tr(
            [
                html.Th(said(row[0]), scope="row"),
                *(html.Td(said(cell) if isinstance(cell, str) else cell) for cell in row[1:]),
            ]
        )
        for row in rows
    ]
    table = html.Table([html.Thead(head), html.Tbody(lines)], className="tbl")
    return card(title, html.Div(table, className="scroll-x"), sub=sub or None)
