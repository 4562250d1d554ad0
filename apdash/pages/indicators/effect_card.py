"""What was observed between two bilans: beside others of a like start, with intervals, numbers and cost."""

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import card, said
from apdash.components.marks import axis_mark
from apdash.components.states import empty, notice
from apdash.components.still import still
from apdash.effect import LEAST_SESSIONS, Evolution
from apdash.labels import MINUS, NBSP, listed, number, short_day, signed
from apdash.pages.indicators.how import defined, how
from apdash.pages.indicators.picture import Picture

_HEADS = ("Besoin", "Suivis", "Autres", "Écart", "", "Intervalle 95 %", "Heures", "Lecture")


def effect_card(picture: Picture) -> Component:
    """Return the card: the comparison by need, the warning, what was observed by dispositif and, for who may, group."""
    found = picture.evolution
    if found is None:
        body = empty("Pas encore de comparaison", "Il faut deux bilans clos dans l’année.", icon="hourglass")
        return card("Évolution des élèves suivis, comparés aux autres", body, class_name="ind-effect")
    body = [
        _overall(found),
        still(_needs(picture, found), className="scroll-x") if found.needs.height else _none(),
        _hidden(picture, found),
        notice("info", "Ce que cela ne prouve pas", _WARNING) if found.needs.height else None,
        *_observed(picture, found),
        how(*defined(picture.reference, "EVOLUTION"), _METHOD),
    ]
    when = f"du {short_day(found.before[1])} au {short_day(found.after[1])}"
    sub = f"{when}, à point de départ semblable, en niveaux de 1 à 4"
    return card("Évolution des élèves suivis, comparés aux autres", body, sub=sub, class_name="ind-effect")


_WARNING = (
    "Un élève choisi parce qu’il est au plus bas remonte souvent de lui-même (régression vers la moyenne). "
    "La comparaison à point de départ semblable réduit ce biais sans l’annuler."
)
_METHOD = (
    "Niveaux observés aux deux bilans, moyenne des compétences du besoin selon leur poids. Suivi : présent à "
    f"{LEAST_SESSIONS} séances ou plus d’un groupe de ce besoin entre les deux. L’écart compare suivis et autres "
    "partis du même demi-niveau, en moyenne pondérée ; l’intervalle est celui de Welch. « Net » : zéro est hors de "
    "l’intervalle. Rien n’est montré sous 2 groupes ou 10 élèves. Heures : séances tenues des groupes, quelle que "
    "soit leur taille."
)


def _overall(found: Evolution) -> Component | None:
    if found.overall.is_empty():
        return None
    row = found.overall.row(0, named=True)
    return html.P(
        said(
            f"Évolution constatée, tous élèves : {signed(row['change'], 2)} niveau en moyenne, "
            f"{signed(row['median'], 2)} en médiane, pour {row['students']} élèves{_between(row)}."
        ),
        className="s soft mb-2",
    )


def _needs(picture: Picture, found: Evolution) -> Component:
    axes = {row["code"]: row for row in picture.reference.needs.to_dicts()}
    rows = found.needs.sort("gap", descending=True).to_dicts()
    reach = max(0.2, *(max(abs(row["low"]), abs(row["high"])) for row in rows))
    head = html.Tr(
        [
            html.Th(_head(title), scope="col", className="" if title in ("Besoin", "", "Lecture") else "num")
            for title in _HEADS
        ]
    )
    return html.Table(
        [html.Thead(head), html.Tbody([_need_row(row, axes[row["need"]], reach) for row in rows])],
        className="tbl ind-gaps",
    )


def _head(title: str) -> Component | str:
    if title:
        return title
    return html.Span([html.Span("moins bien"), html.Span("mieux")], className="ind-sides")


