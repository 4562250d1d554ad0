"""Who is served, what moved, how old groups are, and whether all parts of the school are treated alike."""

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import card, said
from apdash.components.states import empty
from apdash.labels import NBSP, count, number, percent
from apdash.pages.indicators.how import defined, how
from apdash.pages.indicators.picture import Picture
from apdash.scheme import LEAST, Scheme, by_part

_SEX = {"F": "Filles", "M": "Garçons"}
_PARTS = (("Filles et garçons", "sex"), ("Niveaux", "grade"), ("Divisions", "division_code"))


def movement_card(picture: Picture) -> Component:
    """Return the card of the scheme in movement, in the scope of the filters."""
    found = picture.scheme
    if found is None or found.people.is_empty():
        return card("L’accompagnement en mouvement", empty("Aucun élève à compter"))
    body = [
        html.Div([_figure(*one) for one in figures(found)], className="ind-figures"),
        _ages(found),
        *_equity(found),
        how(
            *defined(picture.reference, "BESOINS-SERVIS", "CHANGEMENTS", "SEANCES", "ASSIDUITE", "OBJECTIFS"),
            _HOW,
        ),
    ]
    return card("L’accompagnement en mouvement", body, sub=picture.scope, class_name="ind-movement")


_HOW = (
    f"Équité : part des élèves ayant un besoin fort dont l’un est travaillé ; rien sous {LEAST} élèves. Un bilan "
    "compte à partir du jour où ses groupes entrent en vigueur."
)


def figures(found: Scheme) -> list[tuple[str, str, str]]:
    """Return the figures of the scheme: label, value, numbers behind it."""
    strong, served = found.served
    set_, attained, seen = found.objectives
    return [
        _share("Besoins forts servis", served, strong, "élèves"),
        _share("Places changées au dernier regroupement", found.moved, found.seats, "places"),
        _share("Séances tenues", found.held, found.told, "dites tenues ou non"),
        _share("Assiduité", found.came, found.called, "présences attendues"),
        _share("Objectifs atteints", attained, set_, f"fixés, {seen} revus en classe"),
        _share("Élèves suivis par un tuteur", found.tutored, found.people.height, "élèves"),
    ]


def _share(label: str, part: int, whole: int, words: str) -> tuple[str, str, str]:
    if not whole:
        return label, "–", "pas encore de donnée"
    return label, percent(part / whole), f"{number(part)} sur {number(whole)} {words}"


def _figure(label: str, value: str, numbers: str) -> Component:
    return html.Div(
        [
            html.Div(label, className="s soft"),
            html.Div(value, className="v"),
            html.Div(numbers, className="xs muted"),
        ],
        className="kpi",
    )


def _ages(found: Scheme) -> Component | None:
    if found.ages.is_empty():
        return None
    longest = found.ages["seats"].max()
    rows = [
        bar(count(periods, "période"), seats / longest, str(seats), strong=periods > 2)
        for periods, seats in found.ages.iter_rows()
    ]
    return html.Div(
        [_heading("Âge des groupes", "en places d’élèves, dans un même besoin"), *rows], className="ind-bars"
    )


def _equity(found: Scheme) -> list[Component]:
    strong, served = found.served
    mean = served / strong if strong else None
    parts = []
    for title, part in _PARTS:
        rows = by_part(found.people, part)
        if rows.height < 2:
            continue
        lines = [
            bar(
                _SEX.get(row["part"], row["part"]),
                row["share"],
                percent(row["share"]),
                mark=mean,
                hint=f"{row['served']} sur {row['strong']}",
            )
            for row in rows.to_dicts()
        ]
        note = f"besoins forts servis, trait{NBSP}: moyenne {percent(mean)}" if mean is not None else ""
        block = [_heading(f"Équité : {title.lower()}", note), *lines]
        parts.append(html.Div(block, className="ind-bars"))
    return parts


def _heading(title: str, note: str) -> Component:
    return html.H3([said(title), " ", html.Span(said(note), className="muted fw-normal s")])


def bar(
    label: str, share: float, words: str, *, strong: bool = False, mark: float | None = None, hint: str = ""
) -> Component:
    """Return a line with a bar; strong: more ink; mark: where the mean stands; hint: the numbers behind it."""
    inside = [html.I(className="hi" if strong else "", style={"width": f"{100 * share:.1f}%"})]
    if mark is not None:
        inside.append(html.B(style={"left": f"{100 * mark:.1f}%"}))
    value = html.Span(
        [html.Span(words, className="b"), html.Span(f" {hint}", className="xs muted") if hint else None],
        className="num",
    )
    return html.Div(
        [html.Span(label, className="nw"), html.Span(inside, className="ind-bar"), value],
        className="ind-line s",
    )


def unserved_parts(people: pl.DataFrame) -> pl.DataFrame:
    """Return by_part of the three parts, one below the other: kind, part, strong, served, share."""
    return pl.concat(
        [
            by_part(people, part).with_columns(kind=pl.lit(title), part=pl.col("part").cast(pl.String))
            for title, part in _PARTS
        ]
    ).select("kind", "part", "strong", "served", "share")
