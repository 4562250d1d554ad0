"""Points of vigilance about students and bilans: unserved, unseen, absent, without opening, too little known."""

import polars as pl

from apdash.labels import count, day, percent
from apdash.rights import CONSOLE
from apdash.store.queries import vigilance as facts
from apdash.store.queries.completeness import completeness_by_division, completeness_by_student
from apdash.vigilance.look import Look
from apdash.vigilance.of_groups import _student
from apdash.vigilance.point import listed

_LAST = 4
_OPENING = ("APP", "ORI")


def unserved(look: Look) -> pl.DataFrame:
    """Students with a strong need nobody works on with them, for one period (watch) or two (alert), and free places."""
    strong = look.threshold("NON-SERVI")
    names = look.reference.needs.select("short_name", "max_size", "in_band", "reception", need="code")
    served_since = _served(look)
    strongest = look.intensities.filter(pl.col("value") >= strong).join(names, on="need").filter("in_band")
    unmet = _unmet(strongest, served_since, age=0)
    before = (
        _unmet(strongest, served_since, age=1)
        .select("student")
        .unique()
        .with_columns(twice=pl.lit(value=True))
    )
    rows = (
        unmet.group_by("student", maintain_order=True)
        .agg(pl.col("need"), pl.col("short_name"), pl.col("value").max())
        .join(look.people, on="student")
        .join(before, on="student", how="left")
        .sort("value", "division_code", "name", descending=[True, False, False])
    )
    free = _free_places(look)
    return listed(
        [
            _student(
                row,
                _unserved_words(row, free),
                level="alert" if row["twice"] else "watch",
            )
            for row in rows.to_dicts()
        ]
    )


def never_seen_again(look: Look) -> pl.DataFrame:
    """Objectives attained weeks ago that no teacher has seen again in ordinary lessons."""
    weeks = int(look.threshold("OBJECTIF-CLASSE"))
    found = facts.unseen_objectives(look.store, on=look.on, weeks=weeks, known_at=look.known_at)
    rows = found.join(look.people, on="student", maintain_order="left").sort("division_code", "name")
    return listed(
        [
            _student(
                row,
                f"« {row['text']} », atteint le {day(row['since'])}"
                + ("" if row["asked"] else ", non demandé"),
            )
            for row in rows.to_dicts()
        ]
    )


def incomplete(look: Look) -> pl.DataFrame:
    """Divisions and students of the bilan that is open or was last, with too few of the entries expected."""
    most = look.threshold("INCOMPLET") / 100
    least = look.reference.rules.student_complete / 100
    review = look.store.read(
        "select id, label from review where year = $year and opens_on <= $on order by closes_on desc limit 1",
        year=look.year,
        on=look.on,
    )
    if review.is_empty():
        return listed([])
    key, label = review.row(0)
    rows = []
    for row in completeness_by_division(look.store, CONSOLE, review=key).to_dicts():
        if row["share"] < most:
            words = f"{label}\u00a0: {percent(row['share'])} des saisies attendues"
            rows.append(
                {"label": row["code"], "detail": words, "level": "alert", "division": row["division"]}
            )
            continue
        students = completeness_by_student(look.store, CONSOLE, review=key, division=row["division"])
        few = students.filter(pl.col("share") < least).join(look.people, on="student").sort("name")
        rows += [
            _student(one, f"{label}\u00a0: {percent(one['share'])} des saisies attendues")
            for one in few.to_dicts()
        ]
    return listed(rows)


