"""What is known of a question, and what is left to search of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.explanations.sheet import Bounds
from optimizer.explanations.wishes import Wish
from optimizer.search import Search
from optimizer.search_tree.branching import Node
from optimizer.search_tree.tree import Frame
from optimizer.solution import Solution


@dataclass(frozen=True, slots=True, eq=False)
class Pending:
    """A question under way: its bounds, and the parts left to search once it is known where to look."""

    wish: Wish
    frame: Frame
    bounds: Bounds
    parts: Sequence[Node] | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """What is known of a wish: the search for the best proposal that grants it."""

    search: Search
    near: Solution | None
    """The best that grants it with the groups as they are, but for those that the wish itself opens or closes."""
    impossible: bool
    """Proven: nothing lawful grants it."""
    pending: Pending | None = None
    """What is left to search; None: nothing."""

    @property
    def settled(self) -> bool:
        """Whether nothing more can be learnt."""
        return self.impossible or self.search.done
