"""« Équité »: the need served by division, sex, profile and intensity, now and in the calmest lawful composition."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from apdash.components.marks import badge
from apdash.components.states import notice
from apdash.components.still import still
from apdash.labels import count, number, percent
from apdash.rebalancing.fairness import (
    GRAVE_LOSS,
    GRAVE_STRONG,
    GRAVE_STUDENTS,
    Fare,
    Loss,
    Report,
)

FEWEST = 10  # students: a part of fewer is not told apart, but for divisions and tenths
KINDS = (
    ("division", "Par division"),
    ("sex", "Par sexe"),
    ("profile", "Par profil"),
    ("tenth", "Par intensité"),
    ("least_served", "Les moins servis"),
)
_ALWAYS = ("division", "tenth", "least_served")
_LEVELS = {
    Loss.SMALL: ("watch", "eye-fill", "un peu "),
    Loss.GRAVE: ("alert", "exclamation-triangle-fill", ""),
}


def fairness_title(report: Report) -> Component | str:
    """Return the finding, for the line one unfolds."""
    if report.loss in _LEVELS:
        kind, icon, little = _LEVELS[report.loss]
        return badge(f"les plus en besoin sont {little}moins bien servis", kind=kind, icon=icon)
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
    floor = _floor([fare for _, fares in parts for fare in fares])
    return still(
        [
            fairness_warning(report),
            html.P(_lead(report, waiting=waiting), className="s muted"),
            *[_part(title, fares, floor=floor) for title, fares in parts if fares],
            html.P(_left_out(report), className="xs muted"),
            html.P(_rule(), className="xs muted") if report.moves is not None else None,
        ]
    )


def _range(report: Report) -> list[str]:
    shares = [fare.share for fare in report.fares if fare.kind == "division"] or [1.0]
    return [percent(min(shares)), percent(max(shares))]


def fairness_warning(report: Report) -> Component | None:
    """Return the notice that the worst-off are served worse than in the calmest lawful composition, if they are."""
    if report.loss not in _LEVELS:
        return None
    kind, _, little = _LEVELS[report.loss]
    words = [_loss(fare) for fare in report.worst_off if fare.loss in _LEVELS]
    title = f"Les plus en besoin sont {little}moins bien servis qu’en changeant le moins possible"
    return notice(kind, title, " ".join(words))


def _loss(fare: Fare) -> str:
    """Return who loses what: need served, students with a strong need served, or both."""
    told, before = [], fare.before or 0.0
    if fare.share < before:
        told.append(f"{percent(fare.share, 1)} du besoin servi au lieu de {percent(before, 1)}")
    if fare.strong_before is not None and fare.strong < fare.strong_before:
        served = count(fare.strong, "élève", "élèves")
        told.append(f"{served} au besoin prioritaire servi au lieu de {fare.strong_before}")
    return f"{_name(fare)} ({count(fare.students, 'élève')})\u00a0: {', '.join(told)}."


def _rule() -> str:
    """Return when the loss of the worst-off is said, and when it is grave."""
    return (
        "Signalé dès que le dixième aux besoins les plus intenses, ou le dixième le moins servi, y perd\u00a0; en "
        f"rouge à partir de {number(100 * GRAVE_LOSS)}\u00a0points de besoin servi pour {GRAVE_STUDENTS}\u00a0élèves "
        f"au moins, ou de {GRAVE_STRONG}\u00a0élèves de moins au besoin prioritaire servi."
    )


def _lead(report: Report, *, waiting: bool) -> str:
    served = "Part du besoin servi\u00a0: "
    if report.moves is not None:
        fewest = count(report.moves, "déplacement")
        bold = " En gras, ce qui y perd." if any(_loses(fare) for fare in report.fares) else ""
        return f"{served}○ en changeant le moins possible ({fewest}), ● avec la proposition.{bold}"
    return f"{served}● avec la proposition. " + (
        "La comparaison vient avec le cadran." if waiting else "Rien à quoi la comparer\u00a0: pas de cadran."
    )


def _told(fare: Fare) -> bool:
    return fare.students > 0 and (fare.kind in _ALWAYS or fare.students >= FEWEST)


def _floor(fares: Sequence[Fare]) -> int:
    """Return where the lines begin, in percent: the ten under the least share shown."""
    shares = [share for fare in fares for share in (fare.share, fare.before) if share is not None]
    return min(90, 10 * int(10 * min(shares, default=0.0)))


def _part(title: str, fares: Sequence[Fare], *, floor: int) -> Component:
    head = html.Tr(
        [html.Th(title, scope="col"), html.Th(html.Span("Part servie", className="visually-hidden")),
         html.Th("Servi", scope="col", className="num"), html.Th("Prioritaires", scope="col", className="num")]
    )  # fmt: skip
    return html.Table(
        [html.Thead(head), html.Tbody([_line(fare, floor=floor) for fare in fares])], className="tbl rg-fares"
    )


def _line(fare: Fare, *, floor: int) -> Component:
    return html.Tr(
        [
            html.Th([_name(fare), html.Span(f" {number(fare.students)}", className="muted")], scope="row"),
            html.Td(_track(fare, floor=floor), className="track"),
            html.Td(_share(fare), className="num"),
            html.Td(f"{fare.strong} sur {fare.with_strong}" if fare.with_strong else "–", className="num"),
        ],
        className="worse" if _loses(fare) else "",
    )


def _share(fare: Fare) -> list[Component | str | None]:
    before = fare.before
    if before is None or not _differs(fare):
        return [percent(fare.share)]
    return [html.Span(f"{number(100 * before)} → ", className="muted"), percent(fare.share)]


def _loses(fare: Fare) -> bool:
    """Tell whether a line is set off: these students lose, in the figures written or in strong needs."""
    return fare.worse and (_differs(fare) or fare.strong < (fare.strong_before or 0))


def _differs(fare: Fare) -> bool:
    """Tell whether the figures written differ."""
    return fare.before is not None and percent(fare.before) != percent(fare.share)


def _track(fare: Fare, *, floor: int) -> Component:
    """Return the line from ○ to ●, on a scale from the floor to 100 %; the figures beside it say the same."""
    shares = (fare.share, fare.share if fare.before is None else fare.before)
    now, before = (100 * (100 * share - floor) / (100 - floor) for share in shares)
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
