"""Chooses what of a bilan is on screen: the state of all divisions, one grid, the interviews, the empty cells."""

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.filters import dropdown, segment
from apdash.components.frame import button, filter_bar
from apdash.components.states import empty
from apdash.errors import ApdashError
from apdash.labels import day
from apdash.pages.page import Params
from apdash.pages.reviews import ids
from apdash.pages.reviews.entry import grid_frames
from apdash.pages.reviews.figures import division_shares, my_shares
from apdash.pages.reviews.grid import COMPETENCIES, PATH, grid_page
from apdash.pages.reviews.grid_data import ALL, MINE
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.calendar import current_year
from apdash.store.queries.completeness import completeness_by_division, completeness_by_staff
from apdash.store.queries.reviews import review_divisions, reviews


def layout(services: Services, viewer: Viewer, params: Params) -> Component:
    """Return the page of the address: `bilan`, `division`, `vue`, `competences`, `niveau`, `eleve`."""
    today = services.today()
    known = reviews(services.store, year=current_year(services.store, today)).filter(
        pl.col("opens_on") <= today
    )
    if known.is_empty():
        words = "Les bilans de l’année s’ouvrent dans les réglages, un par période."
        return html.Div(empty("Aucun bilan n’est ouvert", words, icon="clipboard-check"), className="page")
    review = _chosen(known, params)
    params = {**params, "bilan": str(review)}
    shares = _shares(services, viewer, review)
    division = _division(shares, params)
    return _entry(services, viewer, params, reviews=known, shares=shares, division=division)


def _shares(services: Services, viewer: Viewer, review: int) -> pl.DataFrame:
    everybody = completeness_by_staff(services.store, viewer, review=review)
    return division_shares(
        review_divisions(services.store, viewer, review=review),
        completeness_by_division(services.store, viewer, review=review),
        everybody.filter(pl.col("staff") == (viewer.staff or -1)),
    )


def _chosen(reviews: pl.DataFrame, params: Params) -> int:
    wanted = params.get("bilan", "")
    if not wanted:
        return reviews["review"][0]
    if not wanted.isdigit() or int(wanted) not in reviews["review"]:
        raise ApdashError("Ce bilan n’existe pas.", "Le menu Bilans mène à ceux de l’année.")
    return int(wanted)


def _division(shares: pl.DataFrame, params: Params) -> int:
    """Return the division of the address, given by number or by code."""
    wanted = params.get("division", "")
    found = shares.filter((pl.col("code") == wanted) | (pl.col("division").cast(pl.String) == wanted))
    if found.is_empty():
        raise ApdashError(
            "Ce bilan n’est pas le vôtre.", "Vous voyez les divisions où vous enseignez ou que vous suivez."
        )
    return found["division"][0]


def _entry(
    services: Services,
    viewer: Viewer,
    params: Params,
    *,
    reviews: pl.DataFrame,
    shares: pl.DataFrame,
    division: int,
) -> Component:
    frames = grid_frames(services, viewer, review=int(params["bilan"]), division=division)
    mine = len(frames.mine)
    params = {
        **params,
        "division": str(division),
        COMPETENCIES: params.get(COMPETENCIES, MINE) if mine else ALL,
    }
    grade = shares.filter(pl.col("division") == division)["grade"][0]
    beside = (
        my_shares(shares.filter((pl.col("mine") > 0) | (pl.col("division") == division)))
        if frames.assessor
        else shares.filter(pl.col("grade") == grade)
    )
    filters = [*_where(services, reviews, shares, params, grade=grade), _which(services, params, mine)]
    paste = button("Coller depuis un tableur", ids.GRID_PASTE, icon="clipboard") if frames.assessor else None
    page = grid_page(
        services.reference,
        frames.head,
        editable=frames.assessor is not None,
        params=params,
        divisions=beside,
        foot=[],
        notes=[],
    )
    return html.Div([filter_bar(filters, paste), page])


def _where(
    services: Services, reviews: pl.DataFrame, shares: pl.DataFrame, params: Params, *, grade: str | None
) -> list:
    """Return the filters every view of a bilan shares: grade, division, bilan."""
    grades = services.reference.grades.filter(pl.col("code").is_in(shares["grade"].drop_nulls().implode()))
    divisions = shares.filter(pl.col("grade") == grade) if grade else shares
    numbers = [(str(number), code) for number, code in divisions.select("division", "code").iter_rows()]
    dated = [
        (str(row["review"]), f"{row['label']} · {day(row['closes_on'])}")
        for row in reviews.iter_rows(named=True)
    ]
    at_grade = {**params, "niveau": grade or ""}
    choices = list(grades.select("code", "label").iter_rows())
    return [
        segment(
            "Niveau", choices, name="niveau", path=PATH, params=at_grade, clears=("division", "vue", "eleve")
        ),
        dropdown("Division", numbers, name="division", path=PATH, params=params, clears=("eleve",)),
        dropdown("Bilan", dated, name="bilan", path=PATH, params=params, clears=("eleve",)),
    ]


def _which(services: Services, params: Params, mine: int) -> Component:
    everything = (ALL, f"Toutes ({services.reference.competencies.height})")
    options = [(MINE, f"Les miennes ({mine})"), everything] if mine else [everything]
    return segment("Compétences", options, name=COMPETENCIES, path=PATH, params=params)
