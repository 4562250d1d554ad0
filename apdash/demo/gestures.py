"""What a team does between two bilans: a student changes group, agreements are noted, a company is still missing."""

from contextlib import suppress
from datetime import date, datetime, time

import polars as pl

from apdash.demo.chance import stream
from apdash.errors import ApdashError
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands.facts import NO_PLACEMENT, record_fact
from apdash.store.commands.groups import move_student, record_agreement
from apdash.store.queries.bands import band_named
from apdash.store.queries.groups import groups_in_force, members

_REASONS = ("PROJ", "ELEV")
_AGREEMENTS = ("agreed",) * 7 + ("trying",) * 3 + ("disagreed",) * 2
_LEAVING_SOON = ("2ASSP", "1MCV")  # in companies from 23 November


def live(services: Services, *, on: date, seed: int) -> None:
    """Do on that day what a pilot does in a band of 2de, and note who has no company yet."""
    draw = stream(seed, "gestures")
    year = on.year
    band = band_named(services.store, year=year, code="2-A")
    seated = members(services.store, CONSOLE, on=on, band=band).sort("membership")
    groups = groups_in_force(services.store, CONSOLE, on=on, band=band)
    for reason, row in zip(_REASONS, _some(seated, draw.randrange(7), len(_REASONS)), strict=False):
        others = groups.filter(pl.col("ap_group") != row["ap_group"]).sort("size", "code")["ap_group"]
        with suppress(ApdashError):
            move_student(
                services.store,
                CONSOLE,
                services.reference,
                student=row["student"],
                group=others[0],
                on=on,
                reason=reason,
                now=datetime.combine(on, time(9, 40)),
                acknowledged=True,
            )
    seated = members(services.store, CONSOLE, on=on, band=band).sort("membership")
    for agreement, row in zip(_AGREEMENTS, _some(seated, draw.randrange(3), len(_AGREEMENTS)), strict=False):
        moment = datetime.combine(on, time(11, 5))
        record_agreement(
            services.store, CONSOLE, membership=row["membership"], agreement=agreement, now=moment
        )
    _without_company(services, on=on)


def _some(rows: pl.DataFrame, first: int, count: int) -> list[dict]:
    """Return a few rows, spread over the frame."""
    step = max(1, rows.height // (count + 1))
    return rows[first::step].head(count).to_dicts()


def _without_company(services: Services, *, on: date) -> None:
    """Note, in divisions about to leave, three who had no next step in September, or only an idea."""
    found = services.store.read(
        """
        select e.student
        from enrolment e
        join division d on d.id = e.division
        join interview_answer a on a.student = e.student and a.question = 6 and a.replaced_at is null
        join review r on r.id = a.review and r.year = e.year
        where e.year = $year and e.ends_on is null and d.code in (select unnest($codes)) and a.answers <> ['CLAIRE']
        qualify row_number() over (partition by d.code order by a.answers = ['RIEN'] desc, e.student) <= 3
        order by e.student
        """,
        year=on.year,
        codes=list(_LEAVING_SOON),
    )
    for student in found["student"]:
        record_fact(services.store, CONSOLE, student=student, kind=NO_PLACEMENT, starts_on=on)
