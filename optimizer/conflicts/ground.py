"""The rules and statements of a problem as rows that can be withdrawn: what a `Grounds` asks HiGHS about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Tags = tuple[int, ...]
"""Positions of statements; () = nobody said so, it is a fact."""


@dataclass(slots=True, eq=False)
class Ground:
    """Columns and rows with the statements that make them; to be completed before the first question."""

    statements: int
    high: list[float] = field(default_factory=list)
    failed: dict[int, int] = field(default_factory=dict)
    """Columns by which a statement is failed, by the statement."""
    start: list[int] = field(default_factory=lambda: [0])
    columns: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)
    """Every row is Σ ≤ limit."""
    row_tags: list[tuple[int, int]] = field(default_factory=list)
    """(row, statement): without the statement, the row says nothing."""
    doors: list[tuple[int, int, Tags]] = field(default_factory=list)
    """(column, statement, pins): the statement closes the column, unless one of these pins opens it."""
    uses: list[tuple[int, int]] = field(default_factory=list)
    """(column, statement): see `used_with`."""

    def column(self, high: float = 1.0) -> int:
        """A new column from 0 to `high`."""
        self.high.append(high)
        return len(self.high) - 1

    def failing(self, statement: int, high: float = 1.0) -> int:
        """A new column by which a statement is failed, to be kept small."""
        self.failed[statement] = self.column(high)
        return self.failed[statement]

    def at_most(self, terms: Iterable[tuple[int, float]], limit: float, tags: Tags = ()) -> None:
        """Σ terms ≤ limit, as long as all these statements stand."""
        held = list(terms)
        self.columns.extend([column for column, _ in held])
        self.factors.extend([factor for _, factor in held])
        self.row_tags.extend((len(self.limits), tag) for tag in tags)
        self.start.append(len(self.columns))
        self.limits.append(limit)

    def used_with(self, column: int, statements: Sequence[int]) -> None:
        """The column is of no use but beside one of these statements."""
        self.uses.extend((column, statement) for statement in statements)
        if not statements:
            self.high[column] = 0.0

    def at_least(self, terms: Iterable[tuple[int, float]], limit: float, tags: Tags = ()) -> None:
        """Σ terms ≥ limit, as long as all these statements stand."""
        self.at_most([(column, -factor) for column, factor in terms], -limit, tags)
