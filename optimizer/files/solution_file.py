"""The solution file of the contract: JSON object -> Solution, every field checked."""

from optimizer.files.reading import Reader, SolutionError, joined
from optimizer.solution import GroupPlan, Loosening, Solution, Statement, Status, Terms

_READ = Reader(SolutionError)
_BIG = 1_000_000_000_000
_BESIDE = ("changes", "fewest_proven")
"""What a repair says beside its solution; a solution is read without it."""
_REFUSAL = ("conflict", "loosening", "irreducible", "smallest")


def solution_of(data: object) -> Solution:
    """The solution of a parsed file; raises SolutionError with the path of the first wrong field."""
    required = ("status", "score", "bound", "gap", "seconds", "groups", "unplaced", "terms")
    top = _READ.fields(data, "", required=required, optional=(*_REFUSAL, *_BESIDE))
    if not isinstance(top["status"], str) or top["status"] not in list(Status):
        raise _READ.refuse("status", " ou ".join(f"« {status} »" for status in Status), top["status"])
    status = Status(top["status"])
    has_plan = status in (Status.OPTIMAL, Status.FEASIBLE)
    return Solution(
        status=status,
        seconds=_READ.number(top["seconds"], "seconds", high=_BIG),
        score=_figure(top["score"], "score", has_plan),
        bound=_figure(top["bound"], "bound", has_plan),
        gap=_figure(top["gap"], "gap", has_plan),
        groups=tuple(_group(value, path) for value, path in _READ.items(top["groups"], "groups")),
        unplaced=tuple(_unplaced(value, path) for value, path in _READ.items(top["unplaced"], "unplaced")),
        terms=None if top["terms"] is None and not has_plan else _terms(top["terms"]),
        conflict=tuple(
            _statement(value, path) for value, path in _READ.items(top.get("conflict", []), "conflict")
        ),
        loosening=tuple(
            _change(value, path) for value, path in _READ.items(top.get("loosening", []), "loosening")
        ),
        irreducible=_READ.flag(top.get("irreducible", True), "irreducible"),
        smallest=_READ.flag(top.get("smallest", True), "smallest"),
    )


def _figure(value: object, path: str, needed: bool) -> int | float | None:
    if value is None and not needed:
        return None
    return _READ.number(value, path, low=-_BIG, high=_BIG)


def _group(value: object, path: str) -> GroupPlan:
    row = _READ.fields(value, path, required=("slot", "need", "staff", "students"), optional=("room",))
    return GroupPlan(
        slot=_READ.text(row["slot"], f"{path}.slot"),
        need=_READ.text(row["need"], f"{path}.need"),
        staff=_READ.text(row["staff"], f"{path}.staff"),
        room=None if row.get("room") is None else _READ.text(row["room"], f"{path}.room"),
        students=tuple(_READ.text(item, at) for item, at in _READ.items(row["students"], f"{path}.students")),
    )


def _unplaced(value: object, path: str) -> tuple[str, str]:
    row = _READ.fields(value, path, required=("student", "slot"))
    return _READ.text(row["student"], f"{path}.student"), _READ.text(row["slot"], f"{path}.slot")


def _terms(value: object) -> Terms:
    names = ("served", "unplaced", "urgent", "change_need", "change_staff", "group")
    row = _READ.fields(value, "terms", required=names)
    return Terms(**{name: _READ.number(row[name], joined("terms", name), high=_BIG) for name in names})


def _statement(value: object, path: str) -> Statement:
    row = _READ.fields(value, path, required=("kind", "path", "words"))
    return Statement(
        **{name: _READ.text(row[name], joined(path, name)) for name in ("kind", "path", "words")}
    )


def _change(value: object, path: str) -> Loosening:
    row = _READ.fields(value, path, required=("path", "from", "to"))
    return Loosening(path=_READ.text(row["path"], f"{path}.path"), old=row["from"], new=row["to"])
