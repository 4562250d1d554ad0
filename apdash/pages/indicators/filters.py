"""The filters of the page: grade, division, and as of when."""

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import dropdown, segment
from apdash.components.frame import filter_bar
from apdash.labels import day, school_year
from apdash.pages.indicators.asked import EVALUATION, PATH
from apdash.pages.indicators.picture import Picture


def filters(picture: Picture) -> Component:
    """Return the bar of filters; whoever prints finds the printable view beside it."""
    asked, known = picture.asked, picture.divisions["grade"].drop_nulls().unique().to_list()
    grades = [code for code in picture.reference.grades["code"].to_list() if code in known]
    mine = picture.divisions.filter(grade=asked.grade) if asked.grade else picture.divisions
    divisions = [(str(key), code) for key, code in mine.select("division", "code").iter_rows()]
    given = {"path": PATH, "params": asked.params}
    levels = [("", "Tous"), *((code, code) for code in grades)]
    every = ("", f"Toutes ({len(divisions)})")
    parts = [
        segment("Niveau", levels, name="niveau", clears=("division",), **given),
        dropdown("Division", [every, *divisions], name="division", **given),
        dropdown("Chiffres au", _moments(picture), name="au", clears=("niveau", "division"), **given),
    ]
    return filter_bar(parts, _right(picture))


def _moments(picture: Picture) -> list[tuple[str, str]]:
    today = picture.services.today()
    return [("", f"{day(today)} (aujourd’hui)")] + [
        (str(row["review"]), f"{day(row['at'].date())} · {row['label']}, {school_year(row['year'])}")
        for row in picture.closings.to_dicts()
    ]


def _right(picture: Picture) -> list[Component]:
    printing = html.Button(
        [html.I(className="bi bi-printer", **{"aria-hidden": "true"}), html.Span("Imprimer")],
        type="button", className="btn btn-outline btn-sm", **{"data-print": "page"},
    )  # fmt: skip
    asked = picture.asked
    if asked.view == EVALUATION or asked.point:
        href, icon, words = asked.href(vue=None, point=None), "chevron-left", "Tous les indicateurs"
    else:
        href, icon, words = asked.href(vue=EVALUATION), "file-earmark-text", "Évaluation à imprimer"
    mark = html.I(className=f"bi bi-{icon}", **{"aria-hidden": "true"})
    return [dcc.Link([mark, html.Span(words)], href=href, className="btn btn-outline btn-sm"), printing]
