"""What is held: one thread at a time, the last comer first, few at once, let go of when closed."""

import threading

from apdash.held import KEPT, Held, Shelf


class Thing:
    """A thing that knows whether it was let go of."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop
        self.closed = False
        self.readied = 0

    def close(self) -> None:
        self.closed = True


def ready(thing: Thing) -> None:
    thing.readied += 1


def held() -> Held[Thing]:
    return Held(Thing, ready)


def test_it_is_built_once_and_made_ready_at_each_turn() -> None:
    one = held()
    with one.turn(first=True) as thing:
        assert thing is not None
    with one.turn(first=False) as same:
        assert same is thing
    assert thing.readied == 2


def test_who_comes_first_cuts_short_what_is_under_way() -> None:
    one, order = held(), []
    begun = threading.Event()

    def slow() -> None:
        with one.turn(first=False) as thing:
            assert thing is not None
            begun.set()
            assert thing.stop.wait(10)
            assert one.wanted
            order.append("cut")

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(10)
    with one.turn(first=True) as thing:
        assert thing is not None
        assert not thing.stop.is_set()
        order.append("first")
    thread.join()
    assert order == ["cut", "first"]
    assert not one.wanted


def test_what_is_being_made_ready_is_not_cut_short() -> None:
    begun, go = threading.Event(), threading.Event()

    def slowly(thing: Thing) -> None:
        ready(thing)
        begun.set()
        assert go.wait(10)
        assert thing.readied > 1 or not thing.stop.is_set()

    one = Held(Thing, slowly)
    seen: list[bool] = []

    def use() -> None:
        with one.turn(first=True) as thing:
            assert thing is not None
            seen.append(thing.stop.is_set())

    threads = [threading.Thread(target=use) for _ in range(2)]
    threads[0].start()
    assert begun.wait(10)
    threads[1].start()
    while not one.wanted:
        pass
    go.set()
    for thread in threads:
        thread.join()
    assert seen == [True, False]


def test_once_closed_it_gives_nothing_and_is_let_go_of_by_who_uses_it() -> None:
    one = held()
    with one.turn(first=True) as thing:
        assert thing is not None
        one.close()
        assert thing.stop.is_set()
        assert not thing.closed
    assert thing.closed
    with one.turn(first=True) as nothing:
        assert nothing is None


def test_the_shelf_holds_few_and_lets_go_of_the_one_longest_unused() -> None:
    shelf: Shelf[Thing] = Shelf()
    things = {}
    for number in range(KEPT):
        with shelf.of(number, held).turn(first=True) as things[number]:
            pass
    assert shelf.of(0, held) is shelf.of(0, held)
    shelf.of(KEPT, held)
    assert [things[number].closed for number in range(KEPT)] == [False, True]
    shelf.close()
    assert things[0].closed
