"""Which point of the dial is chosen, and why."""

import pytest

from optimizer.choice import Step, choice, gains
from optimizer.frontier import frontier
from optimizer.problem import Problem
from tests.optimizer.test_frontier import settled

STEPS = (Step(5, 1000, 0), Step(9, 1500, 0), Step(15, 1860, 0), Step(25, 1960, 0))


@pytest.mark.parametrize(("least", "place"), [(200, 0), (100, 1), (50, 2), (5, 3)])
def test_the_last_point_where_a_move_brings_enough_is_chosen(least: float, place: int):
    assert gains(STEPS) == [125, 60, 10]
    assert choice(STEPS, least=least).place == place


def test_nobody_is_left_out_whom_a_later_point_seats():
    found = choice((Step(4, 1000, 1), Step(36, 1300, 0), Step(40, 1320, 0)), least=50)
    assert (found.place, found.seated, found.left) == (1, 36, 1)
    assert "À moins de 36\u00a0déplacements, 1\u00a0place reste sans groupe" in found.words
    assert "Jusqu’à ce point" not in found.words
    assert choice((Step(0, 900, 1), Step(1, 1300, 0))).words.startswith(
        "Sans déplacement, 1\u00a0place reste"
    )


def test_the_words_say_what_a_move_brings_before_and_beyond():
    words = choice(STEPS, least=50).words
    assert "Jusqu’à ce point, un déplacement de plus rapporte 60\u00a0points." in words
    assert "Au-delà, il n’en rapporte que 10\u00a0: le seuil est 50." in words


def test_a_frontier_carries_its_choice():
    found = frontier(Problem.from_json(settled()), gap=0)
    told = found.to_json(least=10)["chosen"]
    assert told["point"] == found.chosen(least=10).place
    assert told["max_moves"] == found.points[told["point"]].max_moves
    assert told["words"]
