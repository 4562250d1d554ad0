"""Writes a previewed import in one transaction, after checking that nothing moved since the preview."""

from datetime import datetime, timedelta

import polars as pl

from apdash.errors import ApdashError
from apdash.rights import Action, Viewer
from apdash.store.bulk import delete, new_ids, update, upsert
from apdash.store.commands.attendance import write_rolls
from apdash.store.commands.import_plan import Plan
from apdash.store.commands.success import write_figures, write_outcomes
from apdash.store.queries.imports import ROLLS, fingerprint
from apdash.store.store import Store, Transaction


def import_rows(store: Store, viewer: Viewer, *, plan: Plan, now: datetime) -> None:
    """Write the plan, all or nothing.

    Raises `ApdashError` when the store has changed since the plan was made.
    """
    viewer.require(Action.IMPORT)
    with store.write() as tx:
        moved = plan.rolls and fingerprint(tx, tables=ROLLS) != plan.rolls
        if moved or fingerprint(tx) != plan.fingerprint:
            raise ApdashError(
                "La base a changé depuis l’aperçu.",
                "Quelqu’un a modifié les données entre-temps. Refaites l’aperçu : rien n’a été enregistré.",
            )
        _write_school(tx, plan)
        divisions = _write_divisions(tx, plan)
        _write_students(tx, plan, divisions=divisions, now=now)
        _close_memberships(tx, plan["departures"], viewer=viewer, now=now)
        _write_staff(tx, plan, divisions=divisions)
        _write_values(tx, plan, viewer=viewer, now=now)
        write_outcomes(tx, viewer, results=plan["exam_results"], leavers=plan["leavers"], now=now)
        write_figures(tx, viewer, figures=plan["figures"], now=now)
        _write_rolls(tx, plan, viewer=viewer, now=now)
        upsert(tx, "column_mapping", ("kind", "headers"), plan["mappings"].with_columns(saved_at=pl.lit(now)))
        tx.insert(
            "import_batch",
            plan["batches"].with_columns(imported_at=pl.lit(now), imported_by=pl.lit(viewer.login)),
        )


def _write_school(tx: Transaction, plan: Plan) -> None:
    upsert(tx, "school", ("uai",), plan["school"])
    upsert(tx, "school_year", ("year",), plan["years"])
    upsert(tx, "mef", ("code",), plan["mefs"])
    upsert(tx, "subject", ("code",), plan["subjects"])
    upsert(tx, "curriculum_hours", ("mef", "subject"), plan["hours"])


def _write_divisions(tx: Transaction, plan: Plan) -> pl.DataFrame:
    """Write divisions, their formations and the official groups; return code and id of every division of the year."""
    year = pl.lit(plan.year, pl.Int64).alias("year")
    tx.insert("division", plan["divisions_new"].with_columns(year))
    update(tx, "division", plan["divisions_changed"])
    divisions = tx.read("select id, code from division where year = $year order by code", year=plan.year)
    delete(tx, "division_mef", plan["division_mefs_gone"])
    tx.insert("division_mef", _with_division(plan["division_mefs_new"], divisions))
    delete(tx, "official_group", plan["groups_gone"].with_columns(year))
    upsert(tx, "official_group", ("year", "code"), plan["groups"].with_columns(year))
    return divisions


def _write_students(tx: Transaction, plan: Plan, *, divisions: pl.DataFrame, now: datetime) -> None:
    new = plan["students_new"]
    ids = new_ids(tx, count=new.height)
    numbered = new.with_columns(id=ids)
    tx.insert("student", numbered.drop("key").with_columns(created_on=pl.lit(now.date())))
    update(tx, "student", plan["students_changed"])
    enrolments = (
        plan["enrolments_new"]
        .join(numbered.select("key", new_id="id"), on="key", how="left")
        .with_columns(student=pl.coalesce("student", "new_id"), year=pl.lit(plan.year, pl.Int64))
    )
    for changed in (_with_division(plan["enrolments_changed"], divisions), plan["enrolments_closed"]):
        _remember_enrolments(tx, changed["id"].to_list(), now=now)
        update(tx, "enrolment", changed)
    made = enrolments.drop("key", "new_id").with_columns(id=new_ids(tx, count=enrolments.height))
    tx.insert("enrolment", _with_division(made, divisions))
    tx.insert("enrolment_made", made.select(enrolment="id", recorded_at=pl.lit(now)))


def _remember_enrolments(tx: Transaction, enrolments: list[int], *, now: datetime) -> None:
    """Keep enrolments as they are said now: figures of earlier moments are read from them."""
    tx.run(
        """
        insert into enrolment_past (id, student, year, division, starts_on, ends_on, recorded_at, replaced_at)
        select id, student, year, division, starts_on, ends_on,
            (select max(replaced_at) from enrolment_past p where p.id = e.id), $now
        from enrolment e where id in (select unnest($enrolments::bigint[]))
        """,
        enrolments=enrolments,
        now=now,
    )


