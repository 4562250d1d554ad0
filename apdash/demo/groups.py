"""Puts groups in force after a bilan, welcomes who arrives, and tells what groups have brought."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta

import polars as pl

from apdash.demo.calendar_plan import ReviewPlan, periods, school_year
from apdash.errors import ApdashError
from apdash.rebalancing import Parameters, regroup
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands.adoption import put_in_force
from apdash.store.commands.groups import describe_group, welcome_student
from apdash.store.commands.proposals import propose, publish, validate
from apdash.store.queries.bands import bands, students_in_band
from apdash.store.queries.groups import groups_in_force, members

_SCHEMES = {"REM": "SOU", "APP": "BTS", "ORI": "PRO", "DEV": "TUT"}
_PERIOD_DAYS = 42  # a period of six weeks
# A search stops when no other groups can do better by 2 %: always at the same point, long before the time limit.
_GAP, _TIME_LIMIT = 0.02, 120.0


def decide_groups(services: Services, *, plan: ReviewPlan, review: int) -> None:
    """Decide the groups of each band after a bilan: computed, proposed, validated, published, put in force."""
    store = services.store
    for band, code in bands(store, year=plan.year).select("band", "code").iter_rows():
        label = f"{code}, après le {plan.label[0].lower()}{plan.label[1:]}"
        parameters = Parameters(last=_last_day(plan), gap=_GAP, time_limit=_TIME_LIMIT, label=label)
        outcome = regroup(services, CONSOLE, band=band, review=review, parameters=parameters)
        if outcome.proposal is None:
            raise RuntimeError(f"No groups for band {code}: {outcome.status}, {outcome.conflict}")
        for step, hour in ((propose, 9), (validate, 11), (publish, 12)):
            step(store, CONSOLE, proposal=outcome.proposal, now=_at(plan.closes_on + timedelta(days=2), hour))
        moment = _at(plan.closes_on + timedelta(days=3), 8)
        put_in_force(store, CONSOLE, services.reference, proposal=outcome.proposal, now=moment)
        _describe(services, band=band, on=plan.effective_from or plan.closes_on)


def _last_day(plan: ReviewPlan) -> date:
    """Return the last day of the period the groups begin in."""
    return next(p.ends_on for p in periods(plan.year) if p.ends_on >= (plan.effective_from or plan.closes_on))


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour))


def _describe(services: Services, *, band: int, on: date) -> None:
    """Give new groups an objective among those of the reference, and a scheme; one group in eight waits for it."""
    reference = services.reference
    groups = groups_in_force(services.store, CONSOLE, on=on, band=band).filter(pl.col("objective") == "")
    axes = dict(reference.needs.select("code", "axis").iter_rows())
    for rank, row in enumerate(groups.sort("code").iter_rows(named=True)):
        texts = reference.objectives.filter(need=row["need"])["text"].to_list()
        if not texts or rank % 8 == 7:
            continue
        describe_group(
            services.store,
            CONSOLE,
            group=row["ap_group"],
            name=row["name"],
            objective=texts[rank % len(texts)],
            scheme=_SCHEMES.get(axes[row["need"]], ""),
        )


def welcome_arrivals(services: Services, *, since: date, on: date) -> None:
    """Give each student who came between two days the reception group of each slot, or the smallest one.

    Who came while their division is away in companies waits for its return.
    """
    for band in bands(services.store, year=school_year(on))["band"]:
        groups = groups_in_force(services.store, CONSOLE, on=on, band=band)
        seated = members(services.store, CONSOLE, on=on, band=band)
        alone = students_in_band(services.store, band=band, on=on).join(seated, on="student", how="anti")
        arrived = alone.join(_arrived(services, since=since, on=on), on="student", how="semi")
        if groups.is_empty():
            continue
        wanted = [
            _welcoming(services, slot, seated) for _, slot in groups.group_by("slot", maintain_order=True)
        ]
        for student in arrived["student"]:
            with suppress(ApdashError):
                welcome_student(
                    services.store,
                    CONSOLE,
                    services.reference,
                    student=student,
                    groups=wanted,
                    on=on,
                    now=_at(on, 10),
                    acknowledged=True,
                )


def _arrived(services: Services, *, since: date, on: date) -> pl.DataFrame:
    return services.store.read(
        "select distinct student from enrolment where starts_on > $since and starts_on <= $on order by student",
        since=since,
        on=on,
    )


def _welcoming(services: Services, groups: pl.DataFrame, seated: pl.DataFrame) -> int:
    """Return the group of a slot that takes somebody nothing is known of."""
    reception = services.reference.needs.filter("reception")["code"].to_list()
    sizes = seated.group_by("ap_group").agg(size=pl.len())
    ranked = groups.join(sizes, on="ap_group", how="left").sort(
        ~pl.col("need").is_in(reception), pl.col("size").fill_null(0), "ap_group"
    )
    return int(ranked["ap_group"][0])


def groups_until(services: Services, *, plan: ReviewPlan) -> list[tuple[int, str, float]]:
    """Return what each student worked on since the bilan before: number, need, share of a period."""
    before = [p.review for p in periods(plan.year) if p.review and p.review.closes_on < plan.closes_on]
    if not before:
        return []
    since = before[-1].closes_on
    rows = services.store.read(
        """
        select cast(s.siecle_id as bigint) as number, g.need,
            sum(least(coalesce(m.ends_on, $until), $until) - greatest(m.starts_on, $since))::double as days
        from membership m
        join ap_group g on g.id = m.ap_group
        join band b on b.id = g.band
        join student s on s.id = m.student
        where m.replaced_by is null and b.year = $year and m.starts_on <= $until
            and coalesce(m.ends_on, $until) > $since
        group by 1, 2
        order by 1, 2
        """,
        since=since,
        until=plan.closes_on,
        year=plan.year,
    )
    return [(number, need, min(1.5, days / _PERIOD_DAYS)) for number, need, days in rows.iter_rows()]
