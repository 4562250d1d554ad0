"""Who would move is not named where that would tell of a rule of the direction's own."""

from apdash.pages.regrouping.exact import moved_words
from apdash.pages.regrouping.names import Names


def test_a_student_bound_by_a_rule_of_the_direction_is_counted_not_named() -> None:
    answer = {"displaced": ["12"], "same_groups": None, "unnamed": True}
    assert moved_words(answer, Names.__new__(Names)) == "1\u00a0autre élève change de groupe"
