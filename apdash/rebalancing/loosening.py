"""What would have to give when demands and rules do not hold together, ready to be applied in one gesture."""

import re
from dataclasses import dataclass, replace
from typing import Any

from apdash.rebalancing.parameters import Parameters
from apdash.rebalancing.problem import Built
from apdash.rebalancing.words import Names, loosening_words

RULES = ("max_needs_open", "max_division_share", "max_periods", "urgent_from", "max_moves")


@dataclass(frozen=True, slots=True)
class Change:
    """One way out. words: in French; statement: the demand to lift; rule or need + limit: what takes `value`.

    None of them: to be done by hand, elsewhere (a room, an adult, a rule of the direction).
    """

    words: str
    statement: int | None = None
    rule: str = ""
    need: str = ""
    limit: str = ""
    value: Any = None

    @property
    def by_hand(self) -> bool:
        """True when nothing can be applied from here."""
        return self.statement is None and not self.rule and not self.limit


def change_of(told: dict[str, Any], *, built: Built, names: Names) -> Change:
    """Return one loosening of a solution file (path, from, to) as a change."""
    words, path = loosening_words(told, built=built, names=names), told["path"]
    listed = re.fullmatch(r"(pins|bans|pairs|caps)\[(\d+)\]", path)
    if listed and told["to"] is None:
        part, place = listed.group(1), int(listed.group(2))
        secret = place in built.secret[part]
        return Change(words, statement=None if secret else built.statements[part][place])
    rule = path.removeprefix("rules.")
    if rule in RULES:
        return Change(words, rule=rule, value=told["to"])
    need = re.fullmatch(r"needs\[(\d+)\]\.(\w+)", path)
    if need and told["to"] is not None:
        code = built.problem["needs"][int(need.group(1))]["id"]
        return Change(words, need=code, limit=need.group(2), value=told["to"])
    return Change(words)


def loosened(parameters: Parameters, change: Change) -> Parameters:
    """Return the parameters of a search with a change applied; a lifted demand changes none of them."""
    if change.rule:
        return replace(parameters, **{change.rule: change.value})
    if change.limit:
        limits = parameters.limits | {
            change.need: parameters.limits.get(change.need, {}) | {change.limit: change.value}
        }
        return replace(parameters, limits=limits)
    return parameters
