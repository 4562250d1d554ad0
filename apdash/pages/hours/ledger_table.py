"""The ledger as a table: a row a division, student, group, axis or adult; every figure opens its list."""

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import card
from apdash.components.marks import axis_mark
from apdash.components.states import empty
from apdash.components.still import still
from apdash.hours.words import PLACES
from apdash.labels import count, done, duration
from apdash.pages.hours.asked import BY, LISTED, PATH
from apdash.pages.hours.picture import Picture
from apdash.pages.page import Params
from apdash.reference import Reference

_KINDS = {"divisions": "division", "eleves": "eleve", "groupes": "groupe", "axes": "axe", "adultes": "adulte"}
_ADULT_STATES = ("prevues", "tenues", "perdues", "a-dire", "a-venir")


def ledger_card(reference: Reference, picture: Picture, params: Params) -> Component:
    """Return the card of the ledger the page asks for."""
    rows = worded(reference, picture)
    title = f"Heures par {_one(picture)}"
    if rows.is_empty():
        words = "Les séances apparaissent dès que des groupes sont en vigueur ; voyez aussi les filtres."
        return card(title, empty("Aucune heure à montrer", words), class_name="mb-3")
    table = html.Table(
        [_head(picture), html.Tbody([_row(picture, params, row) for row in rows.to_dicts()])],
        className="tbl hr-table",
    )
    return card(title, [still(table, className="scroll-x"), html.P(_about(picture), className="s muted mt-2")],
                sub=count(rows.height, "ligne"), class_name="mb-3")  # fmt: skip


def worded(reference: Reference, picture: Picture) -> pl.DataFrame:
    """Return the table of the page with `words` (what a row is called) and `detail`, in the order of the words."""
    frame = picture.table()
    if picture.asked.by == "adultes":
        aside = pl.when("counts").then(pl.lit("")).otherwise(pl.lit("hors enveloppe"))
        return frame.with_columns(detail=aside)
    names = _names(reference, picture)
    keys = frame["key"].to_list()
    return frame.with_columns(
        words=pl.Series([names.get(key, "Actions communes") for key in keys], dtype=pl.String),
        detail=pl.Series(_details(picture, keys), dtype=pl.String),
    ).sort("words")


def _names(reference: Reference, picture: Picture) -> dict:
    match picture.asked.by:
        case "eleves":
            return picture.people
        case "groupes":
            return picture.names["group"]
        case "axes":
            return {
                "": "Accueil et actions sans axe",
                **dict(reference.axes.select("code", "label").iter_rows()),
            }
        case _:
            return picture.codes


def _details(picture: Picture, keys: list) -> list[str]:
    if picture.asked.by != "eleves":
        return [""] * len(keys)
    where = dict(picture.hours.present.select("student", "division_code").iter_rows())
    return [where.get(key, "parti") for key in keys]


def _one(picture: Picture) -> str:
    return {
        "divisions": "division",
        "eleves": "élève",
        "groupes": "groupe",
        "axes": "axe",
        "adultes": "adulte",
    }[picture.asked.by]


def _head(picture: Picture) -> Component:
    titles = [BY[picture.asked.by][:-1]]
    if picture.asked.by == "adultes":
        titles += ["Prévues", "Tenues", "dont service", "dont HSE", "Non tenues", "Sans nouvelle", "À venir"]
    else:
        titles += [] if picture.asked.by == "eleves" else ["Élèves"]
        titles += ["Prévues", "Tenues", "Suivies", "Assiduité", "Non tenues", "Sans nouvelle", "À venir"]
    return html.Thead(
        html.Tr(
            [html.Th(titles[0], scope="col"), *(html.Th(t, scope="col", className="num") for t in titles[1:])]
        )
    )


def _row(picture: Picture, params: Params, row: dict) -> Component:
    name = [axis_mark(row["key"]) if picture.asked.by == "axes" else None, _named(picture, row)]
    cells = (
        _adult_cells(picture, params, row) if picture.asked.by == "adultes" else _cells(picture, params, row)
    )
    return html.Tr([html.Th(name, scope="row", className="hr-name"), *cells])


def _named(picture: Picture, row: dict) -> Component:
    words = [row["words"], html.Span(f" {row['detail']}", className="muted xs") if row["detail"] else None]
    if picture.asked.by == "eleves":
        return dcc.Link(words, href=f"/eleve?id={row['key']}")
    return html.Span(words)


def _cells(picture: Picture, params: Params, row: dict) -> list[Component]:
    """Return the figures of a row: means of students where it gathers several, sums for one student."""
    size = max(1, row["students"])
    told = row["attended"] + row["missed"]
    rate = done(row["attended"] / told) if told else "–"
    figures = [
        _figure(picture, params, row, which, row[LISTED[which][1]] / size, told=size) for which in LISTED
    ]
    people = [] if picture.asked.by == "eleves" else [html.Td(str(row["students"]), className="num")]
    lost, beside = _lost(row, size), _beside(row, size)
    return [
        *people,
        html.Td([figures[0].children, beside], className="num"),
        *figures[1:3],
        html.Td(rate, className="num"),
        html.Td([figures[3].children, lost], className="num"),
        *figures[4:],
    ]


def _lost(row: dict, size: int) -> Component | None:
    made_up = row["not_held"] - row["lost"]
    if made_up <= 0:
        return None
    return html.Div(f"dont {duration(made_up / size)} rattrapées", className="xs muted")


def _beside(row: dict, size: int) -> Component | None:
    if not row["beside"]:
        return None
    return html.Div(f"+ {duration(row['beside'] / size)} hors enveloppe", className="xs muted")


def _adult_cells(picture: Picture, params: Params, row: dict) -> list[Component]:
    figures = {
        which: _figure(picture, params, row, which, row[LISTED[which][1]], told=1) for which in _ADULT_STATES
    }
    paid = [html.Td(duration(row[name]), className="num") for name in ("in_service", "overtime")]
    return [
        figures["prevues"],
        figures["tenues"],
        *paid,
        figures["perdues"],
        figures["a-dire"],
        figures["a-venir"],
    ]


def _figure(
    picture: Picture, params: Params, row: dict, which: str, minutes: float, *, told: int
) -> Component:
    key = "" if row["key"] is None else row["key"]
    kind = _KINDS[picture.asked.by]
    if round(minutes) == 0:
        return html.Td("–", className="num muted")
    link = dcc.Link(duration(minutes), href=address(PATH, params, liste=f"{kind}:{key}", etat=which))
    return html.Td(link, className="num")


def _about(picture: Picture) -> str:
    if picture.asked.by == "adultes":
        return (
            "Une séance à deux adultes compte pour chacun. HSE : ceux dont le coût du créneau n’est pas nul. "
            "Visible de la direction et du pilote ; chaque adulte voit les siennes."
        )
    mean = "" if picture.asked.by == "eleves" else "Heures moyennes par élève attendu. "
    mine = "" if picture.whole_school else "Sur les élèves que vous voyez. "
    return f"{mine}{mean}{PLACES} Une séance que personne n’attend ne compte pas."
