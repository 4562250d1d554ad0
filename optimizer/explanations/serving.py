"""What it would cost to serve those who are not: the cheapest place in a group of a strong need of theirs.

In a group that is open, or else in one that could be opened; where there is neither, why.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from optimizer.check import Rule
from optimizer.explanations.forced import Cost, cost_of, promise
from optimizer.explanations.granted import Granted
from optimizer.explanations.inquiry import Inquiry
from optimizer.explanations.unserved import Unserved
from optimizer.explanations.wishes import Wish, openings, refused, wished_facts
from optimizer.facts import Facts
from optimizer.plan import plan_in

_BASE_SHARE = 0.5
_PLACES = 3
"""The places of a student to look at, at most, before any is known."""
_WORK = 12_000
"""To find one place, and again to know better what the most promising ones cost."""


class NoWay(StrEnum):
    """Why no place can be told."""

    NO_LEADER = "no_leader"
    """Nobody can lead one of their strong needs at a slot where they are there."""
    REFUSED = "refused"
    """A statement or a rule forbids every such place at first sight."""
    IMPOSSIBLE = "impossible"
    """Proven: nothing lawful gives them one."""
    UNKNOWN = "unknown"
    """The time did not suffice to find one."""


@dataclass(frozen=True, slots=True)
class Serving:
    """The cheapest place found in a group of a strong need and what it costs the best score, or why there is none."""

    wish: Wish | None
    cost: Cost
    open: bool = False
    """The group is open in the proposal; otherwise it would be opened."""
    reason: NoWay | None = None
    rules: tuple[Rule, ...] = ()
    """What forbids such places at first sight."""

    def to_json(self) -> dict[str, object]:
        """The place, or the reason, as a JSON object."""
        if self.wish is None:
            rules = [rule.value for rule in self.rules]
            return {"reason": None if self.reason is None else self.reason.value, "rules": rules}
        slot, need, staff = self.wish.group
        return {"slot": slot, "need": need, "staff": staff, "open": self.open, "cost": self.cost.to_json()}


def serving(inquiry: Inquiry, missing: Sequence[Unserved], *, seconds: float) -> dict[str, Serving]:
    """For each unserved student, the cheapest place or why there is none; as far as the time goes."""
    end = time.monotonic() + seconds
    inquiry.prove(seconds=_BASE_SHARE * seconds)
    ways = {one.student: _ways(inquiry, one) for one in missing}
    known: dict[Wish, Granted] = {}
    for wishes, _ in ways.values():
        _find_one(inquiry, wishes, known, end)
    for wishes, _ in ways.values():
        asked = [wish for wish in wishes if wish in known]
        for wish in sorted(asked, key=lambda wish: promise(known[wish])):
            found = max(known[one].search.value for one in asked)
            left = end - time.monotonic()
            if left > 0 and not known[wish].settled and known[wish].search.bound > found - 1:
                known[wish] = inquiry.ask(wish, seconds=left, work=_WORK)
    return {student: _told(inquiry, wishes, known, rules) for student, (wishes, rules) in ways.items()}


def _find_one(inquiry: Inquiry, wishes: Sequence[Wish], known: dict[Wish, Granted], end: float) -> None:
    """Look at the places of a student until one is found: the groups that are open or were opened for others first.

    Of those to open, the ones led by somebody who leads nothing at that slot come before those that close a group.
    """
    facts, plan = inquiry.base.facts, plan_in(inquiry.solution)
    busy = {(slot, person) for slot, _, entry in plan for person in facts.staff[entry].members}

    def rank(wish: Wish) -> tuple[bool, bool]:
        if wish.group in plan:
            return False, False
        slot, need, entry = wish.group
        closing = any((slot, person) in busy for person in facts.staff[entry].members)
        return (slot, need) not in inquiry.hosts, closing

    order = sorted(wishes, key=rank)
    for work, places in ((1, order[:_PLACES]), (_WORK, order)):
        tried = 0
        for wish in places:
            left = end - time.monotonic()
            if (
                left <= 0
                or tried >= _PLACES
                or any(one in known and known[one].search.best for one in wishes)
            ):
                return
            known[wish] = inquiry.ask(wish, seconds=left, work=work)
            tried += not known[wish].impossible


def _ways(inquiry: Inquiry, student: Unserved) -> tuple[list[Wish], tuple[Rule, ...]]:
    """The places to ask about, open groups if there are any; and what forbids others at first sight."""
    facts, rules = inquiry.base.facts, dict[Rule, None]()
    groups = plan_in(inquiry.solution)
    for wished in (groups, _to_open(facts, tuple(groups))):
        free = []
        for group in wished:
            if group[1] in student.needs and (student.student, group[0]) in facts.doors:
                wish = Wish(group, student.student)
                barred = refused(facts, wish, wished_facts(facts, wish))
                rules |= dict.fromkeys(barred)
                free += [] if barred else [wish]
        if free:
            return free, tuple(rules)
    return [], tuple(rules)


def _to_open(facts: Facts, groups: Sequence[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    for slot in facts.problem.slots:
        yield from openings(facts.problem, groups, slot.id)


def _told(
    inquiry: Inquiry, wishes: Sequence[Wish], known: dict[Wish, Granted], rules: tuple[Rule, ...]
) -> Serving:
    """The cheapest place among those asked about."""
    found = [wish for wish in wishes if wish in known and known[wish].search.best is not None]
    if found:
        best = max(found, key=lambda wish: known[wish].search.value)
        opened = best.group in plan_in(inquiry.solution)
        return Serving(best, cost_of(inquiry.base, known[best]), opened)
    proven = all(wish in known and known[wish].impossible for wish in wishes)
    reason = NoWay.IMPOSSIBLE if proven else NoWay.UNKNOWN
    if not wishes:
        reason = NoWay.REFUSED if rules else NoWay.NO_LEADER
    return Serving(None, Cost(None, None, impossible=proven), reason=reason, rules=rules)
