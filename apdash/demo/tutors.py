"""Gives each student a tutor in September, has them met through the year, and holds a stage of each kind."""

from datetime import date, datetime, time, timedelta

import polars as pl

from apdash.demo.chance import stream
from apdash.rebalancing.tutors import propose_tutors
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands.stages import enrol, inform, recommend, record_consent, save_stage
from apdash.store.commands.tutoring import assign_tutors, set_capacities
from apdash.store.queries.calendar import divisions, staff
from apdash.store.queries.tutoring import tutorings

_JOBS = ("ENS", "DOC", "EDU")
_SENTENCES = (
    "Cherche un lieu de PFMP, deux appels prévus.",
    "À l’aise en atelier, demande à revoir ses cours du soir.",
    "Point sur les retards, un objectif pour la semaine.",
    "Veut en savoir plus sur le BTS.",
    "",
)
_EVERY = timedelta(weeks=5)


def give_tutors(services: Services, *, year: int, on: date) -> None:
    """Let every adult take up to twelve students, and propose tutors to those who have none."""
    adults = staff(services.store).filter(pl.col("job").is_in(_JOBS))["id"].to_list()
    set_capacities(services.store, CONSOLE, year=year, most=dict.fromkeys(adults, 12))
    known = divisions(services.store, year=year)["id"].to_list()
    plan = propose_tutors(services.store, CONSOLE, year=year, divisions=known, on=on)
    tutors = {match.student: match.staff for match in plan.matches if match.staff is not None}
    moment = datetime.combine(on, time(17, 0))
    assign_tutors(services.store, CONSOLE, tutors=tutors, on=on, now=moment, reason="BES")


def hold_meetings(services: Services, *, since: date, until: date, seed: int) -> None:
    """Have students met by their tutors every five weeks or so between two days; one in seven is forgotten."""
    draw = stream(seed, f"tutors-{since}")
    rows = []
    for row in tutorings(services.store, CONSOLE, on=until).sort("id").to_dicts():
        day = max(since, row["starts_on"]) + timedelta(days=draw.randrange(5, 30))
        while day < until and draw.random() < 0.86:
            if day.weekday() < 5:
                rows.append(
                    (
                        row["student"],
                        row["staff"],
                        day,
                        draw.choice((10, 10, 15, 20)),
                        draw.choice(_SENTENCES),
                    )
                )
            day += _EVERY + timedelta(days=draw.randrange(-6, 7))
    schema = {
        "student": pl.Int64,
        "staff": pl.Int64,
        "on_day": pl.Date,
        "minutes": pl.Int64,
        "words": pl.String,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    with services.store.write() as tx:
        ids = tx.read("select nextval('ids') as id from range($count)", count=frame.height)["id"]
        frame = frame.with_columns(
            id=ids, recorded_at=pl.col("on_day").dt.combine(time(17, 30)), recorded_by=pl.lit(CONSOLE.login)
        )
        tx.insert("tutor_meeting", frame)


def offer_stages(services: Services, *, year: int, on: date) -> None:
    """Offer a remise à niveau in the winter holidays and a passerelle; a few students go part of the way."""
    store, now = services.store, datetime.combine(on, time(18, 0))
    goal = store.read("select code from mef order by code limit 1")["code"]
    catching_up = save_stage(
        store, CONSOLE, year=year, kind="remise_a_niveau", label="Mathématiques pour le métier",
        content="Proportions, mesures, lecture de plans", place="B101", starts_on=date(year + 1, 2, 22),
        ends_on=date(year + 1, 2, 26), minutes=15 * 60, seats=12, now=now,
    )  # fmt: skip
    if goal.len():
        save_stage(
            store, CONSOLE, year=year, kind="passerelle", label="Découverte d’une autre famille de métiers",
            content="Trois semaines d’immersion avant un changement de formation", place="Ateliers",
            starts_on=date(year + 1, 1, 11), ends_on=date(year + 1, 1, 29), minutes=60 * 60, seats=4,
            to_mef=goal[0], now=now,
        )  # fmt: skip
    found = store.read(
        "select distinct student from enrolment e join division d on d.id = e.division "
        "where e.year = $year and e.ends_on is null and d.grade = '2de' order by student",
        year=year,
    )["student"].to_list()
    chosen = found[3::13][:6]
    recommend(store, CONSOLE, stage=catching_up, students=chosen, on=on, now=now)
    inform(store, CONSOLE, stage=catching_up, students=chosen[:5], on=on, now=now)
    for rank, student in enumerate(chosen[:4]):
        given = {"stage": catching_up, "student": student, "on": on, "now": now}
        record_consent(store, CONSOLE, given=rank != 2, by="family", **given)
        if rank < 2:
            enrol(store, CONSOLE, **given)
