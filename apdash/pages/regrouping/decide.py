"""Step 4, « Valider »: what changes for whom, and the decision, step by step."""

from dataclasses import dataclass
from datetime import date, datetime

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import button, card, link_button
from apdash.components.marks import badge
from apdash.components.states import notice
from apdash.labels import NBSP, PROPOSAL_STATES, long_day, moment, short_day
from apdash.pages.regrouping import ids

TRACK = ("draft", "proposed", "validated", "published", "in_force")


@dataclass(frozen=True, slots=True)
class Case:
    """A proposal at the moment of deciding. stale: what changed underneath since it was computed, in words."""

    state: str
    effective_from: date
    decided_at: datetime | None
    decided_by: str
    reason: str
    stale: str
    may_validate: bool
    prolong_until: date | None


def track(case: Case) -> Component:
    """Return the states a proposal goes through, with where it stands."""
    if case.state in ("rejected", "undone"):
        words = f"{PROPOSAL_STATES[case.state]}" + (
            f" le {moment(case.decided_at)}" if case.decided_at else ""
        )
        who = f" par {case.decided_by}" if case.decided_by else ""
        reason = f"Motif{NBSP}: {case.reason}" if case.reason else None
        return notice("watch", f"Proposition {words}{who}", reason)
    at = TRACK.index(case.state)
    parts = [
        html.Li(
            [html.I(className="bi bi-check-lg", **{"aria-hidden": "true"}) if index < at else None,
             PROPOSAL_STATES[state] + (f" le {short_day(case.effective_from)}" if state == "in_force" else "")],
            className="now" if index == at else "done" if index < at else "",
            **({"aria-current": "step"} if index == at else {}),
        )
        for index, state in enumerate(TRACK)
    ]  # fmt: skip
    return html.Ol(parts, className="rg-track", **{"aria-label": "Où en est la proposition"})


def decision_card(case: Case, *, again: str, groups: str, anew: str) -> Component:
    """Return the card of the decision: where the proposal is, what this person may do now, and what it does."""
    body = [track(case)]
    if case.stale and case.state in TRACK[:-1]:
        link = link_button("Recalculer", again, icon="arrow-repeat", kind="primary")
        body.append(notice("alert", "Quelque chose a changé depuis le calcul", case.stale, [link]))
    else:
        body += _acts(case, groups=groups)
    if case.state in TRACK[:-1]:
        body.append(_reject(case))
    elif case.state != "in_force":
        body.append(link_button("Chercher d’autres groupes", anew, icon="search", kind="primary"))
    return card("Décision", html.Div(body, className="stack"))


def _acts(case: Case, *, groups: str) -> list[Component]:
    day = long_day(case.effective_from)
    match case.state:
        case "draft":
            words = "La direction recevra cette composition\u00a0; rien ne change encore pour les élèves."
            return [html.P(words, className="soft"), _do("propose", "Proposer à la direction", "send")]
        case "proposed" if case.may_validate:
            words = f"Valider engage l’établissement\u00a0; les groupes changeront le {day}, pas avant."
            return [html.P(words, className="soft"), _do("validate", "Valider", "check2-circle")]
        case "proposed":
            return [html.P("La direction doit maintenant la valider.", className="soft")]
        case "validated":
            words = "Publier l’annonce à toute l’équipe\u00a0; les groupes ne changent pas encore."
            return [html.P(words, className="soft"), _do("publish", "Publier", "megaphone")]
        case "published":
            words = f"Les groupes d’aujourd’hui s’arrêteront la veille du {day}\u00a0; rien n’est effacé."
            return [
                html.P(words, className="soft"),
                _do("adopt", f"Mettre en vigueur le {day}", "calendar-check"),
            ]
        case "in_force":
            return [link_button("Listes à distribuer", groups, icon="printer", kind="primary"), _undo()]
    return []


def _undo() -> Component:
    words = (
        "Les groupes d’avant sont rétablis\u00a0; cette composition reste lisible, "
        "et on peut en chercher une autre."
    )
    act = _do("undo", "Annuler la mise en vigueur", "arrow-counterclockwise", kind="danger-line")
    summary = html.Summary("Revenir aux groupes d’avant")
    return html.Details([summary, html.P(words, className="s soft mb-2"), act], className="rg-more")


def _do(act: str, words: str, icon: str, *, kind: str = "primary") -> Component:
    return button(words, {"type": ids.DECIDE, "act": act}, icon=icon, kind=kind)


def _reject(case: Case) -> Component:
    until = case.prolong_until
    words = "Rejeter" + (f", prolonger les groupes actuels jusqu’au {long_day(until)}" if until else "")
    reason = dcc.Textarea(
        id={"type": ids.REASON, "index": 0}, maxLength=200, className="form-control mt-1", rows=2
    )
    return html.Details(
        [
            html.Summary("Rejeter…"),
            html.Label(
                ["Motif (200 caractères au plus, sans nom d’élève)", reason], className="form-label d-block"
            ),
            _do("reject", words, "x-circle", kind="danger-line"),
        ],
        className="rg-more",
    )


def state_badge(state: str) -> Component:
    """Return the state of a proposal as a badge."""
    kind = {"in_force": "acc", "proposed": "watch", "validated": "acc", "published": "acc"}.get(state, "")
    return badge(PROPOSAL_STATES[state], kind=kind)
