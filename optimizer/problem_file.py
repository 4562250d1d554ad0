"""The file format `apdash-problem/2`: JSON object <-> Problem, with every check of the contract."""

from collections.abc import Mapping
from dataclasses import asdict, fields

from optimizer.problem import (
    FORMAT,
    Ban,
    Cap,
    Current,
    Need,
    Pair,
    Pin,
    Problem,
    Room,
    Rules,
    Slot,
    Staff,
    Student,
    Weights,
)
from optimizer.reading import ProblemError, Reader, joined

_READ = Reader(ProblemError)
_REQUIRED = ("format", "slots", "needs", "staff", "students", "rules")
_OPTIONAL = ("rooms", "current", "pins", "bans", "pairs", "caps", "weights")
_DEFAULT_FLOOR = 0
_DEFAULT_PER_STUDENT = 1


def problem_of(data: object) -> Problem:
    """The problem of a parsed file; raises ProblemError with the path of the first wrong field."""
    top = _READ.fields(data, "", required=_REQUIRED, optional=_OPTIONAL)
    if top["format"] != FORMAT:
        raise _READ.refuse("format", f"« {FORMAT} »", top["format"])
    rules = _rules(top["rules"])
    weights = _weights(top.get("weights", {}))
    slots = tuple(_slot(value, path) for value, path in _listed(top, "slots"))
    needs = tuple(_need(value, path, rules) for value, path in _listed(top, "needs"))
    slot_ids = frozenset(slot.id for slot in slots)
    need_ids = frozenset(need.id for need in needs)
    staff = _staff(top, slot_ids, need_ids, weights)
    rooms = tuple(_room(value, path, slot_ids) for value, path in _listed(top, "rooms"))
    students = tuple(
        _student(value, path, need_ids, [slot.id for slot in slots], rules)
        for value, path in _listed(top, "students")
    )
    ids = {
        "student": frozenset(student.id for student in students),
        "slot": slot_ids,
        "need": need_ids,
        "staff": frozenset(entry.id for entry in staff),
    }
    return Problem(
        slots=slots,
        needs=needs,
        staff=staff,
        rooms=rooms,
        students=students,
        current=_current(top, ids),
        pins=_pins(top, ids),
        bans=_bans(top, ids),
        pairs=_pairs(top, ids),
        caps=_caps(top, ids),
        rules=rules,
        weights=weights,
    )


def json_of(problem: Problem) -> dict[str, object]:
    """The problem as a JSON object, every default written out."""
    found: dict[str, object] = {"format": FORMAT}
    for part in fields(problem):
        value = getattr(problem, part.name)
        found[part.name] = [_plain(item) for item in value] if isinstance(value, tuple) else _plain(value)
    return found


def _plain(value: object) -> dict[str, object]:
    row = asdict(value)  # type: ignore[call-overload]
    return {key: list(item) if isinstance(item, tuple) else item for key, item in row.items()}


def _listed(top: Mapping[str, object], key: str) -> list[tuple[object, str]]:
    """The elements of a top list with their paths, no `id` twice where there is one."""
    found = _READ.items(top.get(key, []), key)
    with_id = [(item["id"], f"{path}.id") for item, path in found if isinstance(item, dict) and "id" in item]
    _READ.distinct([(value, path) for value, path in with_id if isinstance(value, str)])
    return found


def _optional_integer(row: Mapping[str, object], key: str, path: str, *, low: int = 0) -> int | None:
    value = row.get(key)
    return None if value is None else _READ.integer(value, joined(path, key), low=low)


def _share(value: object, path: str) -> float:
    share = _READ.number(value, path, low=0, high=1)
    if share == 0:
        raise _READ.refuse(path, "un nombre au-dessus de 0 et au plus 1", value)
    return float(share)


def _rules(value: object) -> Rules:
    path = "rules"
    required = ("max_needs_open", "max_division_share", "max_periods", "urgent_from", "period_sessions")
    row = _READ.fields(value, path, required=required, optional=("max_moves",))
    return Rules(
        max_needs_open=_READ.integer(row["max_needs_open"], "rules.max_needs_open"),
        max_division_share=_share(row["max_division_share"], "rules.max_division_share"),
        max_periods=_READ.integer(row["max_periods"], "rules.max_periods", low=1),
        urgent_from=_READ.integer(row["urgent_from"], "rules.urgent_from", high=100),
        period_sessions=_READ.integer(row["period_sessions"], "rules.period_sessions", low=1),
        max_moves=_optional_integer(row, "max_moves", path),
    )


