"""The page « Regroupement »: four steps in one address."""

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.filters import dropdown
from apdash.components.frame import filter_bar, link_button, page_head, today_badge
from apdash.components.states import empty
from apdash.components.steps import Step, steps
from apdash.labels import PROPOSAL_STATES, count, listed, moment, short_day
from apdash.pages.page import Params, Services, Viewer
from apdash.pages.regrouping.address import LIST, PATH, STEPS, Asked, asked
from apdash.pages.regrouping.listing import proposals_card
from apdash.pages.regrouping.minutes import minutes_part
from apdash.pages.regrouping.panel import panel_of
from apdash.pages.regrouping.step_adjust import adjust_step, chosen_slot
from apdash.pages.regrouping.step_decide import decide_step
from apdash.pages.regrouping.step_prepare import prepare_step
from apdash.pages.regrouping.step_propose import nothing_step, result_step
from apdash.pages.regrouping.step_search import search_step
from apdash.pages.regrouping.view import View, view_of
from apdash.pages.regrouping.words import slot_names
from apdash.store.queries.bands import band_slots, bands
from apdash.store.queries.calendar import current_year
from apdash.store.queries.journal import account_names
from apdash.store.queries.proposals import proposals
from apdash.store.queries.reviews import reviews

_LABELS = {"preparer": "Préparer", "proposer": "Proposer", "ajuster": "Ajuster", "valider": "Valider"}


def layout(services: Services, viewer: Viewer, params: Params) -> Component:
    """Return the page for what the address asks: filters, title, steps, and the step itself."""
    known_bands, known_reviews = choices(services)
    if known_bands.is_empty():
        words = "Une bande réunit les divisions qui ont leurs heures d’accompagnement au même moment."
        return _alone("Aucune bande cette année", words, link_button("Ouvrir les réglages", "/reglages"))
    if known_reviews.is_empty():
        words = "Les groupes se cherchent après un bilan."
        return _alone("Aucun bilan cette année", words, link_button("Ouvrir les bilans", "/bilans"))
    at = asked(params, bands=known_bands, reviews=known_reviews, step=STEPS[0])
    rows = _rows(services, viewer, at)
    return html.Div(
        [
            _filters(services, at, known_bands, known_reviews, rows),
            html.Div(_page(services, viewer, at, rows), className="page"),
        ]
    )


def _page(services: Services, viewer: Viewer, at: Asked, rows: pl.DataFrame) -> list[Component]:
    if at.step == LIST:
        links = {
            number: at.href(etape="proposer", proposition=number) for number in rows["proposal"].to_list()
        }
        signed = rows.with_columns(pl.col("made_by").replace(account_names(services.store)))
        return [
            _head(services, at, rows, None),
            proposals_card(signed, links, prepare=at.href(etape="preparer")),
            minutes_part(services, viewer, rows, links),
        ]
    searching = search_step(services, at) if at.step == "proposer" else None
    if searching is not None:
        return [_head(services, at, rows, None), searching]
    view = None if at.step == "preparer" else _shown(services, viewer, at, rows)
    return [_head(services, at, rows, view), _step(services, viewer, at, view, rows)]


def shown_of(services: Services, viewer: Viewer, at: Asked) -> View | None:
    """Return the proposal the address leads to."""
    return _shown(services, viewer, at, _rows(services, viewer, at))


def shown_number(services: Services, viewer: Viewer, at: Asked) -> int | None:
    """Return the number of the proposal on screen, which the address need not say; None when there is none."""
    return _number(at, _rows(services, viewer, at))


def _rows(services: Services, viewer: Viewer, at: Asked) -> pl.DataFrame:
    return proposals(
        services.store, viewer, year=at.band["year"], band=at.band["band"], review=at.review["review"]
    )


def _shown(services: Services, viewer: Viewer, at: Asked, rows: pl.DataFrame) -> View | None:
    number = _number(at, rows)
    return None if number is None else view_of(services, viewer, number=number)


def _number(at: Asked, rows: pl.DataFrame) -> int | None:
    """Return the proposal on screen: the one asked for, else the last of this band and bilan, else none."""
    known = rows["proposal"].to_list()
    if at.proposal in known:
        return at.proposal
    alive = rows.filter(~pl.col("state").is_in(["rejected", "undone"]))["proposal"].to_list() or known
    return alive[0] if alive else None


def _step(services: Services, viewer: Viewer, at: Asked, view: View | None, rows: pl.DataFrame) -> Component:
    if at.step == "preparer":
        return prepare_step(services, viewer, at)
    if view is None:
        return nothing_step(at)
    if at.step == "valider":
        return decide_step(services, viewer, at, view)
    if at.step == "ajuster":
        return adjust_step(services, viewer, at, view, panel=_panel(services, viewer, at, view))
    return result_step(services, viewer, at, view, rows)


def _panel(services: Services, viewer: Viewer, at: Asked, view: View) -> Component | None:
    if at.student is None or view.plan is None:
        return None
    return panel_of(services, viewer, view, student=str(at.student), slot=chosen_slot(at, view))


def choices(services: Services) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the bands of the year and its bilans begun by today: those with a closed division first, latest first."""
    today = services.today()
    year = current_year(services.store, today) or 0
    known_bands = bands(services.store, year=year).with_columns(year=pl.lit(year))
    begun = reviews(services.store, year=year).filter(pl.col("opens_on") <= today)
    return known_bands, begun.sort(pl.col("closed") == 0, maintain_order=True)


def _alone(title: str, words: str, action: Component) -> Component:
    return html.Div([page_head("Regroupement"), empty(title, words, action)], className="page")


def _filters(
    services: Services, at: Asked, all_bands: pl.DataFrame, all_reviews: pl.DataFrame, rows: pl.DataFrame
) -> Component:
    params = {name: value for name, value in at.params().items() if name in ("bande", "bilan", "etape")}
    some_bands = [
        (row["code"], f"{row['code']} · {', '.join(row['divisions'])}")
        for row in all_bands.iter_rows(named=True)
    ]
    some_reviews = [
        (row["code"], f"{row['label']} · {short_day(row['closes_on'])}")
        for row in all_reviews.iter_rows(named=True)
    ]
    chosen = [
        dropdown("Bande", some_bands, name="bande", path=PATH, params=params),
        dropdown("Bilan", some_reviews, name="bilan", path=PATH, params=params),
    ]
    every = link_button(
        f"Propositions ({rows.height})",
        at.href(etape=LIST, eleve=None),
        icon="folder2-open",
        kind="outline btn-sm",
    )
    return filter_bar(chosen, [today_badge(services.today()), every])


def _head(services: Services, at: Asked, rows: pl.DataFrame, view: View | None) -> Component:
    names = list(slot_names(band_slots(services.store, band=at.band["band"])).values())
    divisions = count(len(at.band["divisions"]), "division")
    lead = f"{divisions}, {count(len(names), 'créneau', 'créneaux')} : {listed(names)}."
    if view is not None:
        row = view.row
        who = account_names(services.store).get(row.made_by, row.made_by)
        lead = f"{row.label}, {PROPOSAL_STATES[row.state]}, demandée le {moment(row.made_at)} par {who}."
    position = STEPS.index(at.step) if at.step in STEPS else -1
    items = [
        Step(
            _LABELS[step],
            href=at.href(etape=step, eleve=None, creneau=None),
            now=step == at.step,
            done=index < position,
        )
        for index, step in enumerate(STEPS)
    ]
    return page_head(f"Regroupement {at.band['code']} · {at.review['label']}", lead, steps(items))
