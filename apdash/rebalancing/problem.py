"""From the school's tables to the optimiser's problem file, apdash-problem/2: one band, one bilan, one period."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from apdash.errors import ApdashError
from apdash.rebalancing.parameters import WEIGHTS, Parameters
from apdash.rebalancing.people import adults_of, current_groups
from apdash.rebalancing.statements import demands_of
from apdash.rebalancing.students import current_rows, intensities, sessions, student_rows, waited
from apdash.reference import Reference
from apdash.store.queries import bands as queries
from apdash.store.store import Store

FORMAT = "apdash-problem/2"


@dataclass(frozen=True, slots=True)
class Built:
    """A problem and what it cannot say. left_out: student, slot code, why (placement, apprentice); notes: in French.

    statements: part of the problem -> ids of the statements, in the same order; secret: the same, places (from 0) of
    the direction's own; waited: students whom last time's groups did not serve.
    """

    problem: dict
    first: date
    last: date
    left_out: tuple[dict[str, object], ...]
    statements: dict[str, list[int]]
    secret: dict[str, list[int]]
    notes: tuple[str, ...]
    waited: tuple[int, ...] = ()


def build_problem(
    store: Store,
    reference: Reference,
    *,
    band: int,
    review: int,
    effective_from: date | None = None,
    parameters: Parameters | None = None,
) -> dict:
    """Return the problem file of a band as it stands at a bilan, for groups from a day on (None: the bilan's).

    Raises `ApdashError` when the bilan says nothing of the band, or the band has no slot or no adult.
    """
    built = build(
        store, reference, band=band, review=review, effective_from=effective_from, parameters=parameters
    )
    return built.problem


def build(
    store: Store,
    reference: Reference,
    *,
    band: int,
    review: int,
    effective_from: date | None = None,
    parameters: Parameters | None = None,
    typed: dict[str, object] | None = None,
) -> Built:
    """Return the problem of a band with what goes with it; see `build_problem`.

    typed: a demand not recorded yet, as a row of `queries.bands.statements`.
    """
    chosen = parameters or Parameters()
    row = queries.band(store, band=band)
    first = effective_from or _first_day(store, review=review)
    last = chosen.last or _last_day(store, year=int(str(row["year"])), first=first)
    slots = queries.band_slots(store, band=band)
    needs = _needs(reference, queries.band_divisions(store, band=band)["grade"].to_list())
    meetings = queries.band_meetings(store, band=band, first=first, last=last)
    longest = meetings["possible"].max() if meetings.height else None
    if not longest:
        raise ApdashError("Aucune séance à organiser.", "La bande n’a ni créneau ni séance entre ces dates.")
    everybody = sessions(store, meetings, band=band, on=first, longest=int(longest))  # type: ignore[arg-type]
    present = everybody.filter(pl.col("sessions") > 0)
    levels = intensities(store, needs, band=band, review=review, on=first)
    before = waited(store, reference, levels, review=review)
    if not chosen.history:
        priority = pl.when(pl.col("student").is_in(before)).then(1.0).otherwise("priority")
        levels, before = levels.with_columns(priority=priority), []
    groups = current_groups(store, band=band, on=first)
    adults = adults_of(store, needs["code"].to_list(), band=band, groups=groups)
    demands = demands_of(store, band=band, present=present, slots=slots, adults=adults, typed=typed)
    rooms, notes = _rooms(store, band=band, slots=slots["code"].to_list())
    problem = {
        "format": FORMAT,
        "slots": _slot_rows(slots),
        "needs": _need_rows(reference, needs, chosen),
        "staff": list(adults.entries),
        "rooms": rooms,
        "students": student_rows(
            present, levels, slots=slots["code"].to_list(), reception=_reception(reference, needs)
        ),
        "current": current_rows(store, groups, present, adults, year=int(str(row["year"])), on=first),
        **demands.parts,
        "rules": _rules(reference, row, chosen, length=int(longest)),  # type: ignore[arg-type]
        "weights": WEIGHTS | chosen.weights,
    }
    return Built(
        problem=_with_named_needs(reference, problem, chosen),
        first=first,
        last=last,
        left_out=_left_out(everybody),
        statements=demands.ids,
        secret=demands.secret,
        notes=(*notes, *demands.notes, *_open_divisions(store, band=band, review=review)),
        waited=tuple(student for student in before if student in set(present["student"])),
    )


def _first_day(store: Store, *, review: int) -> date:
    rows = store.read(
        """
        select coalesce(r.effective_from, (
            select min(p.starts_on) from period p where p.year = r.year and p.starts_on > r.closes_on
        )) as first
        from review r where r.id = $review
        """,
        review=review,
    )
    if rows.is_empty() or rows.item() is None:
        raise ApdashError(
            "Date attendue.", "Ce bilan n’a pas de date d’entrée en vigueur : choisissez-en une."
        )
    return rows.item()


def _last_day(store: Store, *, year: int, first: date) -> date:
    rows = store.read(
        """
        select coalesce(
            (select min(ends_on) from period where year = $year and ends_on >= $first),
            (select ends_on from school_year where year = $year)
        ) as last
        """,
        year=year,
        first=first,
    )
    if rows.item() is None:
        raise ApdashError(
            "Date de fin attendue.", "Aucune période ne contient cette date : choisissez une fin."
        )
    return rows.item()


def _slot_rows(slots: pl.DataFrame) -> list[dict[str, object]]:
    rows = slots.select("code", "max_groups").iter_rows()
    return [_without_none(id=code, max_groups=most) for code, most in rows]


def _needs(reference: Reference, grades: list[str]) -> pl.DataFrame:
    """Return the needs groups may work on: in the band, and for one of its grades."""
    for_all = pl.col("grades").list.len() == 0
    meant = pl.col("grades").list.set_intersection([grade for grade in grades if grade]).list.len() > 0
    return reference.needs.filter("in_band").filter(for_all | meant)


def _need_rows(reference: Reference, needs: pl.DataFrame, chosen: Parameters) -> list[dict[str, object]]:
    floor = round(reference.rules.floor) if chosen.floor is None else chosen.floor
    return [
        _without_none(
            id=row["code"],
            min_size=row["min_size"],
            max_size=row["max_size"],
            floor=0 if row["reception"] else floor,
            max_per_student=row["max_per_student"],
            max_periods=row["max_periods"],
            max_division_share=row["max_division_share"],
            reception=row["reception"],
        )
        | chosen.limits.get(row["code"], {})
        for row in needs.iter_rows(named=True)
    ]


def _reception(reference: Reference, needs: pl.DataFrame) -> dict[str, int]:
    return dict.fromkeys(needs.filter("reception")["code"], round(reference.rules.reception))


def _with_named_needs(reference: Reference, problem: dict, chosen: Parameters) -> dict:
    """Add the needs that present groups or demands name and that the band would not open: they must be known."""
    known = {need["id"] for need in problem["needs"]}
    named = {
        row["need"]
        for part in ("current", "pins", "bans", "caps")
        for row in problem[part]
        if row.get("need")
    }
    missing = reference.needs.filter(pl.col("code").is_in(sorted(named - known)))
    return problem | {"needs": [*problem["needs"], *_need_rows(reference, missing, chosen)]}


def _rooms(store: Store, *, band: int, slots: list[str]) -> tuple[list[dict[str, object]], list[str]]:
    rows = queries.band_rooms(store, band=band)
    bare = [slot for slot in slots if slot not in rows["slot_code"].to_list()]
    if rows.is_empty():
        return [], []
    if bare:
        return [], [
            f"Aucune salle n’est réservée pour {', '.join(bare)} : les salles ne limitent pas les groupes."
        ]
    kept = rows.group_by("code", "capacity", maintain_order=True).agg("slot_code").sort("code")
    return [{"id": code, "capacity": places, "slots": at} for code, places, at in kept.iter_rows()], []


def _rules(reference: Reference, band: dict, chosen: Parameters, *, length: int) -> dict[str, object]:
    return {
        "max_needs_open": chosen.max_needs_open or band["max_needs_open"],
        "max_division_share": chosen.max_division_share or band["max_division_share"],
        "max_periods": chosen.max_periods or band["max_periods"],
        "urgent_from": chosen.urgent_from or round(reference.rules.strong_from),
        "period_sessions": length,
        "max_moves": chosen.max_moves,
    }


def _left_out(everybody: pl.DataFrame) -> tuple[dict[str, object], ...]:
    rows = everybody.filter(pl.col("why").is_not_null()).select("student", "slot_code", "why")
    return tuple({"student": student, "slot": slot, "why": why} for student, slot, why in rows.iter_rows())


def _open_divisions(store: Store, *, band: int, review: int) -> list[str]:
    rows = store.read(
        """
        select d.code
        from band_division bd join division d on d.id = bd.division
        left join review_division rd on rd.division = bd.division and rd.review = $review
        where bd.band = $band and rd.closed_at is null
        order by d.code
        """,
        band=band,
        review=review,
    )
    codes = ", ".join(rows["code"])
    words = "les besoins de leurs élèves sont ceux du bilan précédent de l’année, s’il y en a un"
    return [f"Bilan non clos pour {codes} : {words}."] if codes else []


def _without_none(**row: object) -> dict[str, object]:
    return {key: value for key, value in row.items() if value is not None}
