"""A need model as arrays on which any wish is a few bounds: every door a pin could open is there, and shut."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np

from optimizer.counted.counting import places_of
from optimizer.counted.need_columns import NeedModel, Team
from optimizer.counted.relaxation import need_model
from optimizer.explanations.wishes import Wish, wide_facts
from optimizer.facts import Facts, Group
from optimizer.program import Column
from optimizer.search_tree.form import Form, Numbers, form_of
from optimizer.search_tree.linear import Bench, Fixed


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The model, its relaxations, and where its columns are."""

    facts: Facts
    """The facts as things are; the model is that of `wide_facts`."""
    model: NeedModel
    form: Form
    bench: Bench
    rank: Mapping[Column, int]
    """Positions of the whole columns among the whole columns."""
    column: Mapping[Column, int]
    """Positions of all columns."""
    shut: Mapping[int, float]
    """The doors that only a pin opens: their columns are 0 as things are."""

    @property
    def low(self) -> Numbers:
        """Least values of the whole columns, as things are."""
        return self.form.low[self.form.whole]

    @property
    def high(self) -> Numbers:
        """Most values of the whole columns, as things are."""
        return self.form.high[self.form.whole]

    def team_of(self, staff: str) -> Team:
        """The team an entry is in."""
        return next(team for team in self.model.teams if staff in team)


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """What a question leaves open: bounds of the whole columns, and the followers it decides."""

    low: Numbers
    high: Numbers
    fixed: Fixed
    """All followers that have one value: those shut, and those decided."""
    decided: Mapping[int, float]
    """The followers that have another value than as things are, or one at all."""
    released: frozenset[int] = frozenset()
    """Shut columns that it opens."""
    opened: tuple[int, ...] = ()
    """Positions of whole columns that are 0 as things are and of which it opens one."""


def sheet_of(
    facts: Facts,
    *,
    threads: int,
    seed: int,
    apart: Collection[str] = (),
    tightened: Callable[[NeedModel], None] | None = None,
) -> Sheet:
    """The need model of a problem with all its doors; its bench is to be closed by whoever asks for it.

    `tightened` adds rows and columns of its own.
    """
    model = need_model(wide_facts(facts), apart=apart)
    if tightened is not None:
        tightened(model)
    form = form_of(model.program)
    bench = Bench(form, threads=threads, seed=seed)
    column = {column: rank for rank, column in enumerate(model.program.columns)}
    shut = [one for cell, one in model.attends.items() if cell[2] not in facts.doors[cell[:2]]]
    shut += [one for place, one in model.stays.items() if facts.current[place].need not in facts.doors[place]]
    return Sheet(
        facts=facts,
        model=model,
        form=form,
        bench=bench,
        rank=places_of(model, bench),
        column=column,
        shut={column[one]: 0.0 for one in shut},
    )


def as_things_are(sheet: Sheet) -> Bounds:
    """The bounds without any wish."""
    return Bounds(sheet.low, sheet.high, _fixed(sheet.shut), {})


def bounds_of(sheet: Sheet, wish: Wish, wished: Facts) -> Bounds:
    """The bounds that hold for every lawful proposal that grants the wish.

    Whoever leads the group asked for, if it is not one of today's, is one of an interchangeable team: one more
    group of the team, and no group of today for that person at the slot; `split.staffed` puts the name to it.
    """
    low, high = sheet.low, sheet.high
    slot, need, staff = wish.group
    model = sheet.model
    kept = model.kept.get(wish.group)
    led = sheet.rank[model.fresh[sheet.team_of(staff), slot, need] if kept is None else kept]
    place = wish.place
    if place is None:
        high[led] = high[led] - 1 if kept is None else 0
        return Bounds(low, high, _fixed(sheet.shut), {})
    low[led] = 1
    if kept is None:
        once = wished.staff[staff].max_groups == 1
        for group, column in model.kept.items():
            if group[2] == staff and (once or group[0] == slot):
                high[sheet.rank[column]] = 0
    released = _released(sheet, wished, slot, need)
    shut = {column: value for column, value in sheet.shut.items() if column not in released}
    decided = {sheet.column[model.attends[*place, need]]: 1.0}
    if place in model.stays:
        decided[sheet.column[model.stays[place]]] = float(wished.group_of(place) == wish.group)
    return Bounds(low, high, _fixed(shut | decided), decided, released)


def _fixed(values: Mapping[int, float]) -> Fixed:
    return Fixed(np.array(list(values), np.int32), np.array(list(values.values()), float))


def _released(sheet: Sheet, wished: Facts, slot: str, need: str) -> frozenset[int]:
    """The shut columns of a need at a slot that the wish opens."""
    model = sheet.model
    places = [
        place
        for place, needs in wished.doors.items()
        if place[1] == slot and need in needs and need not in sheet.facts.doors[place]
    ]
    found = [model.attends[*place, need] for place in places]
    found += [
        model.stays[place] for place in places if place in model.stays and wished.current[place].need == need
    ]
    return frozenset(sheet.column[one] for one in found)


def counts_of(sheet: Sheet, groups: Collection[Group]) -> Numbers:
    """The counts of these groups; nan for the columns that follow from them."""
    model = sheet.model
    counts = np.full(len(sheet.low), np.nan)
    for column in (*model.groups.values(), *model.fresh.values()):
        counts[sheet.rank[column]] = 0
    for need, column in model.opened.items():
        counts[sheet.rank[column]] = any(group[1] == need for group in groups)
    for group, column in model.kept.items():
        counts[sheet.rank[column]] = group in groups
    for group in groups:
        counts[sheet.rank[model.groups[group[:2]]]] += 1
        if group not in model.kept:
            counts[sheet.rank[model.fresh[sheet.team_of(group[2]), *group[:2]]]] += 1
    return counts
