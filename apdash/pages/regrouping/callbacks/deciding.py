"""Step 4: the acts that lead a proposal from draft to groups in force, or away."""

from typing import Any

from dash import ALL, Dash, Input, State, ctx
from dash.development.base_component import Component

from apdash import current
from apdash.labels import count, long_day
from apdash.pages.page import only_when_pressed
from apdash.pages.regrouping import ids
from apdash.pages.regrouping.callbacks.asking import GO, here_shown, refreshed, told
from apdash.pages.regrouping.step_decide import prolongation
from apdash.store.commands.adoption import bring_back, put_in_force
from apdash.store.commands.group_changes import prolong_groups
from apdash.store.commands.proposals import propose, publish, reject, validate


def register(app: Dash) -> None:
    """Register the callbacks of the step."""

    @app.callback(
        *GO,
        Input({"type": ids.DECIDE, "act": ALL}, "n_clicks"),
        State({"type": ids.REASON, "index": ALL}, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def decide(clicks: list[int | None], reasons: list[str | None], search: str) -> tuple[str, Component]:
        only_when_pressed()
        number = here_shown(search).proposal or 0
        reason = next((words for words in reasons if words), "")
        return refreshed(search), _ACTS[ctx.triggered_id["act"]](number, reason)


def _propose(number: int, reason: str) -> Component:
    propose(**_who(number))
    return told("Proposée à la direction", "Rien ne change encore pour les élèves.")


def _validate(number: int, reason: str) -> Component:
    warnings = validate(**_who(number))
    return told("Proposition validée", "Il reste à la publier.", warnings=tuple(warnings))


def _publish(number: int, reason: str) -> Component:
    publish(**_who(number))
    return told("Proposition publiée", "Il reste à la mettre en vigueur.")


def _adopt(number: int, reason: str) -> Component:
    done = put_in_force(**_who(number), reference=current.services().reference)
    words = f"{count(done.moved, 'place change', 'places changent')} de groupe."
    return told(
        "Groupes mis en vigueur", words if done.moved else "Personne ne quitte un groupe pour un autre."
    )


def _undo(number: int, reason: str) -> Component:
    bring_back(**_who(number))
    return told("Mise en vigueur annulée", "Les groupes d’avant sont rétablis.")


def _reject(number: int, reason: str) -> Component:
    who = _who(number)
    reject(**who, reason=reason)
    services, viewer = current.services(), current.viewer()
    going_on = prolongation(services, viewer, number=number)
    if going_on is None:
        return told("Proposition rejetée", "Elle reste lisible, avec son motif.")
    band, until = going_on
    prolong_groups(services.store, viewer, band=band, on=services.today(), until=until, now=services.now())
    return told("Proposition rejetée", f"Les groupes actuels continuent jusqu’au {long_day(until)}.")


_ACTS = {
    "propose": _propose,
    "validate": _validate,
    "publish": _publish,
    "adopt": _adopt,
    "undo": _undo,
    "reject": _reject,
}


def _who(number: int) -> dict[str, Any]:
    services = current.services()
    return {"store": services.store, "viewer": current.viewer(), "proposal": number, "now": services.now()}
