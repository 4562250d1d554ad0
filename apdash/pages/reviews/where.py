"""Where one is among the bilans: the filters every view shares."""

from collections.abc import Mapping

import polars as pl
from dash.development.base_component import Component

from apdash.components.filters import dropdown, segment
from apdash.labels import day
from apdash.pages.page import Params
from apdash.pages.reviews.grid import COMPETENCIES, PATH
from apdash.pages.reviews.grid_data import ALL, MINE
from apdash.reference import Reference


def grade_filter(reference: Reference, shares: pl.DataFrame, params: Params) -> list[Component]:
    """Return the choice of a grade, nothing when there is only one."""
    grades = [("", "Tous"), *_grades(reference, shares)]
    return [segment("Niveau", grades, name="niveau", path=PATH, params=params)] if len(grades) > 2 else []


def review_filter(known: pl.DataFrame, params: Params) -> Component:
    """Return the choice of a bilan, with the day each closes."""
    dated = [
        (str(row["review"]), f"{row['label']} · {day(row['closes_on'])}")
        for row in known.iter_rows(named=True)
    ]
    return dropdown("Bilan", dated, name="bilan", path=PATH, params=params, clears=("eleve",))


def place_filters(
    reference: Reference, known: pl.DataFrame, shares: pl.DataFrame, params: Params, *, head: Mapping
) -> list[Component]:
    """Return grade, division and bilan, for the views of one division; another grade leads to its list."""
    grades = _grades(reference, shares)
    divisions = shares.filter(pl.col("grade") == head["grade"]) if head["grade"] else shares
    numbers = [(str(number), code) for number, code in divisions.select("division", "code").iter_rows()]
    at_grade = {**params, "niveau": head["grade"] or ""}
    clears = ("division", "vue", "eleve", COMPETENCIES)
    several = [segment("Niveau", grades, name="niveau", path=PATH, params=at_grade, clears=clears)]
    return [
        *(several if len(grades) > 1 else []),
        dropdown("Division", numbers, name="division", path=PATH, params=params, clears=("eleve", "niveau")),
        review_filter(known, params),
    ]


def scope_filter(reference: Reference, params: Params, *, mine: int) -> Component:
    """Return the choice between the competencies expected of this person and all of them."""
    everything = (ALL, f"Toutes ({reference.competencies.height})")
    options = [(MINE, f"Les miennes ({mine})"), everything] if mine else [everything]
    return segment("Compétences", options, name=COMPETENCIES, path=PATH, params=params)


def _grades(reference: Reference, shares: pl.DataFrame) -> list[tuple[str, str]]:
    known = reference.grades.filter(pl.col("code").is_in(shares["grade"].drop_nulls().implode()))
    return [(code, code) for code in known["code"]]
