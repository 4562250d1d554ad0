"""What people prepare is held for each of them, for a while, and never for too many."""

from apdash.drafts import KEPT, LIFETIME, Drafts


def test_each_owner_finds_their_own_last_value() -> None:
    drafts = Drafts()
    drafts.keep("a", 1)
    drafts.keep("b", 2)
    drafts.keep("a", 3)
    assert [drafts.find(owner) for owner in "abc"] == [3, 2, None]
    drafts.forget("a")
    assert drafts.find("a") is None


def test_a_value_left_alone_expires_and_one_looked_at_lasts() -> None:
    now = [0.0]
    drafts = Drafts(clock=lambda: now[0])
    drafts.keep("left", 1)
    drafts.keep("used", 2)
    now[0] = LIFETIME - 1
    assert drafts.find("used") == 2
    now[0] = LIFETIME + 1
    assert [drafts.find("left"), drafts.find("used")] == [None, 2]


def test_the_owner_idle_the_longest_gives_way_to_one_more() -> None:
    now = [0.0]
    drafts = Drafts(clock=lambda: now[0])
    for owner in range(KEPT):
        now[0] += 1
        drafts.keep(str(owner), owner)
    now[0] += 1
    assert drafts.find("0") == 0
    drafts.keep("more", "more")
    assert [owner for owner in range(KEPT) if drafts.find(str(owner)) is None] == [1]
