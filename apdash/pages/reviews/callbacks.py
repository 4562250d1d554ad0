"""What the bilan pages do when somebody acts."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

import polars as pl
from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update, set_props
from dash.development.base_component import Component

from apdash import current
from apdash.components.states import toast
from apdash.pages.answers import saved_at
from apdash.pages.reviews import ids
from apdash.pages.reviews.closing import cost_words
from apdash.pages.reviews.entry import add_routes
from apdash.pages.reviews.grid import interviews_words
from apdash.pages.reviews.interviews import (
    SILENCE,
    choice_words,
    lead_words,
    mark_class,
    progress_words,
    status_words,
)
from apdash.pages.reviews.layout import layout
from apdash.store.commands.reviews import close_division, closing_cost, record_interview, reopen
from apdash.store.queries.completeness import completeness_by_division
from apdash.store.queries.reviews import interviews_done, interviews_of_division

Which = Mapping[str, int]


def register(app: Dash) -> None:
    """Attach the grid's addresses and every gesture of the bilan pages."""
    add_routes(app)
    _register_closing(app)
    app.clientside_callback(
        ClientsideFunction("apdash", "reviewGrid"),
        Output(ids.GRID_READY, "children"),
        Input(ids.GRID_SPEC, "data"),
    )

    @app.callback(
        Output(ids.INTERVIEW_STATUS, "children"),
        Output(ids.INTERVIEW_CHOICE, "children"),
        Input({"type": "interview-answer", "question": ALL}, "value"),
        State(ids.INTERVIEW_WHO, "data"),
        prevent_initial_call=True,
    )
    def save_answer(values: list, who: Which) -> tuple[str, list[Component]]:
        if not ctx.triggered_id:
            return no_update, no_update
        return _save(ctx.triggered_id["question"], ctx.triggered[0]["value"], who)


def _register_closing(app: Dash) -> None:
    @app.callback(
        Output(ids.CLOSE_DIALOG, "is_open"),
        Output(ids.CLOSE_COST, "children"),
        Input(ids.CLOSE, "n_clicks"),
        State(ids.WHICH, "data"),
        prevent_initial_call=True,
    )
    def tell_cost(clicks: int, which: Which) -> tuple[bool, list[Component]]:
        if not clicks:
            return no_update, no_update
        services, viewer = current.services(), current.viewer()
        cost = closing_cost(services.store, viewer, services.reference, **which)
        shares = completeness_by_division(services.store, viewer, review=which["review"])
        share = shares.filter(pl.col("division") == which["division"])["share"].sum()
        return True, cost_words(cost, share=share)

    @app.callback(
        Output(ids.CLOSE_DIALOG, "is_open", allow_duplicate=True),
        Input(ids.CLOSE_CANCEL, "n_clicks"),
        prevent_initial_call=True,
    )
    def leave_open(clicks: int) -> bool:
        return False if clicks else no_update

    @app.callback(
        Output("page", "children", allow_duplicate=True),
        Input(ids.CLOSE_CONFIRM, "n_clicks"),
        State(ids.WHICH, "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def close(clicks: int, which: Which, search: str | None) -> Component:
        if not clicks:
            return no_update
        services, viewer = current.services(), current.viewer()
        cost = close_division(services.store, viewer, services.reference, **which, now=services.now())
        set_props("toasts", {"children": toast("info", "Le bilan est clos.", cost.words)})
        return layout(services, viewer, _params(search))

    @app.callback(
        Output("page", "children", allow_duplicate=True),
        Input(ids.REOPEN, "n_clicks"),
        State(ids.WHICH, "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def take_up_again(clicks: int, which: Which, search: str | None) -> Component:
        if not clicks:
            return no_update
        services, viewer = current.services(), current.viewer()
        reopen(services.store, viewer, **which)
        set_props(
            "toasts",
            {"children": toast("info", "Le bilan est rouvert.", "Les chiffres arrêtés sont effacés.")},
        )
        return layout(services, viewer, _params(search))


def _save(question: int, value: str | list[str] | None, who: Which) -> tuple[str, list[Component]]:
    services, viewer = current.services(), current.viewer()
    chosen = _kept(question, value)
    now = services.now()
    review, student = who["review"], who["student"]
    record_interview(
        services.store,
        viewer,
        services.reference,
        review=review,
        student=student,
        answers={question: chosen},
        now=now,
    )
    division = interviews_of_division(services.store, viewer, review=review, division=who["division"])
    answers = division.filter(pl.col("student") == student)
    questions = services.reference.interview["question"].n_unique()
    set_props(ids.told(student), {"children": progress_words(answers.height, questions)})
    set_props(ids.mark(student), {"className": mark_class(answers.height, questions)})
    _recount(review, who["division"])
    return status_words(answers.height, questions, saved_at(now)), choice_words(services.reference, answers)


def _recount(review: int, division: int) -> None:
    """Show how many students of the division have had their interview by now."""
    services, viewer = current.services(), current.viewer()
    done = interviews_done(services.store, viewer, review=review).filter(division=division)
    told = (int(done["done"].sum()), int(done["students"].sum()))
    set_props(ids.INTERVIEW_COUNT, {"children": interviews_words(told)})
    set_props(ids.INTERVIEW_LEAD, {"children": lead_words(*told)})


def _kept(question: int, value: str | list[str] | None) -> list[str]:
    """Return the answers to keep: the last chosen ones when there are too many, none once silence is preferred."""
    rows = current.services().reference.interview.filter(question=question)
    chosen = [value] if isinstance(value, str) else list(value or [])
    if not chosen or chosen[-1] == SILENCE:
        kept, shown = [], [SILENCE]
    else:
        kept = shown = [code for code in chosen if code != SILENCE][-rows["max_answers"][0] :]
    if isinstance(value, list) and shown != chosen:
        set_props(ids.answer(question), {"value": shown})
    return kept


def _params(search: str | None) -> dict[str, str]:
    return dict(parse_qsl((search or "").lstrip("?")))
