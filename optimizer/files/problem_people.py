"""The adults, rooms and students of a problem file."""

from collections.abc import Mapping

from optimizer.files.problem_statements import READ, listed
from optimizer.files.reading import ProblemError, joined
from optimizer.problem import Room, Rules, Staff, Student, Weights


def optional_integer(row: Mapping[str, object], key: str, path: str, *, low: int = 0) -> int | None:
    """The integer at a key; None where it is absent or null."""
    value = row.get(key)
    return None if value is None else READ.integer(value, joined(path, key), low=low)


def staff_of(
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
                max_groups=optional_integer(row, "max_groups", path),
                cost=READ.number(row.get("cost", weights.group), f"{path}.cost"),
                members=members,
            )
        )
    return tuple(found)


def room_of(value: object, path: str, slots: frozenset[str]) -> Room:
    """A room."""
    row = READ.fields(value, path, required=("id", "capacity", "slots"))
    return Room(
        id=READ.text(row["id"], f"{path}.id"),
        capacity=READ.integer(row["capacity"], f"{path}.capacity", low=1),
        slots=READ.known_list(row["slots"], f"{path}.slots", slots, where="slots"),
    )


def student_of(value: object, path: str, needs: frozenset[str], slots: list[str], rules: Rules) -> Student:
    """A student, with intensities and sessions."""
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