def _weights(value: object) -> Weights:
    names = [part.name for part in fields(Weights)]
    row = _READ.fields(value, "weights", required=(), optional=names)
    return Weights(**{name: _READ.number(row[name], joined("weights", name)) for name in row})


def _slot(value: object, path: str) -> Slot:
    row = _READ.fields(value, path, required=("id",), optional=("max_groups",))
    return Slot(id=_READ.text(row["id"], f"{path}.id"), max_groups=_optional_integer(row, "max_groups", path))


def _need(value: object, path: str, rules: Rules) -> Need:
    optional = ("floor", "max_per_student", "max_periods", "max_division_share", "reception")
    row = _READ.fields(value, path, required=("id", "min_size", "max_size"), optional=optional)
    min_size = _READ.integer(row["min_size"], f"{path}.min_size")
    max_size = _READ.integer(row["max_size"], f"{path}.max_size", low=max(1, min_size))
    per_student = row.get("max_per_student", _DEFAULT_PER_STUDENT)
    periods = _optional_integer(row, "max_periods", path, low=1)
    share = row.get("max_division_share")
    return Need(
        id=_READ.text(row["id"], f"{path}.id"),
        min_size=min_size,
        max_size=max_size,
        floor=_READ.integer(row.get("floor", _DEFAULT_FLOOR), f"{path}.floor", high=100),
        max_per_student=_READ.integer(per_student, f"{path}.max_per_student", low=1),
        max_periods=rules.max_periods if periods is None else periods,
        max_division_share=(
            rules.max_division_share if share is None else _share(share, f"{path}.max_division_share")
        ),
        reception=_READ.flag(row.get("reception", False), f"{path}.reception"),
    )


def _staff(
    top: Mapping[str, object], slots: frozenset[str], needs: frozenset[str], weights: Weights
) -> tuple[Staff, ...]:
    """The staff entries; members are looked for among all of them."""
    required, optional = ("id", "needs", "slots"), ("max_groups", "cost", "members")
    rows = [
        (_READ.fields(value, path, required=required, optional=optional), path)
        for value, path in _listed(top, "staff")
    ]
    ids = frozenset(_READ.text(row["id"], f"{path}.id") for row, path in rows)
    found = []
    for row, path in rows:
        members = _READ.known_list(row.get("members", [row["id"]]), f"{path}.members", ids, where="staff")
        if not members:
            raise ProblemError(f"{path}.members", "au moins une personne est attendue")
        found.append(
            Staff(
                id=str(row["id"]),
                needs=_READ.known_list(row["needs"], f"{path}.needs", needs, where="needs"),
                slots=_READ.known_list(row["slots"], f"{path}.slots", slots, where="slots"),
                max_groups=_optional_integer(row, "max_groups", path),
                cost=_READ.number(row.get("cost", weights.group), f"{path}.cost"),
                members=members,
            )
        )
    return tuple(found)


def _room(value: object, path: str, slots: frozenset[str]) -> Room:
    row = _READ.fields(value, path, required=("id", "capacity", "slots"))
    return Room(
        id=_READ.text(row["id"], f"{path}.id"),
        capacity=_READ.integer(row["capacity"], f"{path}.capacity", low=1),
        slots=_READ.known_list(row["slots"], f"{path}.slots", slots, where="slots"),
    )


def _student(value: object, path: str, needs: frozenset[str], slots: list[str], rules: Rules) -> Student:
    optional = ("priority", "intensity", "sessions")
    row = _READ.fields(value, path, required=("id", "division"), optional=optional)
    intensity_path = f"{path}.intensity"
    intensity = {
        _READ.known(need, joined(intensity_path, need), needs, where="needs"): _READ.integer(
            level, joined(intensity_path, need), high=100
        )
        for need, level in _READ.mapping(row.get("intensity", {}), intensity_path).items()
    }
    return Student(
        id=_READ.text(row["id"], f"{path}.id"),
        division=_READ.text(row["division"], f"{path}.division"),
        priority=_READ.number(row.get("priority", 1.0), f"{path}.priority", high=1000),
        intensity=intensity,
        sessions=_sessions(row, f"{path}.sessions", slots, rules.period_sessions),
    )


