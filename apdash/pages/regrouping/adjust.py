"""Step 3, « Ajuster »: the groups of a slot as cards, with the demands not yet computed."""

from collections.abc import Mapping, Sequence

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.alphabet import folded
from apdash.components.group_card import Chip, GroupCard, chip, group_card
from apdash.components.states import empty
from apdash.labels import count
from apdash.pages.regrouping.names import Names
from apdash.pages.regrouping.presence import Attending, presence_note
from apdash.pages.regrouping.words import short_name
from apdash.rebalancing.plan import Plan, place_changes


def slot_choice(names: Names, plan: Plan, *, chosen: str, links: Mapping[str, str]) -> Component:
    """Return the choice of the slot, each with its number of groups."""
    sizes = dict(plan.groups.group_by("slot").len().iter_rows())
    parts = [
        dcc.Link(
            f"{names.slots[code].capitalize()} · {count(sizes.get(code, 0), 'groupe')}",
            href=href,
            className="on" if code == chosen else "",
        )
        for code, href in links.items()
    ]
    return html.Div(parts, className="seg", role="group", **{"aria-label": "Créneau"})


def legend() -> Component:
    """Return what the marks on chips mean."""
    arrow = html.Span(
        html.I(className="bi bi-box-arrow-in-right", **{"aria-hidden": "true"}), className="chip in"
    )
    pin = html.I(className="bi bi-pin-angle-fill", **{"aria-hidden": "true"})
    wait = html.I(className="bi bi-hourglass-split", **{"aria-hidden": "true"})
    return html.Div(
        [
            html.Span([arrow, " arrive"]),
            html.Span([pin, " fixé"]),
            html.Span([wait, " choix à calculer"]),
            html.Span([html.B("82", className="rg-high"), " besoin prioritaire"]),
        ],
        className="rg-legend soft s",
        **{"aria-label": "Légende"},
    )


def group_cards(
    names: Names,
    plan: Plan,
    *,
    slot: str,
    chosen: str | None,
    pinned: frozenset[str],
    asked: Mapping[str, str],
    there: Attending,
    clickable: bool = True,
    movable: bool = True,
) -> Component:
    """Return who is without group at a slot, then its groups as cards. movable: students may be put elsewhere.

    pinned: students whose place there is fixed; asked: student -> what was asked and is not computed yet;
    there: who comes to each meeting.
    """
    changes = place_changes(plan).filter(pl.col("slot") == slot)
    groups = plan.groups.filter(pl.col("slot") == slot)
    if groups.is_empty():
        return empty("Aucun groupe à ce créneau", "La proposition n’en ouvre pas.")
    levels = {(s, n): value for s, n, value in plan.intensities.iter_rows()}
    maker = _Maker(names, plan, levels=levels, pinned=pinned, asked=asked, chosen=chosen, there=there)
    cards = [maker.card(row, changes) for row in names.in_need_order(groups).iter_rows(named=True)]
    left = changes.filter(pl.col("need_after").is_null())
    return html.Div(
        [
            _left_out(maker, left, movable=clickable and movable) if left.height else None,
            html.Div([group_card(card, pressable=clickable, why=clickable) for card in cards],
                     className="gcards"),
        ],
        className="stack",
    )  # fmt: skip


class _Maker:
    """Turns rows of a plan into cards; holds what every chip needs."""

    def __init__(
        self,
        names: Names,
        plan: Plan,
        *,
        levels: Mapping[tuple[str, str], int],
        pinned: frozenset[str],
        asked: Mapping[str, str],
        chosen: str | None,
        there: Attending,
    ) -> None:
        self.names, self.plan, self.levels = names, plan, levels
        self.pinned, self.asked, self.chosen, self.there = pinned, asked, chosen, there
        self.rules = {need["id"]: need for need in plan.problem["needs"]}

    def card(self, group: Mapping[str, object], changes: pl.DataFrame) -> GroupCard:
        """Return the card of one group of the slot."""
        need, staff = str(group["need"]), str(group["staff"])
        inside = changes.filter((pl.col("need_after") == need) & (pl.col("staff_after") == staff))
        room = self.names.rooms.get(str(group["room"]), "")
        who = self.names.staff.get(staff, staff)
        return GroupCard(
            key=f"{need}|{staff}",
            title=self.names.need(need),
            axis=self.names.axis(need),
            who=f"{who} · {room}" if room else who,
            size=inside.height,
            max_size=self.rules[need].get("max_size"),
            mix=self.mix(inside, need=need, slot=str(group["slot"])),
            chips=self.chips(inside, need=need),
            note=presence_note(
                self.there, str(group["slot"]), dict(inside.group_by("division").len().iter_rows())
            ),
        )

    def mix(self, inside: pl.DataFrame, *, need: str, slot: str) -> list[tuple[str, int, bool]]:
        """Return the divisions of a group, largest first, with those above the share the rules allow."""
        rules = self.plan.problem["rules"]
        here = self.plan.places.filter(pl.col("slot") == slot)["division"].n_unique()
        free = self.rules[need].get("reception") or here < 3
        share = 1.0 if free else self.rules[need].get("max_division_share", rules["max_division_share"])
        counted = inside.group_by("division").len().sort("division")
        return [
            (self.names.division(division), size, size > share * inside.height + 1e-9)
            for division, size in counted.iter_rows()
        ]

    def chips(self, inside: pl.DataFrame, *, need: str) -> Sequence[Chip]:
        """Return the students of a group in the order of their names."""
        rows = [
            (self.names.person(student), student, kind)
            for student, kind in inside.select("student", "kind").iter_rows()
        ]
        return [
            Chip(
                key=student,
                name=short_name(who.last_name, who.first_name),
                value=self.levels.get((student, need)) if self.names.axis(need) != "none" else None,
                arrives=kind in ("need", "arrival"),
                pinned=student in self.pinned,
                asked=self.asked.get(student, ""),
                chosen=student == self.chosen,
            )
            for who, student, kind in sorted(
                rows, key=lambda row: (folded(row[0].last_name), folded(row[0].first_name))
            )
        ]


def _left_out(maker: _Maker, left: pl.DataFrame, *, movable: bool) -> Component:
    """Return the students without group as chips, which are taken as those of a group are."""
    title = f"{count(left.height, 'élève')} sans groupe à ce créneau"
    words = "À glisser dans un groupe\u00a0; toucher un nom dit où il peut aller."
    chips = [html.Li(chip(item, pressable=movable)) for item in maker.chips(left, need="")]
    return html.Section(
        [
            html.H3(
                [html.I(className="bi bi-exclamation-triangle-fill", **{"aria-hidden": "true"}), " ", title]
            ),
            html.P(words, className="s") if movable else None,
            html.Ul(chips, className="chips"),
        ],
        className="rg-left",
        **{"aria-label": title},
    )
