"""What it would cost to serve those who are not: the cheapest open group of a strong need of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.forced import Cost, forced
from optimizer.inquiry import Inquiry
from optimizer.plan import plan_in
from optimizer.unserved import Unserved
from optimizer.wishes import Wish, refused, wished_facts


@dataclass(frozen=True, slots=True)
class Serving:
    """The cheapest place found in an open group of a strong need, and what it costs the best score."""

    wish: Wish
    cost: Cost

    def to_json(self) -> dict[str, object]:
        """The place as a JSON object."""
        slot, need, staff = self.wish.group
        return {"slot": slot, "need": need, "staff": staff, "cost": self.cost.to_json()}


def serving(inquiry: Inquiry, missing: Sequence[Unserved], *, seconds: float) -> dict[str, Serving]:
    """For each student who can be served in a group that is open, the cheapest way; as far as the time goes."""
    facts, plan = inquiry.base.facts, plan_in(inquiry.solution)
    wishes = [
        Wish(group, one.student)
        for one in missing
        for group in plan
        if group[1] in one.needs and (one.student, group[0]) in facts.doors
    ]
    free = [wish for wish in wishes if not refused(facts, wish, wished_facts(facts, wish))]
    found: dict[str, Serving] = {}
    for told in forced(inquiry, free, seconds=seconds):
        name = told.wish.student or ""
        best = found.get(name)
        if told.cost.most is None:
            continue
        if best is None or best.cost.most is None or told.cost.most < best.cost.most:
            found[name] = Serving(told.wish, told.cost)
    return found
