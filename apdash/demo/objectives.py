"""Between two bilans: objectives set and agreed with students, workshop bilans, questions to teachers in class."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import polars as pl

from apdash.demo.calendar_plan import Period, ReviewPlan, periods, year_of
from apdash.demo.chance import stream
from apdash.demo.people import Person
from apdash.demo.school import CURRENT, School
from apdash.demo.setup import staff_ids
from apdash.demo.workshop_results import has_result, workshop_result
from apdash.services import Services
from apdash.store.bulk import new_ids

_AGREED_WITH = ("student", "student", "student", "both", "family")
_WRITES = "pilote"  # the account that wrote it all
_TO_BE_FILLED = "LH1"  # the teacher of the demonstration has this period's bilan still to fill
_TYPES = {
    "student": pl.Int64, "year": pl.Int64, "period": pl.Int64, "need": pl.String, "ap_group": pl.Int64,
    "programme": pl.Int64, "staff": pl.Int64, "involvement": pl.Int64, "text": pl.String, "evidence": pl.String,
    "scheme": pl.String, "outcome": pl.String, "words": pl.String, "agreed_with": pl.String, "starts_on": pl.Date,
    "ends_on": pl.Date, "set_on": pl.Date, "due_on": pl.Date, "agreed_on": pl.Date, "asked_on": pl.Date,
    "answered_on": pl.Date, "seen": pl.Boolean, "dropped": pl.Boolean, "objective": pl.Int64, "id": pl.Int64,
    "recorded_at": pl.Datetime("us"),
}  # fmt: skip
Row = dict[str, Any]


def live_objectives(
    services: Services, school: School, people: list[Person], *, plan: ReviewPlan, seed: int
) -> None:
    """Live the periods a bilan closes, up to its eve: what was set at their beginning and said at their end."""
    whole = periods(plan.year)
    before = [p.ends_on for p in whole if p.review and p.review.closes_on < plan.closes_on]
    closed = next(p.ends_on for p in whole if p.code == plan.code)
    work = {int(person.number): person.profile.work for person in people}
    for period in whole:
        if (not before or period.ends_on > before[-1]) and period.ends_on <= closed:
            seats = _seats(services, period, until=plan.closes_on)
            _live(services, school, seats, work, period=period, until=plan.closes_on, seed=seed)


def _live(
    services: Services,
    school: School,
    seats: pl.DataFrame,
    work: dict[int, float],
    *,
    period: Period,
    until: date,
    seed: int,
) -> None:
    models = services.reference.objectives.group_by("need", maintain_order=True).agg("text", "seen_when")
    known = {need: list(zip(texts, seen, strict=True)) for need, texts, seen in models.iter_rows()}
    waiting = staff_ids(services, school)[_TO_BE_FILLED] if period.year == CURRENT else None
    teachers = _teachers(services, year=period.year)
    objectives, results, questions, programmes = [], [], [], []
    taken: set[tuple[int, str]] = set()
    last = min(period.ends_on - timedelta(days=3), until - timedelta(days=1))
    for seat in seats.iter_rows(named=True):
        draw = stream(seed, "objectives", seat["number"], seat["ap_group"], period.year, period.code)
        fresh = [one for one in known.get(seat["need"], []) if (seat["student"], one[0]) not in taken]
        objective = _objective(seat, draw, fresh, period)
        if objective:
            objectives.append(objective)
            taken.add((seat["student"], objective["text"]))
            questions += _question(objective, draw, teachers.get(seat["division"], []), seat, last=last)
        if seat["scheme"] and draw.random() < 0.4:
            programmes.append(_programme(seat, until=year_of(period.year)[1]))
        if has_result(seat, draw, waiting=waiting):
            results.append(
                workshop_result(
                    seat, draw, work.get(seat["number"], 0.0), served=bool(known.get(seat["need"])), on=last
                )
            )
    _write(services, objectives, results, questions, programmes)


def _seats(services: Services, period: Period, *, until: date) -> pl.DataFrame:
    """Return who sat where for two weeks or more of a period: student, number, division, ap_group, need, scheme,
    objective, starts_on (of the membership), year, period (its id), staff; in order."""
    return services.store.read(
        """
        select m.student, s.siecle_id::bigint as number, max(e.division) as division, g.id as ap_group, g.need,
            g.scheme, g.objective, min(m.starts_on) as starts_on, p.year, p.id as period, (
                select list(distinct a.staff order by a.staff) from group_staff a
                where a.ap_group = g.id and a.replaced_by is null and a.starts_on <= p.ends_on
                    and (a.ends_on is null or a.ends_on >= p.starts_on)
            ) as staff
        from membership m
        join ap_group g on g.id = m.ap_group
        join band b on b.id = g.band
        join period p on p.year = b.year and p.year = $year and p.code = $code
        join student s on s.id = m.student
        join enrolment e on e.student = m.student and e.year = p.year and e.division is not null
            and e.starts_on <= $until and (e.ends_on is null or e.ends_on >= least($until, p.ends_on) - 7)
        where m.replaced_by is null and m.starts_on <= p.ends_on and m.starts_on < $until
            and least(coalesce(m.ends_on, p.ends_on), p.ends_on) - greatest(m.starts_on, p.starts_on) >= 13
        group by all
        order by number, g.id
        """,
        year=period.year,
        code=period.code,
        until=until,
    )


def _teachers(services: Services, *, year: int) -> dict[int, list[int]]:
    rows = services.store.read(
        "select division, list(distinct staff order by staff) as staff from service "
        "where year = $year group by division order by division",
        year=year,
    )
    return dict(rows.iter_rows())


def _objective(seat: Row, draw: Random, models: list[tuple[str, str]], period: Period) -> Row | None:
    """Return the objective of most members: that of the group, else one of the models; agreed with four in five."""
    if not models or draw.random() > 0.85:
        return None
    text, evidence = next((one for one in models if one[0] == seat["objective"]), draw.choice(models))
    set_on = max(period.starts_on, seat["starts_on"]) + timedelta(days=draw.randrange(1, 9))
    agreed = draw.random() < 0.8
    return {
        "student": seat["student"], "year": seat["year"], "period": seat["period"], "need": seat["need"],
        "ap_group": seat["ap_group"], "text": text, "evidence": evidence, "set_on": set_on, "due_on": period.ends_on,
        "agreed_on": set_on + timedelta(days=draw.randrange(3)) if agreed else None,
        "agreed_with": draw.choice(_AGREED_WITH) if agreed else None, "dropped": False,
        "recorded_at": datetime.combine(set_on + timedelta(days=2), time(16, 5)),
    }  # fmt: skip


def _question(objective: Row, draw: Random, teachers: list[int], seat: Row, *, last: date) -> list[Row]:
    """Return the question put to a teacher of the division about one agreed objective in two; some are unanswered."""
    others = [one for one in teachers if one not in seat["staff"]]
    if not others or objective["agreed_on"] is None or draw.random() > 0.5:
        return []
    asked_on = min(last, objective["set_on"] + timedelta(days=draw.randrange(14, 22)))
    answered = draw.random() < 0.7
    return [
        {
            "key": objective, "staff": draw.choice(others), "asked_on": asked_on,
            "seen": draw.random() < 0.65 if answered else None, "answered_on": asked_on if answered else None,
            "recorded_at": datetime.combine(asked_on, time(17, 10)),
        }
    ]  # fmt: skip


def _programme(seat: Row, *, until: date) -> Row:
    """Return the dispositif of the group, which ends with the year."""
    return {
        "student": seat["student"], "year": seat["year"], "scheme": seat["scheme"], "need": seat["need"],
        "ap_group": seat["ap_group"], "starts_on": seat["starts_on"], "ends_on": until, "words": "",
        "recorded_at": datetime.combine(seat["starts_on"], time(16, 20)),
    }  # fmt: skip


def _write(
    services: Services, objectives: list[Row], results: list[Row], questions: list[Row], programmes: list[Row]
) -> None:
    with services.store.write() as tx:
        for rows in (objectives, programmes):
            for row, number in zip(rows, new_ids(tx, count=len(rows)).to_list(), strict=True):
                row["id"] = number
        asked = [{"objective": row.pop("key")["id"], **row} for row in questions]
        known = tx.read("select student, ap_group from programme where replaced_at is null")
        lasting = (
            _frame(programmes).join(known, on=["student", "ap_group"], how="anti")
            if programmes
            else _frame([])
        )
        for table, rows in (
            ("programme", lasting), ("objective", _frame(objectives)), ("workshop_result", _frame(results)),
            ("objective_seen", _frame(asked)),
        ):  # fmt: skip
            if rows.height:
                tx.insert(table, rows.with_columns(recorded_by=pl.lit(_WRITES)))


def _frame(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={name: _TYPES[name] for name in rows[0]} if rows else {})
