"""A group as a card: need, adult, room, size, divisions, and its students as chips."""

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from apdash.components.marks import URGENT, axis_mark, whole_name


@dataclass(frozen=True, slots=True)
class Chip:
    """A student in a group. value: the intensity shown, None when there is none to show."""

    key: str
    name: str
    value: int | None = None
    arrives: bool = False
    pinned: bool = False
    asked: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class GroupCard:
    """What a card shows. mix: (division, students, above the share allowed), in the order of the band."""

    key: str
    title: str
    axis: str
    who: str
    size: int
    max_size: int | None
    mix: Sequence[tuple[str, int, bool]]
    chips: Sequence[Chip]
    note: str = ""


def group_card(card: GroupCard, *, pressable: bool = False, why: bool = False) -> Component:
    """Return a card; its chips are buttons when they can be pressed. Its key and theirs are told by attributes.

    why: with a button that asks why the group is open.
    """
    room = html.Span(
        [html.B(str(card.size)), f" / {card.max_size}" if card.max_size else ""], className="size"
    )
    return html.Article(
        [
            html.Div(
                [axis_mark(card.axis), html.Span(card.title), _why(card) if why else None, room],
                className="t",
            ),
            html.Div(card.who, className="who"),
            division_mix(card.mix, total=card.size),
            html.Ul(
                [html.Li(chip(item, pressable=pressable)) for item in card.chips],
                className="chips",
            ),
            html.P(card.note, className="xs muted mt-2") if card.note else None,
        ],
        className="gcard",
        **{"aria-label": f"{card.title}, {card.who}", "data-group": card.key},
    )


def _why(card: GroupCard) -> Component:
    icon = html.I(className="bi bi-question-circle", **{"aria-hidden": "true"})
    said = {"aria-label": f"Pourquoi ce groupe ? {card.title}, {card.who}", "data-why": card.key}
    return html.Button(icon, className="gwhy", type="button", title="Pourquoi ce groupe ?", **said)


def division_mix(mix: Sequence[tuple[str, int, bool]], *, total: int) -> Component:
    """Return the bar of a group's divisions, each as wide as its students, marked when one is too many."""
    parts = [
        html.Span(
            f"{label} {size}",
            className="over" if over else "",
            style={"flex": f"{size} 0 auto"},
            title=f"{label} : {size} sur {total}" + (", au-delà de la part permise" if over else ""),
        )
        for label, size, over in mix
    ]
    return html.Div(parts, className="mix", role="img", **{"aria-label": _mix_words(mix)})


def chip(item: Chip, *, pressable: bool = False) -> Component:
    """Return the chip of a student: a button that tells their key when it can be chosen, else plain text."""
    marks = [
        _icon("box-arrow-in-right", "arrive") if item.arrives else None,
        _icon("pin-angle-fill", "place fixée") if item.pinned else None,
        _icon("hourglass-split", item.asked) if item.asked else None,
    ]
    body = [
        *[mark for mark in marks if mark is not None],
        html.Span(whole_name(item.name), className="nm"),
        _value(item.value),
    ]
    kinds = [("in", item.arrives), ("me", item.chosen), ("asked", bool(item.asked))]
    class_name = " ".join(["chip", *[name for name, on in kinds if on]])
    if not pressable:
        return html.Span(body, className=class_name)
    return html.Button(
        body,
        className=class_name,
        type="button",
        title=item.asked or None,
        **{"aria-pressed": "true" if item.chosen else "false", "data-student": item.key},
    )


def _value(value: int | None) -> Component | None:
    if value is None:
        return None
    return html.Span(str(value), className="pr hi" if value >= URGENT else "pr")


def _mix_words(mix: Sequence[tuple[str, int, bool]]) -> str:
    return "Divisions : " + ", ".join(f"{label} {size}" for label, size, _ in mix)


def _icon(name: str, words: str) -> Component:
    return html.I(className=f"bi bi-{name}", role="img", **{"aria-label": words})
