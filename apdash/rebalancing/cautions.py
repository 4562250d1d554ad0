"""What is absurd or contradictory in the demands and rules of a band, told as they are typed: counts, no search."""

from dataclasses import replace

from apdash.errors import ApdashError
from apdash.rebalancing.parameters import Parameters
from apdash.rebalancing.problem import Built, build
from apdash.rebalancing.words import Names, names_of, renamed
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.commands.statements import Statement
from optimizer.cautions.caution import cautions
from optimizer.files.reading import ProblemError
from optimizer.problem import Problem
from optimizer.solution import Statement as Caution

_ORDINARY = ("need", "min_size")  # a need that nobody leads or that few want stays closed: nobody typed that


def cautions_of(
    services: Services,
    viewer: Viewer,
    *,
    band: int,
    review: int,
    parameters: Parameters | None = None,
    typed: Statement | None = None,
) -> tuple[str, ...]:
    """Return the cautions about the demands that hold, in sentences; nothing when the band is not ready.

    parameters, typed: rules and a demand not kept yet: then only what they add. The direction's own demands count for
    the direction alone.
    """
    store, reference = services.store, services.reference
    try:
        built = build(store, reference, band=band, review=review, parameters=parameters, typed=_row(typed))
    except ApdashError:
        return ()
    names = names_of(store, reference, band=band, built=built)
    found = _told(built, viewer)
    if parameters is None and typed is None:
        found = [one for one in found if one.kind not in _ORDINARY]
    elif found:
        known = {one.words for one in _told(build(store, reference, band=band, review=review), viewer)}
        found = [one for one in found if one.words not in known]
    return tuple(dict.fromkeys(_sentence(one.words, names) for one in found))


def _row(typed: Statement | None) -> dict[str, object] | None:
    """Return a demand as a row of `queries.bands.statements`."""
    if typed is None:
        return None
    return {
        "statement": 0,
        "kind": typed.kind,
        "students": list(typed.students),
        "slot": typed.slot,
        "need": typed.need,
        "staff": typed.staff,
        "staff_name": "",
        "at_most": typed.at_most,
        "by_direction": typed.by_direction,
    }


def _told(built: Built, viewer: Viewer) -> list[Caution]:
    try:
        problem = Problem.from_json(built.problem)
    except ProblemError as error:
        return [Caution("file", error.path, error.message)]
    return list(cautions(problem if viewer.can(Action.KEEP_APART) else _without_secrets(problem, built)))


def _without_secrets(problem: Problem, built: Built) -> Problem:
    parts = {
        part: tuple(row for place, row in enumerate(getattr(problem, part)) if place not in places)
        for part, places in built.secret.items()
    }
    return replace(problem, **parts)


def _sentence(words: str, names: Names) -> str:
    shown = renamed(words, names)
    return f"{shown[:1].upper()}{shown[1:]}."
