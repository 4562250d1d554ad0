"""The head of the heat map: axes, bars of how many students are concerned, and links that sort."""

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.marks import axis_mark
from apdash.pages.needs.asked import PATH
from apdash.pages.needs.order import BY_NAME
from apdash.pages.needs.picture import Picture
from apdash.pages.page import Params

LONG = 10  # letters from which the name of a column may break
_VOWELS = "aeiouyàâéèêëîïôûüœ"
BAR = 34  # height in pixels of the longest bar


def head(picture: Picture, params: Params, *, counts: pl.DataFrame, sort: str, starts: set[str]) -> Component:
    """Return the two lines of the head: axes with their mark, then needs with their bar."""
    with_profile = picture.may_read_profiles
    profile = [html.Th("Profil", scope="col", className="pf")] if with_profile else []
    blank = [html.Td(className="nm"), *([html.Td(className="pf")] if with_profile else [])]
    turned = picture.asked.turned
    most = max(1, int(counts["strong"].max() or 0))
    name = html.Th(
        _sorter("Élève", BY_NAME, params, sort=sort, turned=turned),
        scope="col",
        className="nm",
        **_aria(BY_NAME, sort, turned=turned),
    )
    return html.Thead(
        [
            html.Tr([*blank, *_axes(picture.needs), html.Td(className="gap")], className="axes"),
            html.Tr(
                [
                    name,
                    *profile,
                    *(_need(row, params, sort, turned, most, starts) for row in counts.to_dicts()),
                    html.Th("Groupes actuels", scope="col", className="gap gr"),
                ]
            ),
        ]
    )


def _axes(needs: pl.DataFrame) -> list[Component]:
    """Return the axes over their needs; over one or two there is room for the first word, whole or cut short."""
    spans = needs.group_by("axis", "axis_label", maintain_order=True).agg(many=pl.len())
    return [
        html.Th(
            [axis_mark(axis), html.Span(_fitting(label, many), className="t")],
            colSpan=many,
            scope="colgroup",
            className="gap",
            title=label,
        )
        for axis, label, many in spans.iter_rows()
    ]


def _fitting(label: str, many: int) -> str:
    first = label.split(" et ")[0] if many < 3 else label
    return f"{first[:6]}." if many == 1 and len(first) > LONG else first


def _need(row: dict, params: Params, sort: str, turned: bool, most: int, starts: set[str]) -> Component:
    light = round(BAR * (row["strong"] - row["urgent"]) / most)
    dark = round(BAR * row["urgent"] / most)
    bar = html.Div(
        [
            html.Span(str(row["strong"]), className="n"),
            html.I(className="b3", style={"height": f"{light}px"}),
            html.I(className="b4", style={"height": f"{dark}px"}),
        ],
        className="hb",
        title=f"{row['strong']} à 60 ou plus, dont {row['urgent']} à 75 ou plus",
    )
    return html.Th(
        [bar, _sorter(breakable(row["short_name"]), row["code"], params, sort=sort, turned=turned)],
        scope="col",
        className="gap" if row["code"] in starts else None,
        title=row["label"],
        **{"data-need": row["code"]},
        **_aria(row["code"], sort, turned=turned),
    )


def breakable(word: str) -> str:
    """Return a long word with a soft hyphen near its middle, before a consonant between two vowels."""
    if len(word) < LONG or " " in word:
        return word
    sounds = ["v" if letter in _VOWELS else "c" for letter in word.lower()]
    places = [i for i in range(3, len(word) - 2) if sounds[i - 1 : i + 2] == ["v", "c", "v"]]
    if not places:
        return word
    best = min(places, key=lambda i: abs(i - len(word) / 2))
    return f"{word[:best]}\u00ad{word[best:]}"


def _sorter(words: str, code: str, params: Params, *, sort: str, turned: bool) -> Component:
    """Return a link that sorts by a column, or turns its order when it already does."""
    mine = code == sort
    upwards = turned != (code == BY_NAME)
    arrow = html.Span("▲" if upwards else "▼", className="arrow", **{"aria-hidden": "true"}) if mine else None
    href = address(PATH, params, tri=code, sens="inverse" if mine and not turned else None)
    return dcc.Link([words, arrow], href=href, className="sort on" if mine else "sort")


def _aria(code: str, sort: str, *, turned: bool) -> dict[str, str]:
    if code != sort:
        return {}
    return {"aria-sort": "ascending" if turned != (code == BY_NAME) else "descending"}
