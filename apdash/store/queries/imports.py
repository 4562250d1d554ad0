"""What the store holds that an import compares its files with; never shown as it is."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from apdash.store.store import Store, Transaction

# Tables an import may change or depend on: a preview holds as long as none of them moves.
_WATCHED = (
    "school",
    "school_year",
    "mef",
    "subject",
    "curriculum_hours",
    "division",
    "division_mef",
    "official_group",
    "student",
    "enrolment",
    "staff",
    "service",
    "principal_teacher",
    "review",
    "assessment",
    "interview_answer",
    "membership",
    "column_mapping",
    "exam_result",
    "school_leaver",
    "outside_figure",
)
ROLLS = ("session", "attendance")  # watched as well by who imports absences, and by nobody else


@dataclass(frozen=True, slots=True)
class SchoolState:
    """The school as it stands. enrolments: the last one of each student in `year`, with the code of its division."""

    uai: str | None
    year: int | None
    tables: dict[str, pl.DataFrame]


def fingerprint(source: Store | Transaction, *, tables: tuple[str, ...] = _WATCHED) -> str:
    """Return a text that differs as soon as a row an import depends on has changed. tables: those it depends on."""
    counted = " union all ".join(
        f"select '{table}' as name, count(*) as n, coalesce(bit_xor(hash(t)), 0) as mixed, "
        f"coalesce(sum(hash(t) % 1000003), 0) as added from {table} t"
        for table in tables
    )
    rows = source.read(f"select name, n, mixed, added from ({counted}) order by name")
    return ";".join(f"{name}:{n}:{mixed}:{added}" for name, n, mixed, added in rows.rows())


def known_school(store: Store) -> tuple[str | None, int | None]:
    """Return (UAI, last school year) of the store, or nothing when it is new."""
    uai = store.read("select uai from school order by uai limit 1")
    year = store.read("select max(year) as year from school_year")
    return (uai.item() if uai.height else None), year.item()


def school_state(store: Store, *, year: int) -> SchoolState:
    """Return every table an official file is compared with, for one school year."""
    uai, latest = known_school(store)
    return SchoolState(
        uai=uai,
        year=latest,
        tables={name: store.read(sql, **_only_year(sql, year)) for name, sql in _STATE.items()},
    )


def directory(store: Store, *, year: int) -> pl.DataFrame:
    """Return the students: id, siecle_id, ine, last_name, family_name, first_name, born_on, sex, division (code), here.

    family_name: of whoever uses another name, else null.
    division and here (enrolled, not closed) are those of `year`; a student of another year has neither.
    """
    return store.read(
        f"""
        with last as ({_STATE["enrolments"]})
        select s.id, s.siecle_id, s.ine, s.last_name, s.family_name, s.first_name, s.born_on, s.sex, l.division,
               l.id is not null and l.ends_on is null as here
        from student s left join last l on l.student = s.id
        order by s.last_name collate fr, s.first_name collate fr, s.id
        """,
        year=year,
    )


def reviews_of_year(store: Store, *, year: int) -> pl.DataFrame:
    """Return the bilans of a school year: id, label, opens_on, closes_on, in order of time."""
    return store.read(
        "select id, label, opens_on, closes_on from review where year = $year order by opens_on, id",
        year=year,
    )


def assessments_of_review(store: Store, *, review: int) -> pl.DataFrame:
    """Return the values now standing: student, competency, assessor, source, state, level."""
    return store.read(
        """
        select student, competency, assessor, source::varchar as source, state::varchar as state, level
        from assessment where review = $review and replaced_at is null
        order by student, competency, assessor
        """,
        review=review,
    )


def answers_of_review(store: Store, *, review: int) -> pl.DataFrame:
    """Return the interview answers now standing: student, question, answers."""
    return store.read(
        """
        select student, question, answers from interview_answer
        where review = $review and replaced_at is null order by student, question
        """,
        review=review,
    )


def remembered_mapping(store: Store, *, kind: str, headers: str) -> str | None:
    """Return the mapping last chosen for these column titles, as JSON."""
    rows = store.read(
        "select mapping::varchar as mapping from column_mapping where kind = $kind and headers = $headers",
        kind=kind,
        headers=headers,
    )
    return rows.item() if rows.height else None


def last_export(store: Store, *, kind: str, year: int) -> date | None:
    """Return the day of the most recent export of this kind already imported for this year."""
    rows = store.read(
        """
        select max(counts->>'exported_on')::date as day from import_batch
        where kind = $kind and (counts->>'year')::integer = $year
        """,
        kind=kind,
        year=year,
    )
    return rows.item()


def recent_imports(store: Store, *, most: int) -> pl.DataFrame:
    """Return the last files imported: imported_at, imported_by (login), kind, file_name; the latest first."""
    return store.read(
        """
        select imported_at, imported_by, kind, file_name from import_batch
        order by imported_at desc, file_name limit $most
        """,
        most=most,
    )


def _only_year(sql: str, year: int) -> dict[str, int]:
    return {"year": year} if "$year" in sql else {}


_STATE: dict[str, str] = {
    "school": "select uai, name from school order by uai",
    "years": "select year, starts_on, ends_on from school_year order by year",
    "mefs": "select code, label, grade from mef order by code",
    "subjects": "select code, label, weekly_ap from subject order by code",
    "hours": "select mef, subject, weekly_hours from curriculum_hours order by mef, subject",
    "divisions": "select id, code, label, grade from division where year = $year order by code",
    "division_mefs": """
        select m.division as id, d.code as division, m.mef from division_mef m
        join division d on d.id = m.division where d.year = $year order by d.code, m.mef
    """,
    "groups": "select code, label, divisions from official_group where year = $year order by code",
    "students": "select id, siecle_id, ine, last_name, family_name, first_name, born_on, sex from student order by id",
    "enrolments": """
        select e.id, e.student, d.code as division, e.mef, e.apprentice, e.repeating, e.previous_mef,
               e.starts_on, e.ends_on
        from enrolment e left join division d on d.id = e.division
        where e.year = $year
        qualify row_number() over (partition by e.student order by e.starts_on desc, e.id desc) = 1
        order by e.student
    """,
    "older_open": """
        select e.id, e.student, e.year, y.ends_on from enrolment e join school_year y on y.year = e.year
        where e.year < $year and e.ends_on is null order by e.id
    """,
    "staff": """
        select id, sts_key, title, last_name, first_name, job, discipline, ends_on from staff
        where sts_key is not null order by id
    """,
    "services": """
        select s.division as division_id, d.code as division, s.staff as staff_id, t.sts_key, s.subject
        from service s join division d on d.id = s.division join staff t on t.id = s.staff
        where s.year = $year order by s.division, s.staff, s.subject
    """,
    "principals": """
        select p.division as division_id, d.code as division, p.staff as staff_id, t.sts_key
        from principal_teacher p join division d on d.id = p.division join staff t on t.id = p.staff
        where d.year = $year order by p.division, p.staff
    """,
}


def expected_presences(store: Store, *, first: date, last: date) -> pl.DataFrame:
    """Return who is expected at each session between two days, both included, with what its roll says.

    Columns: session, code, name, starts_at (a moment), minutes, state, student, who, presence (null: not called),
    minutes_late, source; ordered by date, hour, group and name. Those who were called without being expected are left
    out.
    """
    return store.read(
        """
        select h.id as session, g.code, coalesce(g.name, x.label) as name, h.on_day + h.starts_at as starts_at,
            h.minutes, h.state::varchar as state, p.student, s.last_name || ' ' || s.first_name as who,
            a.presence::varchar as presence, a.minutes_late, a.source
        from session h
        join session_places(timestamp '9999-12-31') p on p.host = h.id
        join student_named s on s.id = p.student
        left join ap_group g on g.id = h.ap_group
        left join common_action x on x.id = h.action
        left join attendance a on a.session = h.id and a.student = p.student and a.replaced_at is null
        where h.replaced_at is null and h.joins is null and h.on_day between $first and $last
        order by h.on_day, h.starts_at, g.code, h.id, s.last_name collate fr, s.first_name collate fr, s.id
        """,
        first=first,
        last=last,
    )
