"""A decided group with who sits there, and those who only sit together: what exchanges move about."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from optimizer.facts import Group


@dataclass(slots=True, eq=False)
class Party:
    """The students whom pairs keep together at a slot; mostly one alone."""

    rank: int
    students: tuple[str, ...]
    present: int
    """Those who count towards min_size."""
    divisions: Mapping[str, int]
    caps: Mapping[int, int]
    """By cap, how many of them it names."""
    worth: dict[int, float] = field(default_factory=dict)
    """What they add to the score at each table where they may sit."""
    liking: dict[int, float] = field(default_factory=dict)
    """What a relaxation says of these seats, the price of the seat taken off: 0 where they sit in it, or less."""
    at: int | None = None
    """The table where they sit."""

    @property
    def size(self) -> int:
        """The seats they take."""
        return len(self.students)


@dataclass(slots=True, eq=False)
class Table:
    """A group: its limits, and who sits there."""

    group: Group
    most: int
    least: int
    part: int
    whole: int
    """No division has more than part / whole of the group."""
    caps: Mapping[int, int]
    """By cap that concerns the group, the most it allows."""
    parties: dict[int, Party] = field(default_factory=dict)
    size: int = 0
    present: int = 0
    portion: tuple[str, int, int] | None = None
    """A division, how many of it, and how many others to begin with."""
    _divisions: Counter[str] = field(default_factory=Counter)
    _named: Counter[int] = field(default_factory=Counter)
    _largest: int = 0
    """The most students of one division."""

    def seat(self, party: Party, *, sign: int = 1) -> None:
        """Let a party sit down, or get up with the sign −1."""
        if sign > 0:
            self.parties[party.rank] = party
        else:
            del self.parties[party.rank]
        self.size += sign * party.size
        self.present += sign * party.present
        for division, number in party.divisions.items():
            self._divisions[division] += sign * number
        for cap, number in party.caps.items():
            self._named[cap] += sign * number
        self._largest = max(self._divisions.values(), default=0)

    def takes(self, party: Party, gone: Party | None = None) -> bool:
        """Whether the seats and the caps let a party in, once another is gone."""
        if self.size + party.size - (gone.size if gone else 0) > self.most:
            return False
        for cap, number in party.caps.items():
            if cap in self.caps:
                left = gone.caps.get(cap, 0) if gone else 0
                if self._named[cap] + number - left > self.caps[cap]:
                    return False
        return True

    def faults(self, party: Party | None = None, gone: Party | None = None) -> int:
        """Students missing to the smallest size, and those above the share of their division, after an exchange."""
        size, present, largest = self.size, self.present, self._largest
        if party is not None:
            size, present, largest = size + party.size, present + party.present, largest + party.size
        if gone is not None:
            size, present = size - gone.size, present - gone.present
        if not size:
            return 0
        missing = max(0, self.least - present)
        allowed = self.part * size // self.whole
        return missing if largest <= allowed else missing + self._excess(allowed, party, gone)

    def _excess(self, allowed: int, party: Party | None, gone: Party | None) -> int:
        counts = self._divisions
        if party is not None or gone is not None:
            counts = counts.copy()
            if party is not None:
                counts.update(party.divisions)
            if gone is not None:
                counts.subtract(gone.divisions)
        return sum(number - allowed for number in counts.values() if number > allowed)

    def mates(self, party: Party) -> int:
        """How many of the divisions of a party sit here."""
        return sum(self._divisions[division] for division in party.divisions)

    @property
    def allowed(self) -> int:
        """The most of one division that the table can hold."""
        return self.part * self.most // self.whole

    def shares(self, party: Party) -> bool:
        """Whether their divisions would not be too many of the group when it is full."""
        return all(
            self._divisions[division] + number <= self.allowed for division, number in party.divisions.items()
        )

    def eases(self) -> bool:
        """Whether one more of any division is within its share."""
        return self._largest + 1 <= self.part * (self.size + 1) // self.whole

    def in_excess(self) -> list[Party]:
        """One party of a division that is too many, if any."""
        allowed = self.part * self.size // self.whole
        over = {division for division, number in self._divisions.items() if number > allowed}
        return [party for party in self.parties.values() if over.intersection(party.divisions)][:1]

    def in_portion(self, party: Party) -> bool:
        """Whether a party keeps to what the table is to hold of the largest division and of the others."""
        if self.portion is None:
            return True
        division, most, others = self.portion
        here, more = self._divisions[division], party.divisions.get(division, 0)
        return here + more <= most and self.size - here + party.size - more <= others
