"""Points of vigilance about students and bilans: unserved, unseen, absent, without opening, too little known."""

import polars as pl

from apdash.labels import count, day, done
from apdash.rights import CONSOLE
from apdash.store.queries import vigilance as facts
from apdash.store.queries.completeness import completeness_by_division, completeness_by_student
from apdash.vigilance.look import Look
from apdash.vigilance.point import listed, student_row
from apdash.vigilance.serving import spans_of_bilans, unmet

_NAMED = 4
_OPENING = ("APP", "ORI")


def unserved(look: Look) -> pl.DataFrame:
    """Students none of whose strong needs is worked on, for one period (watch) or two (alert), and free places.

    A bilan counts from the day its groups come into force; a need that only a tutor serves is served once they met.
    """
    strong = look.reference.needs.filter(~pl.col("reception")).select("short_name", need="code")
    known = look.intensities.filter(
        (pl.col("effective_on") <= look.on) & (pl.col("value") >= look.threshold("NON-SERVI"))
    )
    waiting = unmet(known.join(spans_of_bilans(look), on=["division", "review"]), look.served)
    before = waiting.filter(pl.col("rank") == 1).select("student", twice=pl.lit(value=True)).unique()
    rows = (
        waiting.filter(pl.col("rank") == 0)
        .join(strong, on="need", maintain_order="left")
        .group_by("student", maintain_order=True)
        .agg(pl.col("need"), pl.col("short_name"), pl.col("value").max())
        .join(look.people, on="student")
        .join(before, on="student", how="left")
        .sort("value", "division_code", "name", descending=[True, False, False])
    )
    free = _free_places(look)
    return listed(
        [
            student_row(row, _unserved_words(row, free), level="alert" if row["twice"] else "watch")
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
            student_row(
                row,
                f"« {row['text']} », atteint le {day(row['since'])}"
                + ("" if row["asked"] else ", non demandé"),
            )
            for row in rows.to_dicts()
        ]
    )


def incomplete(look: Look) -> pl.DataFrame:
    """Divisions and students of the bilan that is open or was last, with too few of the entries expected then.

    Alert once the bilan should be closed, watch before.
    """
    most, least = look.threshold("INCOMPLET") / 100, look.threshold("INCOMPLET", 2) / 100
    found = look.bilan
    if found is None:
        return listed([])
    words = f"{found['label']}\u00a0: {{}} des saisies attendues"
    known = {"review": found["review"], "known_at": look.known_at}
    level = "alert" if found["closes_on"] <= look.on else "watch"
    divisions = completeness_by_division(look.store, CONSOLE, **known)
    low = divisions.filter(pl.col("share") < most)
    rows = [
        {
            "label": row["code"],
            "detail": words.format(done(row["share"])),
            "level": level,
            "division": row["division"],
        }
        for row in low.to_dicts()
    ]
    few = (
        completeness_by_student(look.store, CONSOLE, **known)
        .filter(pl.col("share") < least)
        .join(look.people, on="student")
        .filter(~pl.col("division").is_in(low["division"].to_list()))
        .sort("division_code", "name")
    )
    return listed(rows + [student_row(one, words.format(done(one["share"]))) for one in few.to_dicts()])


def often_absent(look: Look) -> pl.DataFrame:
    """Students who came to too few of their last sessions whose roll was called."""
    least, running = look.threshold("ASSIDUITE") / 100, int(look.threshold("ASSIDUITE", 2))
    last = (
        look.presences.group_by("student", maintain_order=True)
        .tail(running)
        .group_by("student")
        .agg(called=pl.len(), came=pl.col("came").sum().cast(pl.Int64))
        .filter((pl.col("called") == running) & (pl.col("came") / pl.col("called") < least))
        .join(look.people, on="student")
        .sort("came", "division_code", "name")
    )
    return listed(
        [
            student_row(
                row,
                f"{count(row['came'], 'présence', 'présences')} aux {running} dernières séances",
                level="alert" if row["came"] <= running // 2 else "watch",
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
    return listed([student_row(row, words) for row in rows.to_dicts()])


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
    return listed([student_row(row, _to_confirm(row["needs"])) for row in rows.to_dicts()])


def _to_confirm(needs: list[str]) -> str:
    more = "…" if len(needs) > _NAMED else ""
    return f"{count(len(needs), 'besoin')} à confirmer\u00a0: {', '.join(needs[:_NAMED]).lower()}{more}"


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