def _close_memberships(tx: Transaction, departures: pl.DataFrame, *, viewer: Viewer, now: datetime) -> None:
    """End the memberships of those who left: one act per student and band, the former version kept behind it."""
    current = tx.read(
        """
        select m.id, m.ap_group, m.student, m.starts_on, m.why_began, m.agreement::varchar as agreement,
               m.act as old_act, m.ends_on, g.band
        from membership m join ap_group g on g.id = m.ap_group
        where m.replaced_by is null and list_contains($students, m.student)
        order by m.student, g.band, m.id
        """,
        students=departures["student"].to_list(),
    )
    open_after = pl.col("ends_on").is_null() | (pl.col("ends_on") > pl.col("last_day"))
    closing = current.join(departures, on="student").filter(open_after)
    acts = closing.select("student", "band", "last_day").unique(maintain_order=True)
    acts = acts.with_columns(act=new_ids(tx, count=acts.height))
    tx.insert(
        "act",
        acts.select(
            "band",
            id="act",
            kind=pl.lit("departure"),
            effective_on=pl.col("last_day") + timedelta(days=1),
            reason=pl.lit("DEP"),
            words=pl.lit("Départ constaté à l’import"),
            recorded_at=pl.lit(now),
            recorded_by=pl.lit(viewer.login),
        ),
    )
    closed = closing.join(acts, on=["student", "band", "last_day"])
    tx.run(
        """
        update membership set replaced_by = c.act
        from (select unnest($ids) as id, unnest($acts) as act, unnest($groups) as ap_group) c
        where membership.id = c.id and membership.ap_group = c.ap_group and membership.replaced_by is null
        """,
        ids=closed["id"].to_list(),
        acts=closed["act"].to_list(),
        groups=closed["ap_group"].to_list(),
    )
    tx.insert(
        "membership",
        closed.filter(pl.col("starts_on") <= pl.col("last_day")).select(
            "id",
            "ap_group",
            "student",
            "starts_on",
            "why_began",
            "agreement",
            "act",
            ends_on="last_day",
            why_ended=pl.lit("DEP"),
        ),
    )


def _write_staff(tx: Transaction, plan: Plan, *, divisions: pl.DataFrame) -> None:
    letters = pl.concat_str(
        pl.col("first_name").str.head(1), pl.col("last_name").str.head(1)
    ).str.to_uppercase()
    tx.insert("staff", plan["staff_new"].with_columns(initials=letters))
    update(tx, "staff", plan["staff_changed"])
    staff = tx.read("select id as staff, sts_key from staff where sts_key is not null order by id")
    delete(tx, "service", plan["services_gone"])
    delete(tx, "principal_teacher", plan["principals_gone"])
    services = _with_division(plan["services_new"], divisions).join(staff, on="sts_key").drop("sts_key")
    tx.insert("service", services.with_columns(year=pl.lit(plan.year, pl.Int64)))
    tx.insert(
        "principal_teacher",
        _with_division(plan["principals_new"], divisions).join(staff, on="sts_key").drop("sts_key"),
    )


def _write_values(tx: Transaction, plan: Plan, *, viewer: Viewer, now: datetime) -> None:
    """Write assessments and interview answers: the former version is kept, marked as replaced."""
    for table, keys, rows in (
        ("assessment", ("student", "competency", "assessor"), plan["assessments"]),
        ("interview_answer", ("student", "question"), plan["answers"]),
    ):
        if rows.is_empty():
            continue
        same = " and ".join(f"{table}.{key} = n.{key}" for key in keys)
        wanted = ", ".join(f"unnest(${key}) as {key}" for key in keys)
        tx.run(
            f"update {table} set replaced_at = $now from (select {wanted}) n "
            f"where {table}.review = $review and {table}.replaced_at is null and {same}",
            now=now,
            review=plan.review,
            **{key: rows[key].to_list() for key in keys},
        )
        tx.insert(
            table,
            rows.with_columns(
                review=pl.lit(plan.review, pl.Int64),
                recorded_at=pl.lit(now),
                recorded_by=pl.lit(viewer.login),
            ),
        )


def _write_rolls(tx: Transaction, plan: Plan, *, viewer: Viewer, now: datetime) -> None:
    """Write presences, and that their sessions were held."""
    said = {"recorded_at": pl.lit(now), "recorded_by": pl.lit(viewer.login)}
    calls = plan["calls"].with_columns(
        source=pl.lit("import"), entry=pl.lit(f"import:{now.isoformat()}"), **said
    )
    states = plan["held"].with_columns(state=pl.lit("held"), why=pl.lit(""), done=pl.lit(None), **said)
    write_rolls(tx, calls=calls, states=states)


def _with_division(rows: pl.DataFrame, divisions: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with the id of the division in place of its code."""
    ids = divisions.select(division_id="id", division="code")
    joined = rows.join(ids, on="division", how="left").with_columns(division=pl.col("division_id"))
    return joined.drop("division_id")
