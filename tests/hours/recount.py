"""Counts the hours again in plain Python, from the raw rows of the tables: no macro, no query of the project, no frame.

recount(store, at)   -> ledgers by student, group, division, axis and adult, as known at a moment
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from apdash.store import Store

Row = dict[str, object]
NAMES = ("planned", "held", "attended", "missed", "uncalled", "not_held", "untold", "left", "beside")


@dataclass
class Recount:
    """Minutes by key, then by name of `NAMES`. met: minutes of sessions, each once, by group."""

    student: dict = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    group: dict = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    division: dict = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    axis: dict = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    staff: dict = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    met: dict = field(default_factory=lambda: defaultdict(int))
    places: int = 0


def recount(store: Store, at: datetime, *, day: date, axes: dict[str, str | None]) -> Recount:
    """Return every ledger as known at a moment, `day` parting what is over from what is left."""
    world = _World(store, at)
    total = Recount()
    for session in world.hosts():
        people = world.expected(session)
        for student, (group, division) in people.items():
            _add_place(total, world, session, student, group, division, day=day, axes=axes)
        if people and not _cancelled_action(session):
            for adult in world.adults(session):
                _add(total.staff[adult], session, day=day)
    return total


def _add_place(
    total: Recount, world: "_World", session: Row, student: int, group: int | None, division: int, *,
    day: date, axes: dict[str, str | None],
) -> None:  # fmt: skip
    if _cancelled_action(session):
        return
    total.places += 1
    action = world.actions.get(session["action"])
    axis = action["axis"] if action else axes.get(world.needs[group]) or ""
    presence = world.rolls.get((session["id"], student))
    for book, key in (
        (total.student, student),
        (total.group, group),
        (total.division, division),
        (total.axis, axis),
    ):
        if action and not action["counts"]:
            book[key]["beside"] += session["minutes"]
            continue
        _add(book[key], session, day=day)
        if session["state"] == "held":
            book[key][_came(presence)] += session["minutes"]
    if not (action and not action["counts"]) and (group, session["id"]) not in world.seen:
        world.seen.add((group, session["id"]))
        total.met[group] += session["minutes"]


def _came(presence: str | None) -> str:
    return "uncalled" if presence is None else "attended" if presence in ("present", "late") else "missed"


def _add(line: dict, session: Row, *, day: date) -> None:
    line["planned"] += session["minutes"]
    if session["state"] == "held":
        line["held"] += session["minutes"]
    elif session["state"] == "not_held":
        line["not_held"] += session["minutes"]
    elif session["on_day"] < day:
        line["untold"] += session["minutes"]
    else:
        line["left"] += session["minutes"]


def _cancelled_action(session: Row) -> bool:
    return session["action"] is not None and session["state"] == "not_held"


class _World:
    """The raw rows that were true at a moment, indexed."""

    def __init__(self, store: Store, at: datetime) -> None:
        def rows(table: str) -> list[Row]:
            return store.read(f"select * from {table}").to_dicts()

        def live(row: Row) -> bool:
            return row["recorded_at"] <= at and (row["replaced_at"] is None or row["replaced_at"] > at)

        told = {row["id"]: row["recorded_at"] for row in rows("act")}

        def acted(row: Row) -> bool:
            return told[row["act"]] <= at and (row["replaced_by"] is None or told[row["replaced_by"]] > at)

        self.sessions = {row["id"]: row for row in rows("session") if live(row)}
        self.rolls = {(r["session"], r["student"]): r["presence"] for r in rows("attendance") if live(r)}
        self.members: dict[int, list[Row]] = defaultdict(list)
        for row in filter(acted, rows("membership")):
            self.members[row["ap_group"]].append(row)
        self.leaders: dict[int, list[Row]] = defaultdict(list)
        for row in filter(acted, rows("group_staff")):
            self.leaders[row["ap_group"]].append(row)
        self.needs = {row["id"]: row["need"] for row in rows("ap_group")}
        self.actions = {row["id"]: row for row in rows("common_action")}
        self.invited: dict[int, set[int]] = defaultdict(set)
        for row in rows("action_division"):
            self.invited[row["action"]].add(row["division"])
        self.places = _places(rows, at)
        self.away = _away(rows, at)
        self.joiners: dict[int, list[Row]] = defaultdict(list)
        self.fora: dict[date, list[Row]] = defaultdict(list)
        for row in sorted(self.sessions.values(), key=lambda one: one["id"]):
            if row["joins"] is not None:
                self.joiners[row["joins"]].append(row)
            if row["action"] is not None and row["state"] != "not_held":
                self.fora[row["on_day"]].append(row)
        self.seen: set = set()

    def hosts(self) -> list[Row]:
        """Return the sessions whose roll is called; one that joins a session that is gone stands alone."""
        return [row for row in self.sessions.values() if row["joins"] not in self.sessions]

    def division(self, student: int, day: date) -> int | None:
        """Return where a student is that day; None when nowhere."""
        found = [d for d, first, last in self.places[student] if first <= day <= (last or date.max)]
        return found[0] if found else None

    def expected(self, host: Row) -> dict[int, tuple[int | None, int]]:
        """Return who is expected at a session: student -> their group and division."""
        day, people = host["on_day"], {}
        for row in [host, *self.joiners[host["id"]]]:
            for student in self._seated(row, day):
                division = self.division(student, day)
                if division is None or any(first <= day <= last for first, last in self.away[division]):
                    continue
                if row["action"] is None and self._elsewhere(student, host):
                    continue
                people.setdefault(student, (row["ap_group"], division))
        return people

    def _seated(self, row: Row, day: date) -> list[int]:
        if row["action"] is not None:
            divisions = self.invited[row["action"]]
            return [student for student in self.places if self.division(student, day) in divisions]
        return [
            m["student"] for m in self.members[row["ap_group"]]
            if m["starts_on"] <= day and (m["ends_on"] is None or m["ends_on"] >= day)
        ]  # fmt: skip

    def _elsewhere(self, student: int, host: Row) -> bool:
        division = self.division(student, host["on_day"])
        begins, ends = _span(host)
        for forum in self.fora[host["on_day"]]:
            first, last = _span(forum)
            if division in self.invited[forum["action"]] and first < ends and begins < last:
                return True
        return False

    def adults(self, host: Row) -> list[int]:
        """Return who leads a session: those said of it, else those of its group that day."""
        if host["staff"] is not None:
            return list(host["staff"])
        day = host["on_day"]
        return sorted({
            row["staff"] for row in self.leaders[host["ap_group"]]
            if row["starts_on"] <= day and (row["ends_on"] is None or row["ends_on"] >= day)
        })  # fmt: skip


def _span(session: Row) -> tuple[datetime, datetime]:
    begins = datetime.combine(session["on_day"], session["starts_at"])
    return begins, begins + timedelta(minutes=session["minutes"])


def _places(rows: object, at: datetime) -> dict[int, list[tuple]]:
    """Return the stays of each student as they were said at a moment: division, first day, last day."""
    made = {row["enrolment"]: row["recorded_at"] for row in rows("enrolment_made")}
    current = {row["id"]: row for row in rows("enrolment")}
    past: dict[int, list[Row]] = defaultdict(list)
    for row in rows("enrolment_past"):
        past[row["id"]].append(row)
    found = defaultdict(list)
    for key, row in current.items():
        if key in made and made[key] > at:
            continue
        later = sorted(
            (one for one in past[key] if one["replaced_at"] > at), key=lambda one: one["replaced_at"]
        )
        said = later[0] if later else row
        if said["division"] is not None:
            found[said["student"]].append((said["division"], said["starts_on"], said["ends_on"]))
    return found


def _away(rows: object, at: datetime) -> dict[int, list[tuple]]:
    found = defaultdict(list)
    for row in rows("placement"):
        if row["recorded_at"] is None or row["recorded_at"] <= at:
            found[row["division"]].append((row["starts_on"], row["ends_on"]))
    for row in rows("placement_past"):
        if (row["recorded_at"] is None or row["recorded_at"] <= at) and row["replaced_at"] > at:
            found[row["division"]].append((row["starts_on"], row["ends_on"]))
    return found
