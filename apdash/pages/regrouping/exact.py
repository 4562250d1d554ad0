"""What every other group would cost for a student, exactly: the open ones, then one more that could be opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import html
from dash.development.base_component import Component

from apdash.components.frame import button
from apdash.components.marks import axis_mark, badge
from apdash.labels import NBSP, count, signed
from apdash.pages.regrouping import ids
from apdash.pages.regrouping.barriers import people_words
from apdash.pages.regrouping.names import Names
from apdash.pages.regrouping.why import exact_to_come
from apdash.pages.regrouping.why_view import group_words

_WIDE = 200  # points: an interval wider than that says nothing
_COMING = "Ce qui est déjà prouvé, les autres élèves replacés au mieux\u00a0; le reste du calcul suit…"
_FEW = 3  # names: beyond, the groups as they are tell more

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Exact:
    """What the list needs. answer: as `rebalancing.exactly` tells it; student: their number; asked: choices wait.

    more: these are first bounds, the exact answer is on its way.
    """

    answer: Answer
    student: int
    slot: str
    slot_name: str
    editable: bool
    asked: bool
    more: bool = False


def exact_list(exact: Exact, names: Names) -> Component:
    """Return the other open groups, cheapest first, and what opening one more would cost."""
    rows = exact.answer["others"]
    opened = [_line(one, exact, names) for one in rows if one["open"]]
    new = [_line(one, exact, names) for one in _cheapest([one for one in rows if not one["open"]])]
    return html.Div(
        [
            html.Div(
                [html.H3(f"Et ailleurs, {exact.slot_name}\u00a0?"),
                 html.Span("effet sur le total", className="s muted end")],
                className="top",
            ),
            html.Ul(opened, className="rg-elsewhere") if opened else html.P("Aucun autre groupe n’est ouvert."),
            _openings(new),
            exact_to_come(_COMING) if exact.more else html.P(_note(exact), className="xs muted"),
        ],
        className="rg-exact",
    )  # fmt: skip


def cost_words(cost: Answer) -> str:
    """Return what a cost does to the total: `− 81 points`, between what and what, or at least what it takes off."""
    least, most = cost["least"], cost["most"]
    if least is not None and not is_known(cost):
        return f"{_points(-least)} au moins" if least > 0 else "non prouvé"
    if least is None or most is None:
        return "non prouvé"
    if least == most == 0:
        return "sans effet"
    if least == most:
        return _points(-least)
    return f"de {signed(-most)} à {signed(-least)}{NBSP}points"


def _points(value: float) -> str:
    return f"{signed(value)}{NBSP}point{'s' if abs(value) > 1 else ''}"


def is_known(cost: Answer) -> bool:
    """Tell whether a cost is known well enough to be of use."""
    least, most = cost["least"], cost["most"]
    return least is not None and most is not None and most - least <= _WIDE


def moved_words(one: Answer, names: Names) -> str:
    """Return who else would change group, in the best composition that grants a wish.

    Nobody is named where that would tell of a rule of the direction's own.
    """
    moved, near = one["displaced"], one.get("same_groups")
    if moved is None:
        return "qui bougerait n’est pas connu"
    if not moved:
        return "personne d’autre ne bouge"
    if one.get("unnamed"):
        return f"{count(len(moved), 'autre élève change', 'autres élèves changent')} de groupe"
    told = f"{people_words(moved, names)} {'change' if len(moved) == 1 else 'changent'} de groupe"
    if len(moved) <= _FEW or near is None or len(near["displaced"]) >= len(moved):
        return told
    who = near["displaced"]
    few = (
        f"{people_words(who, names)} {'bouge' if len(who) == 1 else 'bougent'}"
        if who
        else "personne ne bouge"
    )
    told = f"{count(len(moved), 'autre élève change', 'autres élèves changent')} de groupe"
    return f"{told}{NBSP}; sans toucher aux groupes, {few} et c’est {signed(-near['loss'])}{NBSP}points"


def _cheapest(rows: Sequence[Answer]) -> list[Answer]:
    """Return one opening a need, the cheapest; what no composition allows is left out."""
    found: dict[str, Answer] = {}
    for one in rows:
        if not one["cost"]["impossible"]:
            found.setdefault(one["need"], one)
    return list(found.values())


def _line(one: Answer, exact: Exact, names: Names) -> Component:
    title = group_words(names, one["need"], one["staff"])
    what = html.Span([axis_mark(names.axis(one["need"])), f" {title}"], className="what")
    if one["cost"]["impossible"]:
        words = one["barred"] or "aucune composition ne le permet"
        label = html.Div([what, html.Span(words, className="s muted")])
        return html.Li([label, badge("exclu", icon="slash-circle")], className="out")
    if is_known(one["cost"]) and not (exact.more and not one["cost"]["exact"]):
        words = moved_words(one, names) + ("" if _above(exact) > 0 else _alone(one))
        effect = html.B(cost_words(one["cost"]), className="cost")
    else:
        words, effect = _at_sight(one), html.Span(cost_words(one["cost"]), className="s muted cost")
    label = html.Div([what, html.Span(words, className="s muted")])
    if not exact.editable:
        return html.Li([label, effect])
    ask = button(
        "Demander",
        {"type": ids.ASK, "student": exact.student, "slot": exact.slot, "need": one["need"],
         "staff": one["staff"]},
        kind="outline btn-sm rg-ask",
        **{"aria-label": f"Demander {title}"},
    )  # fmt: skip
    return html.Li([label, html.Div([effect, ask], className="do")])


def _alone(one: Answer) -> str:
    """Return what it would cost if nobody else moved, where others do and the rules let it be."""
    alone = one["all_else_equal"]
    if not one["displaced"] or alone is None or not alone["lawful"]:
        return ""
    return f"{NBSP}; sans déplacer personne, {signed(alone['score_change'])}{NBSP}points"


def _at_sight(one: Answer) -> str:
    """Return what is known of a group when the time left its cost open: what it does if nobody else moves."""
    alone = one["all_else_equal"]
    if alone is None:
        return "le temps a manqué pour le calculer"
    if not alone["lawful"]:
        return f"{one['broken']}, si personne d’autre ne bouge"
    return f"{signed(alone['score_change'])}{NBSP}points, si personne d’autre ne bouge"


def _openings(lines: list[Component]) -> Component:
    if not lines:
        return html.P("Aucun groupe de plus ne peut ouvrir à ce créneau.", className="s muted")
    words = f"Ouvrir un groupe de plus ({count(len(lines), 'besoin')})"
    return html.Details([html.Summary(words), html.Ul(lines, className="rg-elsewhere")], className="rg-more")


def _above(exact: Exact) -> float:
    """Return how much better the best composition known is than the one on screen."""
    return float(exact.answer["best"] - exact.answer["score"])


def _note(exact: Exact) -> str:
    more = _above(exact)
    every = all(one["cost"]["exact"] or one["cost"]["impossible"] for one in exact.answer["others"])
    parts = ["Calcul exact, les autres élèves replacés au mieux."]
    if not every:
        parts = ["Les autres élèves replacés au mieux. Le temps a manqué pour tout prouver."]
    if more > 0:
        parts.append(
            f"Compté depuis la meilleure composition, {signed(more)}{NBSP}points par rapport à celle-ci."
        )
    if exact.asked:
        parts.append("Vos choix à calculer n’y sont pas encore.")
    return " ".join(parts)
