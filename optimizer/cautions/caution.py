"""Statements that are absurd or contradict each other, told as they are typed: simple counts, no search.

What is told here either makes every proposal unlawful, or says something that no group can follow. The words
blame nobody, name no student, and say nothing of a cap but that it is a rule set by the direction.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace

from optimizer.cautions.caution_groups import groups_asked_for
from optimizer.cautions.caution_students import chains, separations
from optimizer.doors import banned
from optimizer.facts import Facts, facts_of, share_within
from optimizer.problem import Problem
from optimizer.solution import Statement


def cautions(problem: Problem) -> tuple[Statement, ...]:
    """What is absurd or contradictory in a problem, as kind, path and French words; empty: nothing at a glance."""
    facts = facts_of(problem)
    found = [statement for caution in _CAUTIONS for statement in caution(facts)]
    return tuple({statement.path + statement.words: statement for statement in found}.values())


def _pins(facts: Facts) -> Iterator[Statement]:
    """A pin by itself, or against bans and the other pins of the student."""
    for place, pin in enumerate(facts.problem.pins):
        path, where = f"pins[{place}]", f"en « {pin.need} » au créneau « {pin.slot} »"
        leaders = facts.leaders[pin.slot, pin.need]
        others = [one for one in facts.pins[pin.student, pin.slot] if one != pin]
        bans = tuple(ban for ban in facts.problem.bans if ban.student == pin.student)
        able = [entry for entry in leaders if pin.staff in (None, entry)]
        if (pin.student, pin.slot) not in facts.doors:
            yield Statement(
                "pin", path, f"un placement décidé à la main {where}, où l’élève n’a pas de séance"
            )
        elif not leaders:
            yield Statement("pin", path, f"un placement décidé à la main {where}, que personne n’anime alors")
        elif not able:
            words = f"un placement décidé à la main {where} avec « {pin.staff} », qui ne l’anime pas alors"
            yield Statement("pin", path, words)
        elif all(banned(bans, pin.slot, need=pin.need, staff=entry) for entry in able):
            words = f"un placement décidé à la main {where}, qu’une exclusion décidée à la main interdit"
            yield Statement("pin", path, words)
        if any(one.need != pin.need or None not in (one.staff, pin.staff) for one in others):
            words = f"deux placements décidés à la main pour un même élève au créneau « {pin.slot} »"
            yield Statement("pin", path, words)


def _times(facts: Facts) -> Iterator[Statement]:
    """Pins of a student in one need at more slots than it may be attended."""
    slots: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for place, pin in enumerate(facts.problem.pins):
        slots[pin.student, pin.need].setdefault(pin.slot, place)
    for (_, need), places in slots.items():
        limit = facts.needs[need].max_per_student
        if len(places) > limit:
            words = f"un élève placé à la main {len(places)} fois en « {need} », suivi au plus {limit} fois"
            yield Statement("pin", f"pins[{max(places.values())}]", words)


def _needs(facts: Facts) -> Iterator[Statement]:
    """Needs that cannot open: nobody to lead them, too few who may attend, a share that no group respects."""
    problem = facts.problem
    free = facts_of(replace(problem, pins=(), pairs=()))
    for place, need in enumerate(problem.needs):
        path = f"needs[{place}]"
        slots = [slot.id for slot in problem.slots if facts.leaders[slot.id, need.id]]
        if not slots:
            yield Statement("need", path, f"« {need.id} », que personne n’anime")
            continue
        able = max(_who_may_attend(facts, free, slot=slot, need=need.id) for slot in slots)
        if able < need.min_size:
            few = _FEW.get(able, f"{able} au plus peuvent le suivre ensemble")
            words = f"au moins {need.min_size} élèves présents dans un groupe de « {need.id} », quand {few}"
            yield Statement("min_size", f"{path}.min_size", words)
        sizes = [room.capacity for room in problem.rooms if set(slots) & set(room.slots)]
        if problem.rooms and max(sizes, default=0) < need.min_size:
            words = f"aucune salle pour les {need.min_size} élèves d’un groupe de « {need.id} »"
            yield Statement("min_size", f"{path}.min_size", words)
        yield from _share(facts, place)


def _who_may_attend(facts: Facts, free: Facts, *, slot: str, need: str) -> int:
    """How many of those present half the time may attend a need at a slot, pins elsewhere aside."""
    pinned = {pin.student for pin in facts.problem.pins if (pin.slot, pin.need) == (slot, need)}
    able = {student for (student, where), needs in free.doors.items() if where == slot and need in needs}
    return sum((student, slot) in facts.half_present for student in able | pinned)


_FEW = {0: "aucun ne peut le suivre", 1: "un seul peut le suivre"}


def _share(facts: Facts, place: int) -> Iterator[Statement]:
    """A share under what the divisions there make of any group."""
    need = facts.problem.needs[place]
    part, whole = share_within(need)
    for slot in facts.problem.slots:
        if need.reception or slot.id not in facts.mixed or not facts.leaders[slot.id, need.id]:
            continue
        divisions = {
            facts.students[student].division
            for (student, where), needs in facts.doors.items()
            if where == slot.id and need.id in needs
        }
        if divisions and part * len(divisions) < whole:
            words = (
                f"aucune division au-dessus de {need.max_division_share:.0%} d’un groupe de « {need.id} », "
                f"pour {len(divisions)} divisions au créneau « {slot.id} »"
            ).replace("%", "\u00a0%")
            yield Statement("max_division_share", f"needs[{place}].max_division_share", words)
            return


def _band(facts: Facts) -> Iterator[Statement]:
    """Limits of the whole band that leave nothing: no need open, no group at a slot, moves already due."""
    problem = facts.problem
    if problem.rules.max_needs_open == 0 and any(not need.reception for need in problem.needs):
        yield Statement("max_needs_open", "rules.max_needs_open", "aucun besoin ouvert")
    for place, slot in enumerate(problem.slots):
        if slot.max_groups == 0:
            yield Statement(
                "slot_groups", f"slots[{place}].max_groups", f"aucun groupe au créneau « {slot.id} »"
            )
        elif not any(slot.id in entry.slots for entry in problem.staff):
            yield Statement("slot", f"slots[{place}]", f"personne au créneau « {slot.id} »")
        elif problem.rooms and not any(slot.id in room.slots for room in problem.rooms):
            yield Statement("rooms", "rooms", f"aucune salle au créneau « {slot.id} »")
    due = sum(row.staff not in facts.doors[place].get(row.need, ()) for place, row in facts.current.items())
    limit = problem.rules.max_moves
    if limit is not None and due > limit:
        words = f"au plus {limit} changements, quand {due} places d’aujourd’hui ne peuvent pas être gardées"
        yield Statement("max_moves", "rules.max_moves", words)


def _closed(facts: Facts) -> Iterator[Statement]:
    """Bans that leave a student nowhere to go at a slot."""
    for place, ban in enumerate(facts.problem.bans):
        if ban.need is None and ban.staff is None:
            where = "à tous les créneaux" if ban.slot is None else f"au créneau « {ban.slot} »"
            yield Statement("ban", f"bans[{place}]", f"une exclusion de tous les groupes {where}")


_CAUTIONS: tuple[Callable[[Facts], Iterator[Statement]], ...] = (
    _pins,
    _times,
    _closed,
    chains,
    separations,
    _needs,
    _band,
    groups_asked_for,
)
