"""« Équité »: the need served by division, sex, profile and intensity, now and in the calmest lawful composition."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from apdash.components.marks import badge
from apdash.components.states import notice
from apdash.components.still import still
from apdash.labels import count, number, percent
from apdash.rebalancing.fairness import Fare, Report

FEWEST = 10  # students: a part of fewer is not told apart, but for divisions and tenths
KINDS = (
    ("division", "Par division"),
    ("sex", "Par sexe"),
    ("profile", "Par profil"),
    ("tenth", "Par intensité du besoin"),
    ("least_served", "Les moins servis"),
)
_ALWAYS = ("division", "tenth", "least_served")


def fairness_title(report: Report) -> Component | str:
    """Return the finding, for the line one unfolds."""
    if report.alarm:
        words = "les plus en besoin sont moins bien servis"
        return badge(words, kind="alert", icon="exclamation-triangle-fill")
    worse = [fare.name for fare in report.fares if fare.kind == "division" and fare.worse]
    if report.moves is None:
        return f"besoin servi de {' à '.join(_range(report))}"
    if worse:
        return f"{count(len(worse), 'division')} un peu moins bien servie{'s' if len(worse) > 1 else ''}"
    return "aucune division n’y perd"


def fairness_body(report: Report, *, waiting: bool) -> Component:
    """Return the warning if there is one, then a line for each set of students. waiting: the reference is to come."""
    parts = [
        (title, [fare for fare in report.fares if fare.kind == kind and _told(fare)]) for kind, title in KINDS
    ]
    return still(
        [
            fairness_warning(report) if report.alarm else None,
            html.P(_lead(report, waiting=waiting), className="s muted"),
            *[_part(title, fares) for title, fares in parts if fares],
            html.P(_left_out(report), className="xs muted"),
        ]
    )


def _range(report: Report) -> list[str]:
    shares = [fare.share for fare in report.fares if fare.kind == "division"] or [1.0]
    return [percent(min(shares)), percent(max(shares))]


def fairness_warning(report: Report) -> Component:
    """Return the notice that the worst-off are served worse than in the calmest lawful composition."""
    words = [_loss(fare) for fare in report.worst_off if fare.worse]
    title = "Les plus en besoin sont moins bien servis qu’en changeant le moins possible"
    return notice("alert", title, " ".join(words))


def _loss(fare: Fare) -> str:
    before = fare.before or 0.0
    if fare.share < before:
        return (
            f"{_name(fare)}\u00a0: {percent(fare.share, 1)} du besoin servi au lieu de {percent(before, 1)}."
        )
    served = count(fare.strong, "élève", "élèves")
    return f"{_name(fare)}\u00a0: {served} au besoin prioritaire servi, au lieu de {fare.strong_before}."


def _lead(report: Report, *, waiting: bool) -> str:
    served = "Part du besoin servi\u00a0: "
    if report.moves is not None:
        fewest = count(report.moves, "déplacement")
        return f"{served}○ en changeant le moins possible ({fewest}), ● avec la proposition."
    return f"{served}● avec la proposition. " + (
        "La comparaison vient avec le cadran." if waiting else "Rien à quoi la comparer\u00a0: pas de cadran."
    )


def _told(fare: Fare) -> bool:
    return fare.students > 0 and (fare.kind in _ALWAYS or fare.students >= FEWEST)


def _part(title: str, fares: Sequence[Fare]) -> Component:
    head = html.Tr(
        [html.Th(title, scope="col"), html.Th(html.Span("Part servie", className="visually-hidden")),
         html.Th("Servi", scope="col", className="num"), html.Th("Prioritaires", scope="col", className="num")]
    )  # fmt: skip
    return html.Table(
        [html.Thead(head), html.Tbody([_line(fare) for fare in fares])], className="tbl rg-fares"
    )


def _line(fare: Fare) -> Component:
    return html.Tr(
        [
            html.Th([_name(fare), html.Span(f" {number(fare.students)}", className="muted")], scope="row"),
            html.Td(_track(fare), className="track"),
            html.Td(_share(fare), className="num"),
            html.Td(f"{fare.strong} sur {fare.with_strong}" if fare.with_strong else "–", className="num"),
        ],
        className="worse" if fare.worse and _differs(fare) else "",
    )


def _share(fare: Fare) -> list[Component | str | None]:
    before = fare.before
    if before is None or not _differs(fare):
        return [percent(fare.share)]
    return [html.Span(f"{number(100 * before)} → ", className="muted"), percent(fare.share)]


def _differs(fare: Fare) -> bool:
    """Tell whether the figures written differ."""
    return fare.before is not None and percent(fare.before) != percent(fare.share)


def _track(fare: Fare) -> Component:
    """Return the line from ○ to ●; the figures beside it say the same."""
    now, before = 100 * fare.share, 100 * (fare.share if fare.before is None else fare.before)
    low, high = min(now, before), max(now, before)
    return html.Span(
        [
            html.I(className="line", style={"left": f"{low:.1f}%", "width": f"{high - low:.1f}%"}),
            html.I(className="was", style={"left": f"{before:.1f}%"}) if fare.before is not None else None,
            html.I(className="now", style={"left": f"{now:.1f}%"}),
        ],
        className="rg-track-line",
        **{"aria-hidden": "true"},
    )


def _name(fare: Fare) -> str:
    if fare.kind == "tenth":
        return f"{fare.name}{'er' if fare.name == '1' else 'e'} dixième"
    words = "dixième le moins servi" if fare.kind == "least_served" else fare.name
    return f"{words[:1].upper()}{words[1:]}"


def _left_out(report: Report) -> str:
    few = [fare for fare in report.fares if fare.students and not _told(fare)]
    hidden = f" Les parts de moins de {FEWEST} élèves ne sont pas montrées." if few else ""
    order = "1er dixième\u00a0: les besoins les moins intenses\u00a0; 10e\u00a0: les plus intenses. "
    return f"{order}Prioritaires\u00a0: élèves dont un besoin prioritaire est servi, sur ceux qui en ont un.{hidden}"
