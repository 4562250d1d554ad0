"""Students into the decided groups of a solved need model: as its counts say, then by exchanges.

The counts by need say who attends which need; the last few students whom groups, divisions and pairs
leave without a seat get one by chains of exchanges, and what was lost on the way is looked for again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from optimizer.aims import Aim
from optimizer.counted.need_columns import NeedModel
from optimizer.facts import Facts, Group, Place
from optimizer.plan import Plan
from optimizer.program import value
from optimizer.search_tree.linear import Answer
from optimizer.seating.chain import Hall
from optimizer.seating.halls import Worths, halls_of, parties_of
from optimizer.seating.pull import pulled
from optimizer.seating.table import Party, Table

_LEAST_SHARE = 1e-6
_ROUNDS = 8
"""The most, while there are more moves than allowed."""
_TURNS = 2
_FOR_KEPT = 10.0
_ATTEMPTS = 100
_REGRET = 1.0
"""A seat that loses less than this is not worth a chain."""


def by_exchanges(
    model: NeedModel, groups: Sequence[Group], answer: Answer, *, aim: Aim, over: Callable[[], bool]
) -> Iterator[Plan]:
    """Better and better plans with the groups of a solved need model.

    Once it is `over`, what there is will do. Lawful but for `max_moves`: the referee decides.
    """
    facts = model.facts
    worths = Worths(facts, aim, *_prices(model, answer))
    halls = halls_of(facts, groups, _seats(model, groups), aim)
    parties = {slot: parties_of(facts, slot) for slot in halls}
    needs, stays = _needs_of(model), _stays_of(model)
    for slot, hall in halls.items():
        _value(worths, slot, hall, parties[slot])
        _sit_down(slot, hall, parties[slot], needs, stays)
        worths.note(slot, hall.tables)
    limit = facts.problem.rules.max_moves
    for turn in range(_ROUNDS):
        gained = 0.0
        for slot, hall in halls.items():
            _value(worths, slot, hall, parties[slot])
            gained += _improve(hall, parties[slot], over)
            worths.note(slot, hall.tables)
        plan = _plan(facts, halls)
        yield plan
        too_many = limit is not None and _moves(facts, plan) > limit
        if over() or not (too_many or (gained and turn < _TURNS)):
            return
        if too_many:
            worths.for_kept = 2 * worths.for_kept + _FOR_KEPT


def _moves(facts: Facts, plan: Plan) -> int:
    return sum(place[0] not in plan.get(facts.group_of(place), ()) for place in facts.current)


def _value(worths: Worths, slot: str, hall: Hall, parties: Sequence[Party]) -> None:
    by_need: dict[str, list[tuple[int, Table]]] = defaultdict(list)
    for rank, table in enumerate(hall.tables):
        by_need[table.group[1]].append((rank, table))
    for party in parties:
        worths.give(slot, party, by_need)


def _improve(hall: Hall, parties: Sequence[Party], over: Callable[[], bool]) -> float:
    """Seats for those without, faults mended, then better seats; what that gained."""
    gained = 0.0

    def attempt(party: Party, first: int | None = None) -> bool:
        nonlocal gained
        chain = hall.chain(party, first)
        if chain is not None:
            hall.make(chain)
            gained += chain.gain
        return chain is not None

    for party in parties:
        if party.at is None:
            attempt(party)
    for rank, table in enumerate(hall.tables):
        if table.faults():
            able = [party for party in parties if rank in party.worth and party.at not in (None, rank)]
            able.sort(key=lambda party: party.liking[party.at] - party.liking[rank])
            for party in [*list(table.parties.values()), *able[:30]]:
                if table.faults():
                    attempt(party, rank if party.at != rank else None)
    hall.evict()
    for party in parties:
        if party.at is None:
            attempt(party)
    if over():
        return gained
    for rank in range(len(hall.tables)):
        gained += pulled(hall, parties, rank)
    regrets = {
        party.rank: max(party.liking.values()) - party.liking[party.at]
        for party in parties
        if party.at is not None
    }
    for rank in sorted(regrets, key=lambda rank: -regrets[rank])[:_ATTEMPTS]:
        if regrets[rank] > _REGRET and not over():
            attempt(parties[rank])
    return gained


def _sit_down(
    slot: str, hall: Hall, parties: Sequence[Party], needs: Mapping[Place, str], stays: Mapping[Place, Group]
) -> None:
    """Seat everybody as the counts say, as far as there is room: first those who stay, sharing the tables out."""
    of_need: dict[str, list[int]] = defaultdict(list)
    for rank, table in enumerate(hall.tables):
        of_need[table.group[1]].append(rank)
    rank_of = {table.group: rank for rank, table in enumerate(hall.tables)}
    sent = {
        party.rank: next((needs[one, slot] for one in party.students if (one, slot) in needs), "")
        for party in parties
    }
    for need, ranks in of_need.items():
        hall.share_out(ranks, [party for party in parties if sent[party.rank] == need])
    for shared, staying in ((True, True), (True, False), (False, True), (False, False)):
        for party in parties:
            if party.at is not None:
                continue
            own = {rank_of.get(stays[one, slot]) for one in party.students if (one, slot) in stays}
            able = [
                rank
                for rank in (own if staying else of_need.get(sent[party.rank], ()))
                if rank is not None and rank in party.worth and hall.welcomes(party, rank, shared=shared)
            ]
            if able:
                hall.seat(party, min(able, key=lambda rank: hall.crowd(party, rank)))


def _plan(facts: Facts, halls: Mapping[str, Hall]) -> Plan:
    order = {student.id: rank for rank, student in enumerate(facts.problem.students)}
    return {
        table.group: tuple(
            sorted((one for party in table.parties.values() for one in party.students), key=order.__getitem__)
        )
        for hall in halls.values()
        for table in hall.tables
        if table.parties
    }


def _prices(
    model: NeedModel, answer: Answer
) -> tuple[dict[tuple[str, str, str], float] | None, dict[str, float], float]:
    """What a relaxation says of each seat, of a strong need of each student, and of one move more."""
    if answer.prices is None:
        return None, dict.fromkeys(model.unserved, 0.0), 0.0
    price = dict(zip(model.program.columns, answer.prices.tolist(), strict=True))
    urgent = model.facts.problem.weights.urgent
    return (
        {cell: price[column] for cell, column in model.attends.items()},
        {student: urgent + price[column] for student, column in model.unserved.items()},
        max(0.0, price[model.moves]),
    )


def _needs_of(model: NeedModel) -> dict[Place, str]:
    """The need that most of a place is sent to."""
    largest: dict[Place, tuple[float, str]] = {}
    for (student, slot, need), column in model.attends.items():
        share = value(column)
        if share > max(_LEAST_SHARE, largest.get((student, slot), (0.0, ""))[0]):
            largest[student, slot] = (share, need)
    return {place: need for place, (_, need) in largest.items()}


def _stays_of(model: NeedModel) -> dict[Place, Group]:
    return {
        place: model.facts.group_of(place) for place, column in model.stays.items() if value(column) > 0.5
    }


def _seats(model: NeedModel, groups: Sequence[Group]) -> dict[Group, int]:
    """The seats of each group: those of a room of the capacities that the counts give its need, where rooms limit."""
    if not model.facts.problem.rooms:
        return {group: model.facts.needs[group[1]].max_size for group in groups}
    staying: dict[Group, float] = defaultdict(float)
    for place, column in model.stays.items():
        staying[model.facts.group_of(place)] += value(column)
    found = {}
    for spot in dict.fromkeys(group[:2] for group in groups):
        given = model.given[spot]
        sizes = [size for size in sorted(given, reverse=True) for _ in range(round(value(given[size])))]
        here = sorted((group for group in groups if group[:2] == spot), key=lambda group: -staying[group])
        found |= dict(zip(here, sizes, strict=True))
    return found
