"""Reads the dial of the proposal on screen: kept, under way, still to compute, or why there is none."""

from dash.development.base_component import Component

from apdash.labels import NBSP, count
from apdash.pages.page import Services, Viewer
from apdash.pages.regrouping.dial import dial_body, dial_missing, dial_under_way, is_shown
from apdash.pages.regrouping.view import View
from apdash.rebalancing.dial import POINTS, chosen, dial_key, dial_of, start_dial
from apdash.store.queries.proposals import Proposal, proposal

_OPEN = ("draft", "proposed", "validated")


def owner_of(services: Services, viewer: Viewer, view: View) -> Proposal:
    """Return the proposal whose dial holds the one on screen: itself, or the one it was chosen from."""
    parent = view.row.parameters.get("dial_of")
    return proposal(services.store, viewer, proposal=parent) if parent else view.row


def dial_shown(services: Services, viewer: Viewer, view: View) -> tuple[list[Component], bool]:
    """Return what the card of the dial holds, and whether more is to come."""
    owner, found = owner_of(services, viewer, view), view.found
    if found is None:
        return [], False
    kept = owner.parameters.get("dial")
    if kept:
        return dial_body(
            dial_of(owner, kept), found=found, least=services.reference.rules.move_gain_min
        ), False
    job = services.jobs.latest(dial_key(owner.id))
    if job is not None and job.error is not None:
        return dial_missing(job.error.title, job.error.message), False
    if job is None and owner.state not in _OPEN:
        return dial_missing("Pas de cadran", "Cette proposition a été décidée sans lui."), False
    come = job.progress.found if job is not None else ()
    told = f"Calcul du cadran{NBSP}: {count(len(come), 'point')} sur {POINTS} au plus…"
    dial = dial_of(owner, {"points": come, "fewest_proven": False}) if come else None
    return dial_under_way(dial, found=found, told=told), True


def is_recommended(services: Services, viewer: Viewer, view: View) -> bool:
    """Tell whether the proposal on screen is the point its dial recommends."""
    owner = owner_of(services, viewer, view)
    kept = owner.parameters.get("dial")
    if not kept or view.found is None:
        return False
    points = dial_of(owner, kept).points
    best = chosen(points, least=services.reference.rules.move_gain_min).place
    return is_shown(points[best], view.found)


def dial_followed(services: Services, viewer: Viewer, view: View) -> tuple[list[Component], bool]:
    """Return the same as `dial_shown`, once its computation is started if nothing was."""
    owner = owner_of(services, viewer, view)
    if not owner.parameters.get("dial") and services.jobs.latest(dial_key(owner.id)) is None:
        start_dial(services, viewer, proposal=owner.id)
    return dial_shown(services, viewer, view)
