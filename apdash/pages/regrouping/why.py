"""The panel « Pourquoi ici ? »: a student, their needs, the facts behind their place, and what elsewhere would cost."""

from collections.abc import Sequence
from dataclasses import dataclass

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import button
from apdash.components.marks import axis_mark, badge, need_meter
from apdash.labels import signed
from apdash.pages.regrouping import ids


@dataclass(frozen=True, slots=True)
class Place:
    """Where the student is at a slot, before and after; empty words: no group."""

    slot: str
    before: str
    after: str
    here: bool


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another open group. points: what the whole proposal would gain or lose; rule: what forbids it as things stand;

    askable: one may ask for it all the same, and see what it moves.
    """

    need: str
    staff: str
    title: str
    axis: str
    points: int | None
    rule: str = ""
    askable: bool = True


@dataclass(frozen=True, slots=True)
class Why:
    """What the panel shows. needs: (label, axis, value or None for « à confirmer »), strongest first."""

    student: int
    name: str
    division: str
    slot: str
    slot_name: str
    need: str
    staff: str
    places: Sequence[Place]
    facts: Sequence[str]
    needs: Sequence[tuple[str, str, int | None]]
    elsewhere: Sequence[Elsewhere]
    pinned: bool
    asked: str
    editable: bool


def why_panel(why: Why, *, sheet: str | None, exact: Component | None = None) -> Component:
    """Return the panel; its buttons only when the proposal may still be adjusted.

    exact: what elsewhere would cost with everybody else placed again, None while it is worked out.
    """
    key = {"student": str(why.student), "slot": why.slot}
    return html.Aside(
        [
            panel_top("Pourquoi ici\u00a0?", sheet),
            html.H2(why.name, tabIndex="-1"),
            html.Div(badge(why.division), className="mt-1 mb-2"),
            html.Ul([_place(place) for place in why.places], className="rg-places"),
            html.Div(badge(why.asked, kind="watch", icon="hourglass-split"), className="mt-2")
            if why.asked
            else None,
            html.Ol([html.Li(fact) for fact in why.facts], className="rg-facts"),
            html.H3("Ses besoins"),
            html.Div([_need(*row) for row in why.needs], className="rg-needs"),
            html.Div(exact or _elsewhere_list(why), id={"type": ids.EXACT, **key}, className=""),
            dcc.Interval(id={"type": ids.EXACT_TICK, **key}, interval=400, disabled=exact is not None),
            _actions(why) if why.editable and why.need else None,
        ],
        className="rg-why",
        **{"aria-label": f"Pourquoi ici ? {why.name}"},
    )


def exact_to_come(words: str) -> Component:
    """Return the line that says the exact answer is on its way."""
    icon = html.I(className="bi bi-hourglass-split", **{"aria-hidden": "true"})
    return html.P([icon, f" {words}"], className="xs muted", role="status")


def panel_top(title: str, sheet: str | None) -> Component:
    """Return the first line of a panel: its question, the student's sheet, the button that closes it."""
    close = html.Button(
        html.I(className="bi bi-x-lg", **{"aria-hidden": "true"}),
        id=ids.CLOSE_WHY,
        className="btn btn-quiet btn-sm",
        type="button",
        n_clicks=0,
        **{"aria-label": "Fermer"},
    )
    link = dcc.Link("Sa fiche", href=sheet, className="s") if sheet else None
    return html.Div(
        [html.Span(title, className="s soft"), html.Span([link, close], className="end")], className="top"
    )


def _place(place: Place) -> Component:
    moved = place.before != place.after
    words = [place.before or "sans groupe", " → ", html.B(place.after or "sans groupe", className="rg-acc")]
    same = [place.after or "sans groupe", html.Span(" (inchangé)", className="muted")]
    return html.Li(
        [html.Span(f"{place.slot.capitalize()}\u00a0: ", className="soft"), *(words if moved else same)],
        className="here" if place.here else "",
    )


def _need(label: str, axis: str, value: int | None) -> Component:
    shown = html.Span("à confirmer", className="muted s") if value is None else need_meter(value)
    number = html.B("" if value is None else str(value))
    return html.Div([html.Span([axis_mark(axis), " ", label]), shown, number], className="row-need")


def _elsewhere_list(why: Why) -> Component:
    coming = exact_to_come(
        "Calcul exact en cours\u00a0: qui devrait bouger, et ce que coûterait un groupe de plus…"
    )
    if not why.elsewhere:
        return coming
    lines = [_elsewhere(why, other) for other in why.elsewhere]
    return html.Div(
        [
            html.Div(
                [html.H3(f"Et ailleurs, {why.slot_name}\u00a0?"),
                 html.Span("effet sur le total", className="s muted end")],
                className="top",
            ),
            html.Ul(lines, className="rg-elsewhere"),
            html.P("Les autres élèves ne bougeant pas.", className="xs muted"),
            coming,
        ]
    )  # fmt: skip


def _elsewhere(why: Why, other: Elsewhere) -> Component:
    title = html.Span([axis_mark(other.axis), " ", other.title], className="what")
    label = html.Div([title, html.Span(other.rule, className="s muted")]) if other.rule else title
    if other.points is None:
        effect = None if other.askable and why.editable else badge("exclu", icon="slash-circle")
    else:
        effect = html.B(
            f"{signed(other.points)} point" + ("s" if abs(other.points) > 1 else ""), className="nw"
        )
    if not why.editable or not other.askable:
        return html.Li([label, effect], className="out" if other.rule else "")
    move = button(
        "Demander" if other.rule else "Déplacer",
        {"type": ids.ASK, "student": why.student, "slot": why.slot, "need": other.need, "staff": other.staff},
        kind="outline btn-sm rg-ask",
        **{"aria-label": f"Déplacer vers {other.title}"},
    )
    return html.Li([label, effect, move], className="out" if other.rule else "")


def _actions(why: Why) -> Component:
    here = {"student": why.student, "slot": why.slot, "need": why.need, "staff": why.staff}
    held = why.pinned or bool(why.asked)
    act, words, icon = (
        (ids.FREE, "Lever mon choix", "pin-angle") if held else (ids.PIN, "Fixer ici", "pin-angle-fill")
    )
    fix = button(
        words, {"type": act, **here}, icon=icon, kind="outline", **{"data-key": "p", "title": "Touche P"}
    )
    ban = button("Interdire ce groupe", {"type": ids.BAN, **here}, icon="slash-circle", kind="outline")
    return html.Div([fix, ban], className="rg-actions")
