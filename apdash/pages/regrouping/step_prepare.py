"""Step 1 in place: what is there, what is missing, the rules, the demands, and the button that starts the search."""

import dash_bootstrap_components as dbc
import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import button
from apdash.labels import NBSP, listed, long_day, number
from apdash.pages.page import Action, Services, Viewer
from apdash.pages.regrouping import ids
from apdash.pages.regrouping.address import Asked
from apdash.pages.regrouping.demands import demand_form, demands_card
from apdash.pages.regrouping.preparation import readiness
from apdash.pages.regrouping.prepare import adults_card, meetings_card, review_card, warnings
from apdash.pages.regrouping.presence import thin_card
from apdash.pages.regrouping.propose import DIAL
from apdash.pages.regrouping.rules import Limits, rules_card
from apdash.pages.regrouping.words import slot_name
from apdash.rebalancing.cautions import cautions_of
from apdash.store.queries.bands import band_slots, band_staff, band_students, statements

DEFAULT_DIAL = "30"


def prepare_step(services: Services, viewer: Viewer, at: Asked) -> Component:
    """Return the whole step."""
    ready = readiness(services, viewer, band=at.band, review=at.review)
    limits = Limits(
        max_needs_open=at.band["max_needs_open"],
        division_share=round(100 * at.band["max_division_share"]),
        periods=_periods(services),
        floor=round(services.reference.rules.floor),
        urgent_from=round(services.reference.rules.strong_from),
        effective_from=ready.first,
    )
    main = [
        *warnings(ready),
        review_card(ready, href="/bilans"),
        meetings_card(ready),
        thin_card(services, band=at.band, first=ready.first, last=ready.last),
        adults_card(ready),
    ]
    side = [
        _start(ready.first, weight=services.reference.rules.priority_unserved),
        rules_card(limits),
        _demands(services, viewer, at),
    ]
    return html.Div(
        [html.Div(main, className="rg-col"), html.Div(side, className="rg-col")], className="rg-grid"
    )


def _periods(services: Services) -> str:
    """Return for how many periods each need may last, as the reference data say."""
    needs = services.reference.needs.filter(pl.col("in_band") & ~pl.col("reception"))
    by_limit = needs.group_by("max_periods").agg("short_name").sort("max_periods")
    return "\u00a0; ".join(f"{limit} pour {listed(names)}" for limit, names in by_limit.iter_rows())


def _history(weight: float) -> Component:
    """Return the setting by which who was not served last time weighs more."""
    words = f"Compter davantage (×{NBSP}{number(weight, 2)}) les élèves non servis la dernière fois"
    return dbc.Checklist(
        [{"value": "oui", "label": words}], value=["oui"], id=ids.HISTORY, className="rg-kinds mt-2"
    )


def _start(first: object, *, weight: float) -> Component:
    shares = [{"value": value or "libre", "label": label} for value, label in DIAL]
    dial = html.Fieldset(
        [
            html.Legend("Changements, au plus", className="s soft"),
            dbc.RadioItems(shares, value=DEFAULT_DIAL, id=ids.START_DIAL, className="rg-kinds"),
        ],
        className="mt-2",
    )
    return html.Section(
        [
            html.Div(html.H2("Tout est prêt\u00a0?"), className="hd"),
            html.Div(
                [
                    html.P(f"Groupes en vigueur à partir du {long_day(first)}."),
                    dial,
                    _history(weight),
                    html.Div(button("Chercher les groupes", ids.SEARCH, icon="search", kind="primary"),
                             className="d-grid mt-3"),
                ],
                className="bd",
            ),
        ],
        className="card",
    )  # fmt: skip


def _demands(services: Services, viewer: Viewer, at: Asked) -> Component:
    assert at.band is not None
    store, band = services.store, at.band["band"]
    rows = statements(store, viewer, band=band)
    slots = band_slots(store, band=band)
    people = band_students(store, viewer, band=band, on=services.today())
    needs = services.reference.needs.filter(pl.col("in_band"))
    labels = dict(needs.select("code", "short_name").iter_rows())
    adults = band_staff(store, band=band).unique("staff", maintain_order=True)
    form = demand_form(
        students=[
            (row["student"], f"{row['last_name']} {row['first_name']} ({row['division_code']})")
            for row in people.iter_rows(named=True)
        ],
        slots={row["slot"]: slot_name(row["day"], row["starts_at"]) for row in slots.iter_rows(named=True)},
        needs=labels,
        staff=dict(adults.select("staff", "name").iter_rows()),
        may_separate=viewer.can(Action.KEEP_APART),
    )
    named = {row["code"]: slot_name(row["day"], row["starts_at"]) for row in slots.iter_rows(named=True)}
    told = cautions_of(services, viewer, band=band, review=at.review["review"])
    return demands_card(rows, form, needs=labels, slots=named, cautions=told)
