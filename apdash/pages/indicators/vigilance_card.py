"""The points of vigilance: rule, threshold, how many; each opens its list."""

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import card, said
from apdash.components.marks import badge
from apdash.labels import count
from apdash.pages.indicators.how import how
from apdash.pages.indicators.picture import Picture
from apdash.vigilance import Point

_LEVELS = {
    "alert": ("À traiter", "alert", "exclamation-triangle-fill"),
    "watch": ("À surveiller", "watch", "eye-fill"),
    "ok": ("Rien à signaler", "", "check-circle"),
    "unknown": ("Pas encore mesurable", "", "hourglass"),
}
ORDER = tuple(_LEVELS)
_WORDS = (("student", "élève"), ("ap_group", "groupe"), ("band", "bande"), ("division", "division"))


def vigilance_card(picture: Picture) -> Component:
    """Return the card: what is to be handled first, then what is to be watched, then what is fine."""
    points = sorted(picture.points, key=lambda point: ORDER.index(point.level))
    raised = sum(point.count > 0 for point in points)
    table = html.Table(
        html.Tbody([_row(picture, point) for point in points]), className="tbl ind-points",
        **{"aria-label": "Points de vigilance"},
    )  # fmt: skip
    whys = [f"{point.label} : {point.threshold}. {_sentence(point.why)}" for point in points]
    origin = "Seuils et raisons viennent de vigilance.csv, que le lycée peut modifier."
    return card(
        "Points de vigilance",
        [table, how(origin, html.Ul([html.Li(said(words)) for words in whys]))],
        sub=f"{raised} sur {len(points)}",
        class_name="ind-vigilance",
    )


def level_badge(level: str) -> Component:
    """Return the word, icon and colour of a level."""
    words, kind, icon = _LEVELS[level]
    return badge(words, kind=kind, icon=icon)


def count_words(point: Point) -> str:
    """Return how many students, groups, bands and divisions stand behind a point: `3 élèves, 1 groupe`."""
    if not point.count:
        return "–" if point.level == "unknown" else "aucun"
    kinds: dict[str, set[int] | list[int]] = {}
    for row in point.rows.to_dicts():
        kind = next((words for name, words in _WORDS if row[name] is not None), "ligne")
        key = next((row[name] for name, _ in _WORDS if row[name] is not None), id(row))
        kinds.setdefault(kind, set()).add(key)
    return ", ".join(count(len(keys), kind) for kind, keys in kinds.items())


def _row(picture: Picture, point: Point) -> Component:
    told = point.words.capitalize() if point.words else point.threshold
    words = count_words(point)
    link = dcc.Link(words, href=picture.asked.href(point=point.code)) if point.count else words
    return html.Tr(
        [
            html.Td(level_badge(point.level), className="lvl"),
            html.Th([html.Div(said(point.label)), html.Div(said(told), className="xs muted")], scope="row"),
            html.Td(link, className="num"),
        ]
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "."
