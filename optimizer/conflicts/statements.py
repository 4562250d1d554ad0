"""The statements of a problem, each of which can be loosened by itself: what a conflict is made of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from optimizer.problem import Problem
from optimizer.solution import Statement

Value = int | float | None
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Item:
    """One statement: where it stands, and its values from its own to the one at which it says nothing any more.

    `field` "" = the element of the list itself, there or withdrawn; `place` None = not in a list.
    """

    kind: str
    part: str
    place: int | None
    field: str
    values: tuple[Value, ...]

    @property
    def path(self) -> str:
        """Its path in the problem file."""
        stem = self.part if self.place is None else f"{self.part}[{self.place}]"
        return f"{stem}.{self.field}" if self.field else stem

    @property
    def free(self) -> Value:
        """The value at which it says nothing any more."""
        return self.values[-1]

    @property
    def last(self) -> int:
        """The rank of the value at which it says nothing any more."""
        return len(self.values) - 1

    def cost(self, rank: int) -> float:
        """How large the change to its value of this rank is."""
        return 0.0 if rank == 0 else A_CHANGE + rank * _STEPS.get(self.kind, 1.0)


A_CHANGE = 1000.0
"""What a changed statement counts, whatever its steps: the fewest changes come first."""
_STEPS = {
    "floor": 0.2,
    "max_division_share": 0.2,
    "max_moves": 0.2,
    "pin": 3.0,
    "ban": 3.0,
    "together": 3.0,
    "cap": 4.0,
    "rooms": 1500.0,
}
"""What a step counts where it is not 1: a point of intensity or of a share and a move are little; to
withdraw what was asked by hand, or to touch what the direction asked, is more; all rooms, more than two changes."""


_WORDS = {
    "pin": "un placement décidé à la main",
    "ban": "une exclusion décidée à la main",
    "together": "deux élèves à garder ensemble",
    "cap": "une règle posée par la direction",
    "max_moves": "au plus {old} changements",
    "max_needs_open": "au plus {old} besoins ouverts à la fois",
    "min_size": "au moins {old} élèves présents dans un groupe de « {id} »",
    "max_size": "au plus {old} élèves dans un groupe de « {id} »",
    "floor": "personne dans « {id} » sous une intensité de {old}",
    "max_per_student": "« {id} » suivi au plus {old} fois par élève",
    "max_periods": "« {id} » suivi au plus {old} périodes",
    "max_division_share": "aucune division au-dessus de {old:.0%} d’un groupe de « {id} »",
    "slot_groups": "au plus {old} groupes au créneau « {id} »",
    "staff_groups": "au plus {old} groupes pour « {id} »",
    "rooms": "les salles et leurs places",
}


def statement(problem: Problem, item: Item) -> Statement:
    """The statement as a conflict shows it; it names no student."""
    named = "" if item.place is None or item.kind in ("pin", "ban", "together", "cap") else _id(problem, item)
    if item.kind == "pin" and item.place is not None:
        pin = problem.pins[item.place]
        words = f"{_WORDS['pin']} en « {pin.need} » au créneau « {pin.slot} »"
    else:
        words = _WORDS[item.kind].format(old=item.values[0], id=named)
    return Statement(kind=item.kind, path=item.path, words=words.replace("%", "\u00a0%"))


def _id(problem: Problem, item: Item) -> str:
    return str(getattr(problem, item.part)[item.place].id)


def items(problem: Problem) -> tuple[Item, ...]:
    """Every statement that says something, the general rules first, what was asked by hand last."""
    return tuple(
        item
        for found in (_of_needs(problem), _of_the_band(problem), _by_hand(problem))
        for item in found
        if item.last
    )


def _of_needs(problem: Problem) -> Iterator[Item]:
    everybody, slots = len(problem.students), len(problem.slots)
    lasted = max((row.need_periods for row in problem.current), default=0) + 1
    for place, need in enumerate(problem.needs):
        found: dict[str, tuple[Value, ...]] = {
            "min_size": _down(need.min_size),
            "max_size": _up(need.max_size, everybody),
            "max_per_student": _up(need.max_per_student, slots),
        }
        if not need.reception:
            found |= {
                "floor": _down(need.floor),
                "max_periods": _up(need.max_periods, lasted),
                "max_division_share": _shares(need.max_division_share),
            }
        for field, values in found.items():
            yield Item(field, "needs", place, field, values)


def _of_the_band(problem: Problem) -> Iterator[Item]:
    if problem.rooms:
        yield Item("rooms", "rooms", None, "", _WITHDRAWN)
    for place, slot in enumerate(problem.slots):
        adults = {person for entry in problem.staff if slot.id in entry.slots for person in entry.members}
        yield Item("slot_groups", "slots", place, "max_groups", _up(slot.max_groups, len(adults)))
    for place, entry in enumerate(problem.staff):
        yield Item("staff_groups", "staff", place, "max_groups", _up(entry.max_groups, len(entry.slots)))
    rules = problem.rules
    subjects = sum(not need.reception for need in problem.needs)
    yield Item("max_needs_open", "rules", None, "max_needs_open", _up(rules.max_needs_open, subjects))
    yield Item("max_moves", "rules", None, "max_moves", _up(rules.max_moves, len(problem.current)))


def _by_hand(problem: Problem) -> Iterator[Item]:
    for place, cap in enumerate(problem.caps):
        yield Item("cap", "caps", place, "at_most", _up(cap.at_most, len(cap.students)))
    for kind, part in (("together", "pairs"), ("ban", "bans"), ("pin", "pins")):
        for place in range(len(getattr(problem, part))):
            yield Item(kind, part, place, "", _WITHDRAWN)


_WITHDRAWN: tuple[Value, ...] = (1, None)


def _up(value: int | None, highest: int) -> tuple[Value, ...]:
    return (None,) if value is None else (value, *range(value + 1, highest + 1))


def _down(value: int) -> tuple[Value, ...]:
    return tuple(range(value, -1, -1))


def _shares(value: float) -> tuple[Value, ...]:
    """From hundredth to hundredth, a group of one division last."""
    above = int(value * _PERCENT + 1e-6) + 1
    return (value, *(percent / _PERCENT for percent in range(above, _PERCENT + 1)))


def with_values(problem: Problem, values: Mapping[Item, Value]) -> Problem:
    """The problem with these statements changed; an element of a list is withdrawn by None."""
    changes: dict[str, object] = {}
    gone: dict[str, set[int]] = {}
    for item, value in values.items():
        if not item.field and value is not None:
            continue
        if item.kind == "rooms":
            changes["rooms"] = ()
        elif item.place is None:
            changes["rules"] = replace(changes.get("rules", problem.rules), **{item.field: value})
        elif not item.field:
            gone.setdefault(item.part, set()).add(item.place)
        else:
            rows = list(changes.get(item.part, getattr(problem, item.part)))
            rows[item.place] = replace(rows[item.place], **{item.field: value})
            changes[item.part] = tuple(rows)
    for part, places in gone.items():
        changes[part] = tuple(row for place, row in enumerate(getattr(problem, part)) if place not in places)
    return replace(problem, **changes)  # type: ignore[arg-type]


def original(problem: Problem, item: Item) -> object:
    """What the problem file holds at the path of a statement."""
    whole = problem.to_json()[item.part]
    if item.place is None:
        return whole[item.field] if item.field else whole  # type: ignore[index]
    row = whole[item.place]  # type: ignore[index]
    return row[item.field] if item.field else row
