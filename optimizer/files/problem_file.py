"""The file format `apdash-problem/2`: JSON object <-> Problem, with every check of the contract."""

from dataclasses import asdict, fields

from optimizer.files.problem_people import optional_integer, room_of, staff_of, student_of
from optimizer.files.problem_statements import (
    READ,
    bans_of,
    caps_of,
    current_of,
    listed,
    pairs_of,
    pins_of,
)
from optimizer.files.reading import joined
from optimizer.problem import FORMAT, Need, Problem, Rules, Slot, Weights

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
    staff = staff_of(top, slot_ids, need_ids, weights)
    rooms = tuple(room_of(value, path, slot_ids) for value, path in listed(top, "rooms"))
    students = tuple(
        student_of(value, path, need_ids, [slot.id for slot in slots], rules)
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
        max_moves=optional_integer(row, "max_moves", path),
    )


def _weights(value: object) -> Weights:
    names = [part.name for part in fields(Weights)]
    row = READ.fields(value, "weights", required=(), optional=names)
    return Weights(**{name: READ.number(row[name], joined("weights", name)) for name in row})


def _slot(value: object, path: str) -> Slot:
    row = READ.fields(value, path, required=("id",), optional=("max_groups",))
    return Slot(id=READ.text(row["id"], f"{path}.id"), max_groups=optional_integer(row, "max_groups", path))


def _need(value: object, path: str, rules: Rules) -> Need:
    optional = ("floor", "max_per_student", "max_periods", "max_division_share", "reception")
    row = READ.fields(value, path, required=("id", "min_size", "max_size"), optional=optional)
    min_size = READ.integer(row["min_size"], f"{path}.min_size")
    max_size = READ.integer(row["max_size"], f"{path}.max_size", low=max(1, min_size))
    per_student = row.get("max_per_student", _DEFAULT_PER_STUDENT)
    periods = optional_integer(row, "max_periods", path, low=1)
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
