"""Proposals of regrouping: which there are, what each says, and whether what it was computed on still stands."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from apdash.errors import ApdashError
from apdash.rights import Action, Viewer
from apdash.store.queries.bands import students_in_band
from apdash.store.store import Store, Transaction

UNDERNEATH = {
    "groups": "les groupes actuels ont changé",
    "review": "les besoins du bilan ont changé",
    "statements": "les demandes posées ont changé",
    "students": "la liste des élèves a changé",
    "setup": "la bande, le calendrier ou les PFMP ont changé",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal as stored. problem and solution follow the optimiser's formats; parameters: see rebalancing."""

    id: int
    band: int
    review: int
    label: str
    state: str
    parameters: dict
    problem: dict
    solution: dict
    fingerprint: str
    effective_from: date
    made_at: datetime
    made_by: str
    decided_at: datetime | None
    decided_by: str | None
    reason: str


def proposals(
    store: Store, viewer: Viewer, *, year: int, band: int | None = None, review: int | None = None
) -> pl.DataFrame:
    """Return the proposals of a year, newest first; empty for whoever may not regroup.

    Columns: proposal, band, band_code, review, review_label, label, state, effective_from, made_at, made_by,
    decided_at, decided_by, reason, status (optimal, feasible, infeasible, none), score, bound, gap, max_moves, groups.
    """
    return store.read(
        """
        select p.id as proposal, p.band, b.code as band_code, p.review, r.label as review_label, p.label, p.state,
            p.effective_from, p.made_at, p.made_by, p.decided_at, p.decided_by, p.reason,
            p.solution ->> '$.status' as status, (p.solution ->> '$.score')::double as score,
            (p.solution ->> '$.bound')::double as bound, (p.solution ->> '$.gap')::double as gap,
            (p.problem ->> '$.rules.max_moves')::integer as max_moves,
            coalesce(json_array_length(p.solution, '$.groups'), 0)::integer as groups
        from proposal p join band b on b.id = p.band join review r on r.id = p.review
        where $allowed and b.year = $year and ($band::bigint is null or p.band = $band::bigint)
            and ($review::bigint is null or p.review = $review::bigint)
        order by p.made_at desc, p.id desc
        """,
        year=year,
        band=band,
        review=review,
        allowed=viewer.can(Action.REGROUP),
    )


def proposal(store: Store | Transaction, viewer: Viewer, *, proposal: int) -> Proposal:
    """Return one proposal; what the direction keeps to itself is taken out of the problem for anybody else.

    Raises `ApdashError` when there is none, or when this person may not regroup.
    """
    viewer.require(Action.REGROUP)
    rows = store.read(
        """
        select id, band, review, label, state, parameters::varchar as parameters, problem::varchar as problem,
            solution::varchar as solution, fingerprint, effective_from, made_at, made_by, decided_at, decided_by, reason
        from proposal where id = $proposal
        """,
        proposal=proposal,
    )
    if rows.is_empty():
        raise ApdashError("Proposition inconnue.", "Elle n’existe pas : rechargez la page.")
    row = rows.row(0, named=True)
    for name in ("parameters", "problem", "solution"):
        row[name] = json.loads(row[name])
    found = Proposal(**row)
    return found if viewer.can(Action.KEEP_APART) else _without_secrets(found)


def point_of_dial(store: Store, viewer: Viewer, *, dial: int, max_moves: int) -> int | None:
    """Return the last proposal saved from a point of another's dial and not turned down; None when there is none."""
    viewer.require(Action.REGROUP)
    rows = store.read(
        """
        select id from proposal
        where (parameters ->> '$.dial_of')::bigint = $dial and (problem ->> '$.rules.max_moves')::integer = $max_moves
            and state not in ('rejected', 'undone')
        order by id desc limit 1
        """,
        dial=dial,
        max_moves=max_moves,
    )
    return None if rows.is_empty() else int(rows.item())


