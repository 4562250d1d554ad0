"""Step 1: add and lift demands, keep the rules of a band."""

import math
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx
from dash.development.base_component import Component

from apdash import current
from apdash.errors import ApdashError
from apdash.pages.page import only_when_pressed
from apdash.pages.regrouping import ids
from apdash.pages.regrouping.address import Asked
from apdash.pages.regrouping.callbacks.asking import GO, here, refreshed, told
from apdash.pages.regrouping.demands import cautions_notice
from apdash.pages.regrouping.settings import Wanted, parameters_of
from apdash.rebalancing.cautions import cautions_of
from apdash.rights import Action
from apdash.store.commands.bands import update_band
from apdash.store.commands.statements import Statement, add_statement, check_shape, end_statement, strange
from apdash.store.queries.bands import band_divisions

_PARTS = {
    "pin": ("slot", "need", "staff"),
    "ban": ("slot", "need", "staff"),
    "cap": ("slot", "need", "at_most"),
}
_FIELDS = (
    ids.STATE_KIND,
    ids.STATE_STUDENTS,
    ids.STATE_SLOT,
    ids.STATE_NEED,
    ids.STATE_STAFF,
    ids.STATE_MOST,
)
_MOST = {"pin": 1, "ban": 1, "together": 2, "apart": 2}  # students: beyond, it lacks nothing, it is wrong


def register(app: Dash) -> None:
    """Register the callbacks of the step."""

    @app.callback(Output(ids.STATE_WORDS, "className"), Input(ids.STATE_KIND, "value"))
    def show_fields(kind: str) -> str:
        return f"rg-form kind-{kind}"

    _register_cautions(app)

    @app.callback(
        *GO,
        Input(ids.STATE_ADD, "n_clicks"),
        *[State(field, "value") for field in _FIELDS],
        State("url", "search"),
        prevent_initial_call=True,
    )
    def add_demand(clicks: int | None, *typed: Any) -> tuple[str, Component]:  # noqa: ANN401
        only_when_pressed()
        *fields, search = typed
        stated = add_statement(
            current.services().store,
            current.viewer(),
            current.services().reference,
            band=here(search).band["band"],
            statement=demand(*fields),
            now=current.services().now(),
        )
        return refreshed(search), told(
            "Demande ajoutée", "Elle vaut dès la prochaine recherche.", warnings=stated.warnings
        )

    @app.callback(
        *GO,
        Input({"type": ids.END_STATEMENT, "statement": ALL}, "n_clicks"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def lift_demand(clicks: list[int | None], search: str) -> tuple[str, Component]:
        only_when_pressed()
        services = current.services()
        end_statement(
            services.store, current.viewer(), statement=int(ctx.triggered_id["statement"]), now=services.now()
        )
        return refreshed(search), told("Demande levée")

    @app.callback(
        *GO,
        Input(ids.KEEP_RULES, "n_clicks"),
        State({"type": ids.RULE, "name": ALL}, "value"),
        State({"type": ids.RULE, "name": ALL}, "id"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def keep_rules(
        clicks: int | None, values: list[int | None], names: list[dict[str, str]], search: str
    ) -> tuple[str, Component]:
        only_when_pressed()
        store, band = current.services().store, here(search).band
        rules = rule_values(values, names)
        update_band(
            store,
            current.viewer(),
            band=band["band"],
            label=band["label"],
            divisions=band_divisions(store, band=band["band"])["division"].to_list(),
            max_needs_open=rules["max_needs_open"],
            max_division_share=rules["division_share"] / 100,
            max_periods=band["max_periods"],
        )
        words = "Besoins ouverts et part d’une division vaudront pour les prochaines recherches."
        return refreshed(search), told("Règles gardées", words)


def _register_cautions(app: Dash) -> None:
    @app.callback(
        Output(ids.STATE_CAUTIONS, "children"),
        *[Input(field, "value") for field in _FIELDS],
        State("url", "search"),
        prevent_initial_call=True,
    )
    def warn_of_demand(*typed: Any) -> Component | None:  # noqa: ANN401
        *fields, search = typed
        _, students, *_ = fields
        return cautions_notice(demand_cautions(here(search), demand(*fields))) if students else None

    @app.callback(
        Output(ids.RULE_CAUTIONS, "children"),
        Input({"type": ids.RULE, "name": ALL}, "value"),
        State({"type": ids.RULE, "name": ALL}, "id"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def warn_of_rules(values: list[int | None], names: list[dict[str, str]], search: str) -> Component | None:
        if None in values or not values:
            return None
        services, viewer, at = current.services(), current.viewer(), here(search)
        viewer.require(Action.REGROUP)
        wanted = Wanted(rule_values(values, names), "")
        return cautions_notice(
            cautions_of(
                services,
                viewer,
                band=at.band["band"],
                review=at.review["review"],
                parameters=parameters_of(services, viewer, at, wanted),
            )
        )


def demand_cautions(at: Asked, statement: Statement) -> list[str]:
    """Return what is strange in a demand as it is typed; nothing while it lacks a part."""
    services, viewer, band = current.services(), current.viewer(), at.band["band"]
    viewer.require(Action.CONSTRAIN)
    try:
        check_shape(statement)
    except ApdashError as error:
        return [error.message] if len(statement.students) > _MOST.get(statement.kind, math.inf) else []
    told = strange(services.store, viewer, band=band, statement=statement, on=services.today())
    if told and statement.kind == "pin":  # a count would say the same in other words
        return told
    return [*told, *cautions_of(services, viewer, band=band, review=at.review["review"], typed=statement)]


def demand(
    kind: str,
    students: list[int] | None,
    slot: int | None,
    need: str | None,
    staff: int | None,
    at_most: int | None,
) -> Statement:
    """Return the demand the form describes, without the fields its kind does not use."""
    if not students:
        raise ApdashError("Demande incomplète.", "Choisissez d’abord un ou plusieurs élèves.")
    given = {"slot": slot, "need": need, "staff": staff, "at_most": at_most}
    used = {name: value for name, value in given.items() if name in _PARTS.get(kind, ())}
    return Statement(kind=kind, students=tuple(students), by_direction=kind == "apart", **used)


def rule_values(values: list[int | None], names: list[dict[str, str]]) -> dict[str, int]:
    """Return the rules by name; raises `ApdashError` when a field is empty or out of its bounds."""
    if any(value is None for value in values):
        raise ApdashError("Règle incomplète.", "Un des champs est vide ou hors de ses bornes.")
    return {name["name"]: int(value) for name, value in zip(names, values, strict=True) if value is not None}
