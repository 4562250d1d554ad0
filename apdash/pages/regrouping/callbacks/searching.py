"""Starts searches, tells how far they are, stops them, and leads to what they found."""

from dataclasses import replace
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from apdash import current
from apdash.errors import ApdashError
from apdash.jobs import Job, JobState
from apdash.pages.page import Action, only_when_pressed
from apdash.pages.regrouping import ids
from apdash.pages.regrouping.address import Asked
from apdash.pages.regrouping.callbacks.asking import GO, here, here_shown, moved_to, told
from apdash.pages.regrouping.callbacks.preparing import rule_values
from apdash.pages.regrouping.choices import waiting
from apdash.pages.regrouping.search import progress_card
from apdash.pages.regrouping.settings import Wanted, parameters_of, wanted_of
from apdash.pages.regrouping.step_search import EVERY, job_of, progress_of
from apdash.pages.regrouping.view import view_of
from apdash.rebalancing import Parameters, start_regroup
from apdash.rebalancing.explaining import give_up_explaining
from apdash.rebalancing.loosening import loosened
from apdash.store.commands.statements import end_statement

_AGAIN = 20  # ticks after which a page that has not come is asked for again


def register(app: Dash) -> None:
    """Register the callbacks of searches."""
    _register_starts(app)
    _register_progress(app)


def _register_starts(app: Dash) -> None:
    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input(ids.SEARCH, "n_clicks"),
        State({"type": ids.RULE, "name": ALL}, "value"),
        State({"type": ids.RULE, "name": ALL}, "id"),
        State(ids.START_DIAL, "value"),
        State(ids.HISTORY, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def look_for_groups(
        clicks: int | None,
        values: list[int | None],
        names: list[dict[str, str]],
        dial: str,
        history: list[str],
        search: str,
    ) -> str:
        only_when_pressed()
        rules = rule_values(values, names)
        return _started(search, Wanted(rules, "" if dial == "libre" else dial, history=bool(history)))

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input({"type": ids.DIAL, "share": ALL}, "n_clicks"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def ask_another_share(clicks: list[int | None], search: str) -> str:
        only_when_pressed()
        wanted = _of_the_one_shown(here_shown(search))
        return _started(search, replace(wanted, dial=ctx.triggered_id["share"]))

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input(ids.AGAIN, "n_clicks"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def compute_again(clicks: int | None, search: str) -> str:
        only_when_pressed()
        services, viewer, at = current.services(), current.viewer(), here_shown(search)
        wanted, view = _of_the_one_shown(at), view_of(services, viewer, number=at.proposal or 0)
        near = bool(waiting(services, viewer, view))
        # What changes least needs no other limit.
        wanted = replace(wanted, dial="") if near else wanted
        asked = replace(parameters_of(services, viewer, at, wanted), after=at.proposal, near=near)
        return _launched(search, asked, back_to="ajuster")

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input({"type": ids.LOOSEN, "index": ALL}, "n_clicks"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def loosen(clicks: list[int | None], search: str) -> str:
        only_when_pressed()
        services, viewer = current.services(), current.viewer()
        job = job_of(services, here(search))
        if job is None or job.result is None or job.result.parameters is None:
            raise ApdashError("Recherche oubliée.", "Relancez-la depuis « Préparer ».")
        place, changes, asked = ctx.triggered_id["index"], job.result.changes, job.result.parameters
        for change in changes if place == EVERY else changes[place : place + 1]:
            if change.statement is not None:
                end_statement(services.store, viewer, statement=change.statement, now=services.now())
            asked = loosened(asked, change)
        return _launched(search, asked)


def _register_progress(app: Dash) -> None:
    @app.callback(
        Output(ids.PROGRESS, "children"),
        *GO,
        Input(ids.TICK, "n_intervals"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def follow(ticks: int | None, search: str) -> tuple[Any, Any, Any]:
        job = job_of(current.services(), here(search))
        if job is not None and job.state is JobState.RUNNING:
            return progress_card(progress_of(job)), no_update, no_update
        where, words = _arrived(job, search)
        # The page that comes may take longer than a tick: asked for at each, it would never be there.
        if where == search and (ticks or 0) % _AGAIN:
            raise PreventUpdate
        return no_update, where, words

    @app.callback(
        Output(ids.STOP, "disabled"),
        Input(ids.STOP, "n_clicks"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def stop_and_keep(clicks: int | None, search: str) -> bool:
        only_when_pressed()
        job = job_of(current.services(), here(search))
        if job is not None:
            job.stop.set()
        return True


def _started(search: str, wanted: Wanted) -> str:
    """Start a search and return the address that follows it."""
    services, viewer, at = current.services(), current.viewer(), here(search)
    viewer.require(Action.REGROUP)
    return _launched(search, parameters_of(services, viewer, at, wanted))


def _launched(search: str, parameters: Parameters, *, back_to: str | None = None) -> str:
    at = here_shown(search)
    if at.proposal is not None:
        give_up_explaining(current.services(), proposal=at.proposal)
    job = start_regroup(
        current.services(),
        current.viewer(),
        band=at.band["band"],
        review=at.review["review"],
        parameters=parameters,
    )
    return moved_to(search, etape="proposer", tache=job.id, fini=None, retour=back_to, eleve=None)


def _of_the_one_shown(at: Asked) -> Wanted:
    if at.proposal is None:
        raise ApdashError("Quelle proposition ?", "Ouvrez-la d’abord depuis la liste des propositions.")
    return wanted_of(current.services(), current.viewer(), number=at.proposal)


def _arrived(job: Job | None, search: str) -> tuple[str, Component | Any]:
    """Return where a finished search leads, and what to say of it.

    The same search always leads to the same address: late ticks change nothing more.
    """
    over = {"tache": None, "retour": None}
    if job is None:
        return moved_to(search, **over), no_update
    if job.error is not None:
        return moved_to(search, etape="preparer", **over), told(
            job.error.title, warnings=(job.error.message,)
        )
    outcome = job.result
    if outcome.proposal is None:
        return moved_to(search, fini="oui"), no_update
    where = moved_to(search, etape=here(search).back_to or "proposer", proposition=outcome.proposal, **over)
    return where, told("Proposition trouvée", warnings=outcome.notes) if outcome.notes else no_update
