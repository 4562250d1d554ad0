"""The page « Regroupement »: four steps in one address."""

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.filters import dropdown
from apdash.components.frame import filter_bar, link_button, page_head, today_badge
from apdash.components.states import empty
from apdash.components.steps import Step, steps
from apdash.labels import count, listed, short_day
from apdash.pages.page import Params, Services, Viewer
from apdash.pages.regrouping.address import PATH, STEPS, Asked, asked
from apdash.pages.regrouping.step_prepare import prepare_step
from apdash.pages.regrouping.words import slot_names
from apdash.store.queries.bands import band_slots, bands
from apdash.store.queries.calendar import current_year
from apdash.store.queries.reviews import reviews

_LABELS = {"preparer": "Préparer", "proposer": "Proposer", "ajuster": "Ajuster", "valider": "Valider"}


def layout(services: Services, viewer: Viewer, params: Params) -> Component:
    """Return the page for what the address asks: filters, title, steps, and the step itself."""
    known_bands, known_reviews = choices(services)
    if known_bands.is_empty():
        words = "Une barrette réunit les divisions qui ont leurs heures d’accompagnement au même moment."
        return _alone("Aucune barrette cette année", words, link_button("Ouvrir les réglages", "/reglages"))
    if known_reviews.is_empty():
        words = "Les groupes se cherchent après un bilan."
        return _alone("Aucun bilan cette année", words, link_button("Ouvrir les bilans", "/bilans"))
    at = asked(params, bands=known_bands, reviews=known_reviews, step=STEPS[0])
    return html.Div(
        [
            _filters(services, at, known_bands, known_reviews),
            html.Div([_head(services, at), prepare_step(services, viewer, at)], className="page"),
        ]
    )


def choices(services: Services) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the bands of the year and its bilans begun by today: those with a closed division first, latest first."""
    today = services.today()
    year = current_year(services.store, today) or 0
    known_bands = bands(services.store, year=year).with_columns(year=pl.lit(year))
    begun = reviews(services.store, year=year).filter(pl.col("opens_on") <= today)
    return known_bands, begun.sort(pl.col("closed") == 0, maintain_order=True)


def _alone(title: str, words: str, action: Component) -> Component:
    return html.Div([page_head("Regroupement"), empty(title, words, action)], className="page")


def _filters(services: Services, at: Asked, all_bands: pl.DataFrame, all_reviews: pl.DataFrame) -> Component:
    params = {name: value for name, value in at.params().items() if name in ("bande", "bilan")}
    chosen = [
        dropdown(
            "Barrette",
            [
                (row["code"], f"{row['code']} · {', '.join(row['divisions'])}")
                for row in all_bands.iter_rows(named=True)
            ],
            name="bande",
            path=PATH,
            params=params,
        ),
        dropdown(
            "Bilan",
            [
                (row["code"], f"{row['label']} · {short_day(row['closes_on'])}")
                for row in all_reviews.iter_rows(named=True)
            ],
            name="bilan",
            path=PATH,
            params=params,
        ),
    ]
    return filter_bar(chosen, [today_badge(services.today())])


def _head(services: Services, at: Asked) -> Component:
    names = list(slot_names(band_slots(services.store, band=at.band["band"])).values())
    divisions = count(len(at.band["divisions"]), "division")
    lead = f"{divisions}, {count(len(names), 'créneau', 'créneaux')} : {listed(names)}."
    items = [
        Step(
            _LABELS[step],
            href=at.href(etape=step, eleve=None),
            now=step == at.step,
            done=STEPS.index(step) < 0,
        )
        for step in STEPS
    ]
    return page_head(f"Regroupement {at.band['code']} · {at.review['label']}", lead, steps(items))
