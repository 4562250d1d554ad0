"""What the ids of a problem are called on screen."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from apdash.pages.regrouping.words import apart, proper


@dataclass(frozen=True, slots=True)
class Person:
    """A student as the page names them."""

    id: int
    last_name: str
    first_name: str
    division: str

    @property
    def full(self) -> str:
        """Return `Inès Moreau`."""
        first, mark = apart(self.first_name)
        return f"{first} {proper(self.last_name)}{mark}".strip()


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id of the problem. needs: code -> (public name, short name, axis), in the order of the reference."""

    students: Mapping[str, Person]
    staff: Mapping[str, str]
    slots: Mapping[str, str]
    rooms: Mapping[str, str]
    needs: Mapping[str, tuple[str, str, str]]
    divisions: Mapping[str, str]

    def person(self, key: str) -> Person:
        """Return a student; one who is no longer in the band when an old proposal is read again has no name."""
        return self.students.get(key) or Person(0, "Ancien élève", "", "")

    def need(self, code: str) -> str:
        """Return the name of a need's groups, the one everybody reads."""
        return self.needs[code][0] if code in self.needs else code

    def short(self, code: str) -> str:
        """Return the short name of a need, for the team."""
        return self.needs[code][1] if code in self.needs else code

    def axis(self, code: str) -> str:
        """Return the axis of a need; `none` for the reception group."""
        return (self.needs[code][2] or "none") if code in self.needs else "none"

    def division(self, key: str) -> str:
        """Return the code of a division."""
        return self.divisions.get(key, key)

    def in_need_order(self, groups: pl.DataFrame) -> pl.DataFrame:
        """Return groups (need, staff) in the order of the reference, then by adult."""
        ranks = {code: rank for rank, code in enumerate(self.needs)}
        order = pl.col("need").replace_strict(ranks, default=len(ranks), return_dtype=pl.Int64)
        named = pl.col("staff").replace_strict(dict(self.staff), default="", return_dtype=pl.String)
        return groups.sort(order, named, maintain_order=True)