def often_absent(look: Look) -> pl.DataFrame:
    """Students who came to fewer than so many of their last four sessions."""
    least = look.threshold("ASSIDUITE") / 100
    rolls = facts.presences(look.store, first=look.begins, last=look.on, known_at=look.known_at)
    last = (
        rolls.group_by("student", maintain_order=True)
        .tail(_LAST)
        .group_by("student")
        .agg(called=pl.len(), came=pl.col("came").sum().cast(pl.Int64))
        .filter((pl.col("called") == _LAST) & (pl.col("came") / pl.col("called") < least))
        .join(look.people, on="student")
        .sort("came", "division_code", "name")
    )
    return listed(
        [
            _student(
                row,
                f"{count(row['came'], 'présence', 'présences')} aux {_LAST} dernières séances",
                level="alert" if row["came"] <= _LAST // 2 else "watch",
            )
            for row in last.to_dicts()
        ]
    )


def without_opening(look: Look) -> pl.DataFrame:
    """Students in difficulty with neither approfondissement nor orientation over the last periods."""
    number = int(look.threshold("SANS-OUVERTURE"))
    if look.periods.height < number:
        return listed([])
    since = look.periods["starts_on"][-number]
    axes = look.reference.needs.select("axis", need="code")
    opened = (
        look.worked.filter(pl.col("ends_on") >= since)
        .join(axes, on="need")
        .filter(pl.col("axis").is_in(_OPENING))
        .select("student")
        .unique()
    )
    strong = look.reference.rules.strong_from
    hard = look.intensities.filter((pl.col("age") == 0) & (pl.col("value") >= strong)).join(axes, on="need")
    rows = (
        hard.filter(pl.col("axis") == "REM")
        .group_by("student")
        .agg(needs=pl.len())
        .join(opened, on="student", how="anti")
        .join(look.people, on="student")
        .sort("division_code", "name")
    )
    words = f"ni approfondissement ni orientation depuis le {day(since)}"
    return listed([_student(row, words) for row in rows.to_dicts()])


def little_known(look: Look) -> pl.DataFrame:
    """Students of whom intensities were still to be confirmed when their last bilan closed."""
    names = look.reference.needs.filter("in_band").select("short_name", need="code")
    rows = (
        look.intensities.filter((pl.col("age") == 0) & pl.col("value").is_null())
        .join(names, on="need")
        .group_by("student")
        .agg(needs=pl.col("short_name").sort())
        .join(look.people, on="student")
        .sort("division_code", "name")
    )
    return listed([_student(row, _to_confirm(row["needs"])) for row in rows.to_dicts()])


def _to_confirm(needs: list[str]) -> str:
    more = "…" if len(needs) > _LAST else ""
    return f"{count(len(needs), 'besoin')} à confirmer\u00a0: {', '.join(needs[:_LAST]).lower()}{more}"


def _served(look: Look) -> pl.DataFrame:
    """Return the last day each student worked on each need."""
    return look.worked.group_by("student", "need").agg(worked_until=pl.col("ends_on").max())


def _unmet(strongest: pl.DataFrame, served: pl.DataFrame, *, age: int) -> pl.DataFrame:
    """Return the strong needs of a bilan of students none of whose strong needs was worked on after its closing."""
    here = strongest.filter(pl.col("age") == age).join(
        served, on=["student", "need"], how="left", maintain_order="left"
    )
    met = here.filter(pl.col("worked_until") > pl.col("closes_on")).select("student").unique()
    return here.join(met, on="student", how="anti", maintain_order="left")


def _free_places(look: Look) -> dict[tuple[int, str], list[str]]:
    """Return the codes of open groups with a free place, by division of their band and need."""
    crossed = facts.divisions_of_bands(look.store, year=look.year)
    free = look.groups.filter(pl.col("size") < pl.col("max_size")).join(crossed, on="band")
    codes = free.group_by("division", "need").agg(pl.col("code").sort())
    return {(division, need): found for division, need, found in codes.iter_rows()}


def _unserved_words(row: dict, free: dict[tuple[int, str], list[str]]) -> str:
    places = [code for need in row["need"] for code in free.get((row["division"], need), [])]
    words = f"{', '.join(row['short_name'][:3])} ({row['value']})"
    return f"{words}\u00a0; place libre dans {', '.join(places[:3])}" if places else words