def _sessions(row: Mapping[str, object], path: str, slots: list[str], period: int) -> dict[str, int]:
    """Sessions at every slot: the whole period without a map, 0 where the map is silent."""
    if "sessions" not in row:
        return dict.fromkeys(slots, period)
    given = {
        _READ.known(slot, joined(path, slot), slots, where="slots"): _READ.integer(
            count, joined(path, slot), high=period
        )
        for slot, count in _READ.mapping(row["sessions"], path).items()
    }
    return {slot: given.get(slot, 0) for slot in slots}


def _id(row: Mapping[str, object], key: str, path: str, ids: Mapping[str, frozenset[str]]) -> str:
    where = key if key == "staff" else f"{key}s"
    return _READ.known(row[key], joined(path, key), ids[key], where=where)


def _optional_id(
    row: Mapping[str, object], key: str, path: str, ids: Mapping[str, frozenset[str]]
) -> str | None:
    return None if row.get(key) is None else _id(row, key, path, ids)


def _current(top: Mapping[str, object], ids: Mapping[str, frozenset[str]]) -> tuple[Current, ...]:
    found, keys = [], []
    for value, path in _listed(top, "current"):
        row = _READ.fields(value, path, required=("student", "slot", "need", "staff", "need_periods"))
        place = Current(
            student=_id(row, "student", path, ids),
            slot=_id(row, "slot", path, ids),
            need=_id(row, "need", path, ids),
            staff=_id(row, "staff", path, ids),
            need_periods=_READ.integer(row["need_periods"], f"{path}.need_periods"),
        )
        found.append(place)
        keys.append(((place.student, place.slot), path))
    _READ.distinct(keys)
    return tuple(found)


def _pins(top: Mapping[str, object], ids: Mapping[str, frozenset[str]]) -> tuple[Pin, ...]:
    found = []
    for value, path in _listed(top, "pins"):
        row = _READ.fields(value, path, required=("student", "slot", "need"), optional=("staff",))
        pin = Pin(
            student=_id(row, "student", path, ids),
            slot=_id(row, "slot", path, ids),
            need=_id(row, "need", path, ids),
            staff=_optional_id(row, "staff", path, ids),
        )
        found.append((pin, path))
    _READ.distinct(found)
    return tuple(pin for pin, _ in found)


def _bans(top: Mapping[str, object], ids: Mapping[str, frozenset[str]]) -> tuple[Ban, ...]:
    found = []
    for value, path in _listed(top, "bans"):
        row = _READ.fields(value, path, required=("student",), optional=("slot", "need", "staff"))
        ban = Ban(
            student=_id(row, "student", path, ids),
            slot=_optional_id(row, "slot", path, ids),
            need=_optional_id(row, "need", path, ids),
            staff=_optional_id(row, "staff", path, ids),
        )
        found.append((ban, path))
    _READ.distinct(found)
    return tuple(ban for ban, _ in found)


def _pairs(top: Mapping[str, object], ids: Mapping[str, frozenset[str]]) -> tuple[Pair, ...]:
    found, keys = [], []
    for value, path in _listed(top, "pairs"):
        row = _READ.fields(value, path, required=("students", "kind"))
        if row["kind"] != "together":
            raise _READ.refuse(f"{path}.kind", "« together »", row["kind"])
        both = _READ.known_list(row["students"], f"{path}.students", ids["student"], where="students")
        if len(both) != 2:
            raise _READ.refuse(f"{path}.students", "une liste de deux élèves", row["students"])
        found.append(Pair(students=(both[0], both[1]), kind="together"))
        keys.append((frozenset(both), path))
    _READ.distinct(keys)
    return tuple(found)


def _caps(top: Mapping[str, object], ids: Mapping[str, frozenset[str]]) -> tuple[Cap, ...]:
    found, keys = [], []
    for value, path in _listed(top, "caps"):
        row = _READ.fields(value, path, required=("students", "at_most"), optional=("need", "slot"))
        cap = Cap(
            students=_READ.known_list(row["students"], f"{path}.students", ids["student"], where="students"),
            at_most=_READ.integer(row["at_most"], f"{path}.at_most"),
            need=_optional_id(row, "need", path, ids),
            slot=_optional_id(row, "slot", path, ids),
        )
        found.append(cap)
        keys.append(((frozenset(cap.students), cap.at_most, cap.need, cap.slot), path))
    _READ.distinct(keys)
    return tuple(found)
