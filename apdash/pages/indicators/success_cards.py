"""The four indicators of success over the years of the file, imported figures beside them, each with its source."""

from dataclasses import dataclass

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import card, said
from apdash.labels import NBSP, count, day, percent, signed
from apdash.pages.indicators.how import defined, how
from apdash.pages.indicators.picture import Picture
from apdash.pages.indicators.trend import trend

_PLACES = {"academie": "acad.", "nation": "France"}
_PLACE_WORDS = {"school": "le lycée, fichier IVAL", "academie": "l’académie", "nation": "la France"}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One of them. rows: year (a school year, by its start), share, students; own: computed from this file;
    better_high: more is better; outside: its code among the figures from elsewhere."""

    code: str
    title: str
    sub: str
    rows: pl.DataFrame
    own: bool = True
    better_high: bool = True
    detail: str = ""


def success_cards(picture: Picture) -> list[Component]:
    """Return a card an indicator."""
    return [_card(picture, one) for one in indicators(picture)]


def indicators(picture: Picture) -> list[Indicator]:
    """Return the four indicators in the scope of the filters, where they know it."""
    found, grade = picture.success, _grade(picture)
    socle, repeating = _of_grade(found.socle, grade), _of_grade(found.repeating, grade)
    told = _pooled(repeating, "repeating").filter(pl.col("share") > 0)  # a year without any was not recorded
    where = f"élèves de {grade}" if grade else "tous niveaux"
    access, own = found.access, True
    if access.is_empty():
        mine = found.outside.filter((pl.col("indicator") == "ACCES") & (pl.col("place") == "school"))
        access, own = mine.select(year=pl.col("year") - 1, share="value", students="people"), False
    passed = found.outside.filter((pl.col("indicator") == "REUSSITE") & (pl.col("place") == "school"))
    detail = f"Réussite au diplôme (IVAL) : {percent(passed['value'][-1])}" if passed.height else ""
    return [
        Indicator("SOCLE", "Acquisition du socle", f"{where}, au niveau 3 ou 4", _pooled(socle, "acquired")),
        Indicator(
            "REDOUBLEMENT", "Redoublement", where, told, better_high=False
        ),
        Indicator("ACCES", "Accès au diplôme", "tout le lycée, de l’entrée au diplôme", access, own=own, detail=detail),
        Indicator("DEVENIR", "Bilan d’orientation", "tout le lycée, sortants qui ont une solution",
                  found.leavers.select("year", "share", students="known").drop_nulls("share")),
    ]  # fmt: skip


def _grade(picture: Picture) -> str:
    if picture.asked.division is not None:
        return picture.divisions.filter(division=picture.asked.division)["grade"][0] or ""
    return picture.asked.grade


def _of_grade(rows: pl.DataFrame, grade: str) -> pl.DataFrame:
    return rows.filter(grade=grade) if grade else rows


def _pooled(rows: pl.DataFrame, part: str) -> pl.DataFrame:
    return (
        rows.group_by("year")
        .agg(pl.col(part).sum(), pl.col("students").sum())
        .select("year", "students", share=pl.col(part) / pl.col("students"))
        .sort("year")
    )


def beside(picture: Picture, code: str) -> list[dict]:
    """Return the latest figure from elsewhere of each place: place, year, value, source, imported_at."""
    rows = picture.success.outside.filter(pl.col("indicator") == code).sort("year")
    return rows.group_by("place", maintain_order=True).last().sort("place").to_dicts()


def _card(picture: Picture, one: Indicator) -> Component:
    known = beside(picture, one.code)
    others = [row for row in known if row["place"] in _PLACES]
    lines = [_compared(one, row) for row in others]
    if (
        one.code == "ACCES" and one.own
    ):  # published rates are computed otherwise: they compare with one another
        others, lines = [], [_published(known)]
    if one.rows.is_empty():
        body = [html.P(_missing(one.code), className="s soft ind-none")]
    else:
        latest = one.rows["share"][-1]
        line = next(((_PLACES[row["place"]], row["value"]) for row in others), None)
        points = [(_when(year), share) for year, share in one.rows.select("year", "share").iter_rows()]
        value = html.Span(percent(latest, 1 if latest < 0.1 else 0), className="v")
        body = [
            html.Div([value, html.Span(_change(one), className="s")], className="kpi ind-kpi"),
            trend(points, beside=line, label=one.title),
        ]
    foot = [
        *lines,
        html.P(said(one.detail), className="xs soft") if one.detail else None,
        _source(picture, one),
    ]
    codes = [one.code, "REUSSITE"] if one.code == "ACCES" else [one.code]
    more = how(*defined(picture.reference, *codes), *_cohorts(picture, one), _numbers(one))
    return card(
        one.title, [*body, html.Div(foot, className="ind-foot"), more], sub=one.sub, class_name="ind-success"
    )


def _when(year: int) -> str:
    return f"{year % 100:02d}-{(year + 1) % 100:02d}"


def _change(one: Indicator) -> str:
    if one.rows.height < 2:
        return ""
    moved = 100 * (one.rows["share"][-1] - one.rows["share"][-2])
    return f"{signed(moved, 1)}{NBSP}point{'s' if abs(moved) >= 2 else ''} en un an"


def _compared(one: Indicator, row: dict) -> Component:
    """Return how the school stands beside a place, in words and with an icon."""
    figures = f"{_PLACE_WORDS[row['place']]} ({percent(row['value'], 1)}, session {row['year']})"
    if one.rows.is_empty():
        return html.P(said(f"{figures[:1].upper()}{figures[1:]}"), className="xs soft")
    gap = one.rows["share"][-1] - row["value"]
    good = (gap >= 0) == one.better_high
    words = "au-dessus de" if gap >= 0 else "au-dessous de"
    icon = "check-circle" if good else "exclamation-circle-fill"
    mark = html.I(className=f"bi bi-{icon} {'' if good else 'ind-under'}", **{"aria-hidden": "true"})
    return html.P([mark, said(f" {words} {figures}")], className="s")


def _published(known: list[dict]) -> Component | None:
    """Return the published rates of the school and around it, beside one another."""
    if not known:
        return None
    order = ("school", "academie", "nation")
    rows = sorted(known, key=lambda row: order.index(row["place"]) if row["place"] in order else len(order))
    names = {"school": "lycée", "academie": "académie", "nation": "France"}
    words = ", ".join(f"{names.get(row['place'], row['place'])} {percent(row['value'], 1)}" for row in rows)
    return html.P(said(f"Taux publié, session {rows[0]['year']}, calculé autrement : {words}"), className="s")


def _source(picture: Picture, one: Indicator) -> Component | None:
    """Return where the figures come from: this file, or the one imported."""
    rows = beside(picture, one.code)
    named = sorted(
        {f"{row['source'].split(',')[0]}, importé le {day(row['imported_at'].date())}" for row in rows}
    )
    own = [] if one.rows.is_empty() or not one.own else ["base du lycée"]
    return (
        html.P(said("Source : " + " ; ".join([*own, *named])), className="xs muted") if own or named else None
    )


def _numbers(one: Indicator) -> Component | str:
    if "students" not in one.rows.columns or one.rows.is_empty():
        return ""
    sizes = [
        f"{_when(year)} : {count(n or 0, 'élève')}"
        for year, n in one.rows.select("year", "students").iter_rows()
    ]
    unit = " (chaque domaine compte)" if one.code == "SOCLE" else ""
    return f"Effectifs{unit} : {', '.join(sizes)}."


def _cohorts(picture: Picture, one: Indicator) -> list[str]:
    """Return what became of each cohort, for the card of access."""
    if one.code != "ACCES":
        return []
    rows = picture.success.cohorts.filter(pl.col("students") > 0).sort("entry_year", "grade").to_dicts()
    return [
        f"Entrés en {row['grade']} en {row['entry_year']} : {row['students']}, dont {row['passed']} diplômés, "
        f"{row['here']} encore là, {row['gone']} partis sans résultat connu."
        for row in rows
    ]


def _missing(code: str) -> str:
    return {
        "ACCES": "Ni résultats au diplôme ni fichier IVAL : importez-les pour suivre l’accès au diplôme.",
        "DEVENIR": "La situation des sortants n’est pas saisie : importez-la, ou notez-la sur leurs fiches.",
        "SOCLE": "Aucun bilan clos ne renseigne encore les domaines du socle.",
    }.get(code, "Aucune donnée.")
