"""The rows of a problem file that name students: places of today, pins, bans, pairs and caps."""

from collections.abc import Mapping

from optimizer.files.reading import ProblemError, Reader, joined
from optimizer.problem import Ban, Cap, Current, Pair, Pin

READ = Reader(ProblemError)


def listed(top: Mapping[str, object], key: str) -> list[tuple[object, str]]:
    """The elements of a top list with their paths, no `id` twice where there is one."""
    found = READ.items(top.get(key, []), key)
    with_id = [(item["id"], f"{path}.id") for item, path in found if isinstance(item, dict) and "id" in item]
    READ.distinct([(value, path) for value, path in with_id if isinstance(value, str)])
    return found


def _id(row: Mapping[str, object], key: str, path: str, ids: Mapping[str, frozenset[str]]) -> str:
    where = key if key == "staff" else f"{key}s"
    return READ.known(row[key], joined(path, key), ids[key], where=where)


def _optional_id(
    row: Mapping[str, object], key: str, path: str, ids: Mapping[str, frozenset[str]]
) -> str | None:
    return None if row.get(key) is None else _id(row, key, path, ids)


def current_of(top: Mapping[str, object], ids: Mapping[str, frozenset[str]]) -> tuple[Current, ...]:
    """The current rows; a second one for a student at a slot is refused."""
    found, keys = [], []
    for value, path in listed(top, "current"):
        row = READ.fields(value, path, required=("student", "slot", "need", "staff", "need_periods"))
        place = Current(
            student=_id(row, "student", path, ids),
            slot=_id(row, "slot", path, ids),
            need=_id(row, "need", path, ids),
            staff=_id(row, "staff", path, ids),
            need_periods=READ.integer(row["need_periods"], f"{path}.need_periods"),
        )
        found.append(place)
        keys.append(((place.student, place.slot), path))
    READ.distinct(keys)
    return tuple(found)


def pins_of(top: Mapping[str, object], ids: Mapping[str, frozenset[str]]) -> tuple[Pin, ...]:
    """The places decided by hand."""
    found = []
    for value, path in listed(top, "pins"):
        row = READ.fields(value, path, required=("student", "slot", "need"), optional=("staff",))
        pin = Pin(
            student=_id(row, "student", path, ids),
            slot=_id(row, "slot", path, ids),
            need=_id(row, "need", path, ids),
            staff=_optional_id(row, "staff", path, ids),
        )
        found.append((pin, path))
    READ.distinct(found)
    return tuple(pin for pin, _ in found)


def bans_of(top: Mapping[str, object], ids: Mapping[str, frozenset[str]]) -> tuple[Ban, ...]:
    """The places refused by hand."""
    found = []
    for value, path in listed(top, "bans"):
        row = READ.fields(value, path, required=("student",), optional=("slot", "need", "staff"))
        ban = Ban(
            student=_id(row, "student", path, ids),
            slot=_optional_id(row, "slot", path, ids),
            need=_optional_id(row, "need", path, ids),
            staff=_optional_id(row, "staff", path, ids),
        )
        found.append((ban, path))
    READ.distinct(found)
    return tuple(ban for ban, _ in found)


def pairs_of(top: Mapping[str, object], ids: Mapping[str, frozenset[str]]) -> tuple[Pair, ...]:
    """The students kept together."""
    found, keys = [], []
    for value, path in listed(top, "pairs"):
        row = READ.fields(value, path, required=("students", "kind"))
        if row["kind"] != "together":
            raise READ.refuse(f"{path}.kind", "« together »", row["kind"])
        both = READ.known_list(row["students"], f"{path}.students", ids["student"], where="students")
        if len(both) != 2:
            raise READ.refuse(f"{path}.students", "une liste de deux élèves", row["students"])
        found.append(Pair(students=(both[0], both[1]), kind="together"))
        keys.append((frozenset(both), path))
    READ.distinct(keys)
    return tuple(found)


def caps_of(top: Mapping[str, object], ids: Mapping[str, frozenset[str]]) -> tuple[Cap, ...]:
    """The caps."""
    found, keys = [], []
    for value, path in listed(top, "caps"):
        row = READ.fields(value, path, required=("students", "at_most"), optional=("need", "slot"))
        cap = Cap(
            students=READ.known_list(row["students"], f"{path}.students", ids["student"], where="students"),
            at_most=READ.integer(row["at_most"], f"{path}.at_most"),
            need=_optional_id(row, "need", path, ids),
            slot=_optional_id(row, "slot", path, ids),
        )
        found.append(cap)
        keys.append(((frozenset(cap.students), cap.at_most, cap.need, cap.slot), path))
    READ.distinct(keys)
    return tuple(found)
