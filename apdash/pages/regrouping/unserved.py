"""« Qui n’est pas servi ? »: each student none of whose strong needs is served, why, and the least that would do."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from apdash.alphabet import folded
from apdash.components.marks import axis_mark
from apdash.components.still import still
from apdash.labels import NBSP, count
from apdash.pages.regrouping.barriers import BY_HAND, CHANGE, TRIED, WHY, gain_words, lever_words
from apdash.pages.regrouping.names import Names
from apdash.pages.regrouping.reasons import Levels
from apdash.pages.regrouping.words import short_name

_LEVERS, _POINTS = 4, 2

Answer = Mapping[str, Any]
Link = Callable[[str, str], str]


def unserved_title(answer: Answer) -> str:
    """Return the finding, for the line one unfolds. answer: parts as `rebalancing.explaining` tells them."""
    missing = answer.get("unserved")
    if missing is None:
        return "calcul…"
    if not missing:
        return "chaque élève prioritaire a une réponse"
    return f"{count(len(missing), 'élève prioritaire', 'élèves prioritaires')} sans réponse"


def unserved_body(
    answer: Answer, names: Names, levels: Levels, *, link: Link, max_moves: int | None
) -> Component:
    """Return what would help most, then the students.

    link: address of the panel of a student at a slot; max_moves: how many the proposal was allowed.
    """
    missing = answer.get("unserved")
    if missing is None:
        return still(html.Div(className="skeleton rg-wait"))
    if not missing:
        words = "Chaque élève qui a un besoin prioritaire est dans un groupe qui y répond."
        return still([html.P(words, className="s"), _helps(answer, names, max_moves)])
    return still(
        [
            _helps(answer, names, max_moves),
            html.Ul(_people(answer, names, levels, link), className="rg-unserved"),
        ]
    )


def _helps(answer: Answer, names: Names, max_moves: int | None) -> Component:
    gains = answer.get("gains")
    if gains is None:
        return html.P(
            "Où une heure de plus aiderait\u00a0: calcul en cours…", className="s muted", role="status"
        )
    useful = _useful(gains)
    if not useful:
        if not all(gain["exact"] for gain in gains):
            words = "Rien de plus n’a été trouvé utile, mais le temps a manqué pour le prouver."
            return html.P(words, className="s")
        within = "" if max_moves is None else f", dans la limite de {count(max_moves, 'déplacement')}"
        return html.P(
            f"Un adulte, une salle ou un besoin ouvert de plus n’y changerait rien{within}.", className="s"
        )
    wanted = {one["student"]: one["needs"] for one in answer["unserved"]}
    lines = []
    for gain in useful:
        needs = [need for student in gain["serves"] for need in wanted.get(student, ())]
        what = lever_words(gain, names, wanted=needs)
        lines.append(html.Li([html.B(f"{what[:1].upper()}{what[1:]}"), html.Br(), gain_words(gain)]))
    return html.Div(
        [html.H3("Ce qui aiderait le plus"), html.Ol(lines, className="rg-facts")], className="rg-helps"
    )


def _useful(gains: Sequence[Answer]) -> list[Answer]:
    """Return the gains worth telling: those that serve most students, else the two that bring most points."""
    serving = [gain for gain in gains if len(gain["serves"]) > gain["loses"]]
    serving.sort(key=lambda gain: (gain["loses"] - len(gain["serves"]), -gain["least"]))
    others = [gain for gain in gains if gain["least"] > 0 and gain not in serving]
    return [*serving[:_LEVERS], *others[: max(0, _POINTS - len(serving))]]


def _people(answer: Answer, names: Names, levels: Levels, link: Link) -> list[Component]:
    def order(one: Answer) -> tuple[str, str]:
        who = names.person(one["student"])
        return folded(who.last_name), folded(who.first_name)

    return [_student(one, answer, names, levels, link) for one in sorted(answer["unserved"], key=order)]


def _student(one: Answer, answer: Answer, names: Names, levels: Levels, link: Link) -> Component:
    who, binding = names.person(one["student"]), one["binding"]
    needs: list[Component | str] = []
    for need in one["needs"]:
        value = levels.get((one["student"], need))
        needs += [html.Span([axis_mark(names.axis(need)), f" {names.short(need)} ",
                             html.B(str(value), className="rg-high")], className="nw"), " "]  # fmt: skip
    name = dcc.Link(short_name(who.last_name, who.first_name), href=link(one["student"], binding["slot"]))
    where = f"{names.short(binding['need'])}, {names.slots.get(binding['slot'], binding['slot'])}"
    return html.Li(
        [
            html.Div([html.B(name), html.Span(f" {who.division} ", className="muted"), *needs]),
            html.Div(f"{where}{NBSP}: {WHY[binding['barrier']]}.", className="soft"),
            html.Div(_change(one, answer, names)),
        ]
    )


def _change(one: Answer, answer: Answer, names: Names) -> list[Component | str]:
    """Return the cheapest change known to serve a student; else, as a track, what would have to give way."""
    gains: Sequence[Any] = answer.get("gains") or ()
    helping = [gain for gain in gains if one["student"] in gain["serves"]]
    if helping and one["binding"]["barrier"] not in ("cost", "not_opened"):
        best = max(helping, key=lambda gain: (len(gain["serves"]), gain["least"]))
        also = count(len(best["serves"]), "élève", "élèves")
        words = lever_words(best, names, wanted=one["needs"])
        more = f", qui servirait {also}" if len(best["serves"]) > 1 else ""
        return [html.Span("Il suffirait d’", className="muted"), f"{words}{more}."]
    barrier = one["binding"]["barrier"]
    tried = any(gain["kind"] == TRIED.get(barrier) for gain in gains)
    told = f"{BY_HAND if tried else CHANGE[barrier]}."
    return [html.Span("Piste\u00a0: ", className="muted"), told]