def _need_row(row: dict, need: dict, reach: float) -> Component:
    reading = ("progrès net" if row["gap"] > 0 else "recul net") if row["settled"] else "non concluant"
    cells = [
        html.Th([axis_mark(need["axis"]), f" {need['short_name']}"], scope="row", className="nw"),
        html.Td(row["students"], className="num", **{"data-label": "Suivis"}),
        html.Td(row["others"], className="num", **{"data-label": "Autres"}),
        html.Td(signed(row["gap"], 2), className="num b", **{"data-label": "Écart"}),
        html.Td(interval(row["gap"], row["low"], row["high"], reach=reach, settled=row["settled"])),
        html.Td(_between(row, bare=True), className="num soft", **{"data-label": "Intervalle"}),
        html.Td(hours(row["led"]), className="num", **{"data-label": "Heures"}),
        html.Td(reading, className="soft nw"),
    ]  # fmt: skip
    return html.Tr(cells)


def interval(value: float, low: float, high: float, *, reach: float, settled: bool) -> Component:
    """Return an interval on a line whose middle is zero: a full point when zero is outside of it, a ring when not."""

    def at(where: float) -> float:
        return round(50 + 48 * max(-1.0, min(1.0, where / reach)), 1)

    return html.Span(
        [
            html.I(className="zero"),
            html.I(
                className="bar",
                style={"left": f"{at(low)}%", "width": f"{max(0.5, at(high) - at(low)):.1f}%"},
            ),
            html.I(className="dot", style={"left": f"{at(value)}%"}),
        ],
        className=f"ind-gap {'net' if settled else ''}",
        **{"aria-hidden": "true"},
    )


def hours(minutes: int | None) -> str:
    """Return minutes as hours: `24 h`, `7,5 h`."""
    if minutes is None:
        return "–"
    value = minutes / 60
    return f"{number(value, 0 if value >= 10 else 1)}{NBSP}h"


def _hidden(picture: Picture, found: Evolution) -> Component | None:
    if not found.hidden:
        return None
    names = dict(picture.reference.needs.select("code", "short_name").iter_rows())
    words = listed([names[code][:1].lower() + names[code][1:] for code in found.hidden])
    return html.P(
        said(f"Non montrés, moins de 2 groupes ou de 10 élèves : {words}."), className="xs muted mt-2"
    )


def _none() -> Component:
    words = (
        "Aucun besoin n’a été travaillé par assez d’élèves présents, ou leurs appels ne sont pas enregistrés."
    )
    return empty("Rien à comparer", words, icon="bar-chart-line")


def _observed(picture: Picture, found: Evolution) -> list[Component]:
    """Return what was observed without comparison, by dispositif and by group: an evolution, never an effect."""
    parts = []
    if found.schemes.height:
        labels = dict(picture.reference.schemes.select("code", "label").iter_rows())
        rows = found.schemes.with_columns(title=pl.col("scheme").replace(labels))
        parts.append(_table("Par dispositif", rows, "Dispositif"))
    if found.groups.height:
        rows = found.groups.with_columns(title=pl.concat_str("code", "name", separator=" "))
        parts.append(_table("Par groupe (vous seul et l’intervenant du groupe)", rows, "Groupe"))
    return parts


def _table(summary: str, rows: pl.DataFrame, first: str) -> Component:
    heads = (first, "Élèves", "Évolution constatée", "Intervalle 95 %", "Heures")
    head = html.Tr(
        [html.Th(title, scope="col", className="num" if title != first else "") for title in heads]
    )
    lines = [
        html.Tr(
            [
                html.Th(row["title"], scope="row"),
                html.Td(row["students"], className="num"),
                html.Td(signed(row["change"], 2), className="num b"),
                html.Td(_between(row, bare=True), className="num soft"),
                html.Td(hours(row["led"]), className="num"),
            ]
        )
        for row in rows.to_dicts()
    ]
    table = html.Table([html.Thead(head), html.Tbody(lines)], className="tbl")
    return html.Details(
        [html.Summary(summary), still(table, className="scroll-x")], className="ind-more no-print"
    )


def _between(row: dict, *, bare: bool = False) -> str:
    if row["low"] is None:
        return MINUS if bare else ""
    words = f"{signed(row['low'], 2)} à {signed(row['high'], 2)}"
    return words if bare else f" (intervalle à 95 % : {words})"
