"""The reference data in memory: what every diagnosis, grid and list is read with."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from apdash.reference.coherence import check_coherence
from apdash.reference.reading import read_table
from apdash.reference.rules import Rules, rules_from
from apdash.reference.tables import TABLES


@dataclass(frozen=True, slots=True)
class Reference:
    """One frame a file, with English names (see `tables.py`), in the order of the file (`position`, from 0).

    axes(code, label, family_words, difficulty) · grades(code, label, mef_pattern, cycle, cycle_year)
    blocks(block, label) · competencies(code, block, label, short_label, observed, assessors, serves)
    needs(code, axis, label, public_name, short_name, min_size, max_size, small_group, max_per_student, in_band,
    max_periods, max_division_share, grades: empty = all, opens_question, opens_answers, leaders, room_kind, reception)
    weights(need, competency, weight: 1 to 100, sense) · points(sense, level, points) · factors(family, code, factor)
    corrections(code, label, need, effect, points) · settings(code, label, value)
    interview(question, text, answer, label, points, max_answers, serves): a row per answer
    profiles(code, high_difficulty, high_engagement, label, suggestion) · scales(scale, code, rank, label, low, high)
    envelopes(code, label, hours_1, hours_2, hours_3, total, note) · position_tests(column, competency, weight, note)
    socle(domain, label, competency, weight) · families(family, word) · schemes(code, label, when, form)
    objectives(number, need, text, seen_when) · activities(axis, text) · change_reasons(code, label)
    session_reasons(code, label): why one is not held
    indicators(code, label, definition, source) · vigilance(code, label, threshold, value,
    value_2, value_3, why): threshold says in words what the values are
    """

    axes: pl.DataFrame
    grades: pl.DataFrame
    blocks: pl.DataFrame
    competencies: pl.DataFrame
    needs: pl.DataFrame
    weights: pl.DataFrame
    points: pl.DataFrame
    factors: pl.DataFrame
    corrections: pl.DataFrame
    settings: pl.DataFrame
    interview: pl.DataFrame
    profiles: pl.DataFrame
    scales: pl.DataFrame
    envelopes: pl.DataFrame
    position_tests: pl.DataFrame
    socle: pl.DataFrame
    families: pl.DataFrame
    schemes: pl.DataFrame
    objectives: pl.DataFrame
    activities: pl.DataFrame
    change_reasons: pl.DataFrame
    session_reasons: pl.DataFrame
    indicators: pl.DataFrame
    vigilance: pl.DataFrame
    rules: Rules


def load_reference(folder: Path) -> Reference:
    """Return the reference data of a folder, each file checked alone, then all of them together.

    Raises `ApdashError` naming the file, the lines, the columns and what was expected.
    """
    frames = {table.name: read_table(Path(folder), table) for table in TABLES}
    check_coherence(frames)
    rules = rules_from(frames)
    return Reference(**{name: frame.drop("line") for name, frame in frames.items()}, rules=rules)
