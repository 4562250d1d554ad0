"""Chooses what of a bilan is on screen."""

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import link_button, page_head
from apdash.components.states import empty
from apdash.errors import ApdashError
from apdash.pages.page import Params
from apdash.pages.reviews.access import division_head
from apdash.pages.reviews.figures import division_shares
from apdash.pages.reviews.views import Asked, entry_view, gaps_view, interviews_view, overview_view
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.queries.calendar import current_year
from apdash.store.queries.completeness import completeness_by_division, completeness_by_staff
from apdash.store.queries.reviews import review_divisions, reviews


def layout(services: Services, viewer: Viewer, params: Params) -> Component:
    """Return the page of the address: `bilan`, `division`, `vue`, `competences`, `niveau`, `eleve`."""
    today = services.today()
    year = current_year(services.store, today)
    known = reviews(services.store, year=year or 0).filter(pl.col("opens_on") <= today)
    if known.is_empty():
        return _none_open(viewer)
    review = _review(known, params)
    params = {**params, "bilan": str(review)}
    shares = _shares(services, viewer, review)
    if not params.get("division"):
        return overview_view(Asked(services, viewer, params, review, known, shares))
    division = _division(shares, params)
    asked = Asked(services, viewer, {**params, "division": str(division)}, review, known, shares)
    head = division_head(services, viewer, review=review, division=division)
    view = {"entretiens": interviews_view, "vides": gaps_view}.get(params.get("vue", ""), entry_view)
    return view(asked, head)


def _none_open(viewer: Viewer) -> Component:
    words = "Les bilans de l’année s’ouvrent dans les réglages, un par période."
    settings = link_button("Ouvrir un bilan", "/reglages?partie=bilans", icon="plus-lg")
    action = settings if viewer.can(Action.SET_UP) else None
    state = empty("Aucun bilan n’est ouvert", words, action, icon="clipboard-check")
    return html.Div([page_head("Bilans"), state], className="page")


def _shares(services: Services, viewer: Viewer, review: int) -> pl.DataFrame:
    grades = services.reference.grades.select("position", grade="code")
    divisions = review_divisions(services.store, viewer, review=review).join(grades, on="grade", how="left")
    staff = completeness_by_staff(services.store, viewer, review=review)
    return division_shares(
        divisions.sort("position", "code", nulls_last=True),
        completeness_by_division(services.store, viewer, review=review),
        staff.filter(pl.col("staff") == viewer.staff) if viewer.staff is not None else staff.head(0),
    )


def _review(known: pl.DataFrame, params: Params) -> int:
    """Return the bilan of the address, by default the latest one opened."""
    wanted = params.get("bilan", "")
    if not wanted:
        return known["review"][0]
    found = known.filter((pl.col("review").cast(pl.String) == wanted) | (pl.col("code") == wanted))
    if found.is_empty():
        raise ApdashError("Ce bilan n’existe pas.", "Le menu Bilans mène à ceux de l’année.")
    return found["review"][0]


def _division(shares: pl.DataFrame, params: Params) -> int:
    """Return the division of the address, given by number or by code."""
    wanted = params.get("division", "")
    found = shares.filter((pl.col("code") == wanted) | (pl.col("division").cast(pl.String) == wanted))
    if found.is_empty():
        raise ApdashError(
            "Ce bilan n’est pas le vôtre.", "Vous voyez les divisions où vous enseignez ou que vous suivez."
        )
    return found["division"][0]
