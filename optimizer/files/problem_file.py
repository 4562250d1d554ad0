"""The file format `apdash-problem/2`: JSON object <-> Problem, with every check of the contract."""

from collections.abc import Mapping
from dataclasses import asdict, fields

from optimizer.files.problem_statements import (
    READ,
    bans_of,
    caps_of,
    current_of,
    listed,
    pairs_of,
    pins_of,
)
from optimizer.files.reading import ProblemError, joined
from optimizer.problem import FORMAT, Need, Problem, Room, Rules, Slot, Staff, Student, Weights

_REQUIRED = ("format", "slots", "needs", "staff", "students", "rules")


_OPTIONAL = ("rooms", "current", "pins", "bans", "pairs", "caps", "weights")


_DEFAULT_FLOOR = 0


_DEFAULT_PER_STUDENT = 1


def problem_of(data: object) -> Problem:
    """The problem of a parsed file; raises ProblemError with the path of the first wrong field."""
    top = READ.fields(data, "", required=_REQUIRED, optional=_OPTIONAL)
    if top["format"] != FORMAT:
        raise READ.refuse("format", f"« {FORMAT} »", top["format"])
    rules = _rules(top["rules"])
    weights = _weights(top.get("weights", {}))
    slots = tuple(_slot(value, path) for value, path in listed(top, "slots"))
    needs = tuple(_need(value, path, rules) for value, path in listed(top, "needs"))
    slot_ids = frozenset(slot.id for slot in slots)
    need_ids = frozenset(need.id for need in needs)
    staff = _staff(top, slot_ids, need_ids, weights)
    rooms = tuple(_room(value, path, slot_ids) for value, path in listed(top, "rooms"))
    students = tuple(
        _student(value, path, need_ids, [slot.id for slot in slots], rules)
        for value, path in listed(top, "students")
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
        current=current_of(top, ids),
        pins=pins_of(top, ids),
        bans=bans_of(top, ids),
        pairs=pairs_of(top, ids),
        caps=caps_of(top, ids),
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


def _optional_integer(row: Mapping[str, object], key: str, path: str, *, low: int = 0) -> int | None:
    value = row.get(key)
    return None if value is None else READ.integer(value, joined(path, key), low=low)


def _share(value: object, path: str) -> float:
    share = READ.number(value, path, low=0, high=1)
    if share == 0:
        raise READ.refuse(path, "un nombre au-dessus de 0 et au plus 1", value)
    return float(share)


def _rules(value: object) -> Rules:
    path = "rules"
    required = ("max_needs_open", "max_division_share", "max_periods", "urgent_from", "period_sessions")
    row = READ.fields(value, path, required=required, optional=("max_moves",))
    return Rules(
        max_needs_open=READ.integer(row["max_needs_open"], "rules.max_needs_open"),
        max_division_share=_share(row["max_division_share"], "rules.max_division_share"),
        max_periods=READ.integer(row["max_periods"], "rules.max_periods", low=1),
        urgent_from=READ.integer(row["urgent_from"], "rules.urgent_from", high=100),
        period_sessions=READ.integer(row["period_sessions"], "rules.period_sessions", low=1),
        max_moves=_optional_integer(row, "max_moves", path),
    )


def _weights(value: object) -> Weights:
    names = [part.name for part in fields(Weights)]
    row = READ.fields(value, "weights", required=(), optional=names)
    return Weights(**{name: READ.number(row[name], joined("weights", name)) for name in row})


def _slot(value: object, path: str) -> Slot:
    row = READ.fields(value, path, required=("id",), optional=("max_groups",))
    return Slot(id=READ.text(row["id"], f"{path}.id"), max_groups=_optional_integer(row, "max_groups", path))


def _need(value: object, path: str, rules: Rules) -> Need:
    optional = ("floor", "max_per_student", "max_periods", "max_division_share", "reception")
    row = READ.fields(value, path, required=("id", "min_size", "max_size"), optional=optional)
    min_size = READ.integer(row["min_size"], f"{path}.min_size")
    max_size = READ.integer(row["max_size"], f"{path}.max_size", low=max(1, min_size))
    per_student = row.get("max_per_student", _DEFAULT_PER_STUDENT)
    periods = _optional_integer(row, "max_periods", path, low=1)
    share = row.get("max_division_share")
    return Need(
        id=READ.text(row["id"], f"{path}.id"),
        min_size=min_size,
        max_size=max_size,
        floor=READ.integer(row.get("floor", _DEFAULT_FLOOR), f"{path}.floor", high=100),
        max_per_student=READ.integer(per_student, f"{path}.max_per_student", low=1),
        max_periods=rules.max_periods if periods is None else periods,
        max_division_share=(
            rules.max_division_share if share is None else _share(share, f"{path}.max_division_share")
        ),
        reception=READ.flag(row.get("reception", False), f"{path}.reception"),
    )


def _staff(
    top: Mapping[str, object], slots: frozenset[str], needs: frozenset[str], weights: Weights
) -> tuple[Staff, ...]:
    """The staff entries; members are looked for among all of them."""
    required, optional = ("id", "needs", "slots"), ("max_groups", "cost", "members")
    rows = [
        (READ.fields(value, path, required=required, optional=optional), path)
        for value, path in listed(top, "staff")
    ]
    ids = frozenset(READ.text(row["id"], f"{path}.id") for row, path in rows)
    found = []
    for row, path in rows:
        members = READ.known_list(row.get("members", [row["id"]]), f"{path}.members", ids, where="staff")
        if not members:
            raise ProblemError(f"{path}.members", "au moins une personne est attendue")
        found.append(
            Staff(
                id=str(row["id"]),
                needs=READ.known_list(row["needs"], f"{path}.needs", needs, where="needs"),
                slots=READ.known_list(row["slots"], f"{path}.slots", slots, where="slots"),
                max_groups=_optional_integer(row, "max_groups", path),
                cost=READ.number(row.get("cost", weights.group), f"{path}.cost"),
                members=members,
            )
        )
    return tuple(found)


def _room(value: object, path: str, slots: frozenset[str]) -> Room:
    row = READ.fields(value, path, required=("id", "capacity", "slots"))
    return Room(
        id=READ.text(row["id"], f"{path}.id"),
        capacity=READ.integer(row["capacity"], f"{path}.capacity", low=1),
        slots=READ.known_list(row["slots"], f"{path}.slots", slots, where="slots"),
    )


def _student(value: object, path: str, needs: frozenset[str], slots: list[str], rules: Rules) -> Student:
    optional = ("priority", "intensity", "sessions")
    row = READ.fields(value, path, required=("id", "division"), optional=optional)
    intensity_path = f"{path}.intensity"
    intensity = {
        READ.known(need, joined(intensity_path, need), needs, where="needs"): READ.integer(
            level, joined(intensity_path, need), high=100
        )
        for need, level in READ.mapping(row.get("intensity", {}), intensity_path).items()
    }
    return Student(
        id=READ.text(row["id"], f"{path}.id"),
        division=READ.text(row["division"], f"{path}.division"),
        priority=READ.number(row.get("priority", 1.0), f"{path}.priority", high=1000),
        intensity=intensity,
        sessions=_sessions(row, f"{path}.sessions", slots, rules.period_sessions),
    )


def _sessions(row: Mapping[str, object], path: str, slots: list[str], period: int) -> dict[str, int]:
    """Sessions at every slot: the whole period without a map, 0 where the map is silent."""
    if "sessions" not in row:
        return dict.fromkeys(slots, period)
    given = {
        READ.known(slot, joined(path, slot), slots, where="slots"): READ.integer(
            count, joined(path, slot), high=period
        )
        for slot, count in READ.mapping(row["sessions"], path).items()
    }
    return {slot: given.get(slot, 0) for slot in slots}