def fingerprint(
    store: Store | Transaction, *, band: int, review: int, effective_from: date
) -> dict[str, str]:
    """Return a digest of each thing a proposal rests on: groups, review, statements, students, setup."""
    params = {"band": band, "effective_from": effective_from}
    people = students_in_band(store, band=band, on=effective_from).select("student", "division")
    return {
        "groups": _digest(*(store.read(sql, **params) for sql in _GROUPS)),
        "review": _digest(store.read(_REVIEW, band=band, review=review)),
        "statements": _digest(store.read(_STATEMENTS, band=band)),
        "students": _digest(people.sort("student")),
        "setup": _digest(*(store.read(sql, band=band) for sql in _SETUP)),
    }


def changes_underneath(store: Store | Transaction, *, proposal: Proposal, effective_from: date) -> list[str]:
    """Return, in French, what has changed since a proposal was computed; empty when all of it still stands."""
    before = json.loads(proposal.fingerprint)
    now = fingerprint(store, band=proposal.band, review=proposal.review, effective_from=effective_from)
    return [words for part, words in UNDERNEATH.items() if before.get(part) != now[part]]


def _digest(*frames: pl.DataFrame) -> str:
    rows = [[[str(cell) for cell in row] for row in frame.iter_rows()] for frame in frames]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]


def _without_secrets(found: Proposal) -> Proposal:
    """Drop the parts of the problem that come from the direction's own statements, and what tells of them."""
    secrets = found.parameters.get("secret", {})
    problem = dict(found.problem)
    for part, places in secrets.items():
        problem[part] = [row for place, row in enumerate(problem.get(part, [])) if place not in places]
    kept = (
        "rules", "weights", "first", "last", "left_out", "time_limit", "seed", "after", "near", "dial", "dial_of",
        "history", "waited", "explanation",
    )  # fmt: skip
    parameters = {name: value for name, value in found.parameters.items() if name in kept}
    fields = {name: getattr(found, name) for name in found.__slots__}
    return Proposal(**(fields | {"problem": problem, "parameters": parameters}))


_GROUPS = (
    """
    select s.ap_group, s.starts_on, s.ends_on, s.room, s.suspended, s.merged_into
    from group_state s join ap_group g on g.id = s.ap_group
    where g.band = $band and s.replaced_by is null and (s.ends_on is null or s.ends_on >= $effective_from::date - 1)
    order by s.ap_group, s.starts_on
    """,
    """
    select s.ap_group, s.staff, s.starts_on, s.ends_on
    from group_staff s join ap_group g on g.id = s.ap_group
    where g.band = $band and s.replaced_by is null and (s.ends_on is null or s.ends_on >= $effective_from::date - 1)
    order by s.ap_group, s.staff, s.starts_on
    """,
    """
    select m.ap_group, m.student, m.starts_on, m.ends_on
    from membership m join ap_group g on g.id = m.ap_group
    where g.band = $band and m.replaced_by is null and (m.ends_on is null or m.ends_on >= $effective_from::date - 1)
    order by m.ap_group, m.student, m.starts_on
    """,
)
_REVIEW = """
    select i.student, i.need, i.value, i.priority
    from intensity i
    where i.review = $review and i.student in (
        select e.student from enrolment e join band_division bd on bd.division = e.division where bd.band = $band
    )
    order by i.student, i.need
"""
_STATEMENTS = """
    select id, kind, students, slot, need, staff, at_most
    from statement where band = $band and ended_at is null
    order by id
"""
_SETUP = (
    "select max_needs_open, max_division_share, max_periods from band where id = $band",
    "select id, code, day, starts_at, minutes, max_groups from slot where band = $band order by id",
    """
    select bs.slot, bs.staff, bs.max_groups, bs.cost from band_staff bs join slot s on s.id = bs.slot
    where s.band = $band order by bs.slot, bs.staff
    """,
    """
    select n.staff, n.need from staff_need n
    where n.staff in (select bs.staff from band_staff bs join slot s on s.id = bs.slot where s.band = $band)
    order by n.staff, n.need
    """,
    """
    select br.slot, br.room, r.capacity from band_room br
    join slot s on s.id = br.slot join room r on r.id = br.room
    where s.band = $band order by br.slot, br.room
    """,
    """
    select p.division, p.starts_on, p.ends_on from placement p
    join band_division bd on bd.division = p.division
    where bd.band = $band order by p.division, p.starts_on
    """,
    """
    select c.starts_on, c.ends_on from closure c join band b on b.year = c.year
    where b.id = $band order by c.starts_on
    """,
)
