"""Exchanges at tables: who makes room for whom, and what no single chain finds."""

from optimizer.seating.chain import Hall
from optimizer.seating.pull import pulled
from optimizer.seating.table import Party, Table


def table(need: str, *, most: int, part: int = 1, whole: int = 1, least: int = 0) -> Table:
    return Table(("s0", need, f"t-{need}"), most, least, part, whole, {})


def party(rank: int, worth: dict[int, float], *, division: str = "a") -> Party:
    best = max(worth.values())
    return Party(
        rank=rank,
        students=(f"e{rank}",),
        present=1,
        divisions={division: 1},
        caps={},
        worth=dict(worth),
        liking={table: value - best for table, value in worth.items()},
    )


def test_somebody_makes_room_where_it_costs_least():
    hall = Hall([table("lec", most=2), table("mat", most=2)], fault=4000)
    costly, cheap = party(0, {0: 1090, 1: 1020}), party(1, {0: 1060, 1: 1055})
    late = party(2, {0: 1040})
    hall.seat(costly, 0)
    hall.seat(cheap, 0)
    chain = hall.chain(late)
    assert chain is not None
    assert chain.gain == 1040 - 5
    hall.make(chain)
    assert (costly.at, cheap.at, late.at) == (0, 1, 0)


def test_two_come_together_where_one_would_be_too_many_of_a_division():
    hall = Hall([table("lec", most=4, part=1, whole=2), table("etu", most=9)], fault=4000)
    for rank, division in enumerate("ab"):
        hall.seat(party(rank, {0: 1080}, division=division), 0)
    waiting = [party(2, {0: 1070, 1: 1025}), party(3, {0: 1050, 1: 1030}, division="b")]
    for one in waiting:
        hall.seat(one, 1)
        assert hall.chain(one) is None
    assert pulled(hall, waiting, 0) == 45 + 20
    assert [one.at for one in waiting] == [0, 0]


def test_groups_too_small_are_left():
    hall = Hall([table("lec", most=4, least=2)], fault=4000)
    alone = party(0, {0: 1080})
    hall.seat(alone, 0)
    hall.evict()
    assert alone.at is None
    assert not hall.tables[0].parties
