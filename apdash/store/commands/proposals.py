"""The life of a proposal before it takes effect: draft, proposed, validated, published, or rejected with a reason."""

import json
from datetime import date, datetime

from apdash import labels
from apdash.calendar import school_days
from apdash.errors import ApdashError
from apdash.rights import CONSOLE, Action, Viewer
from apdash.store.queries.bands import band as band_row
from apdash.store.queries.bands import closures
from apdash.store.queries.proposals import changes_underneath
from apdash.store.queries.proposals import proposal as proposal_row
from apdash.store.store import Store, Transaction

NOTICE_DAYS = (
    3  # days of class between the decision and the first session: the timetable and families are told
)
STEPS = {"proposed": "draft", "validated": "proposed", "published": "validated"}
STATE_WORDS = labels.PROPOSAL_STATES


def save_draft(
    store: Store,
    viewer: Viewer,
    *,
    band: int,
    review: int,
    label: str,
    parameters: dict,
    problem: dict,
    solution: dict,
    fingerprint: dict[str, str],
    effective_from: date,
    now: datetime,
) -> int:
    """Save a proposal as a draft and return its id. The caller has had it checked by the referee."""
    viewer.require(Action.REGROUP)
    with store.write() as tx:
        created = int(tx.read("select nextval('ids') as id").item())
        tx.run(
            """
            insert into proposal (
                id, band, review, label, state, parameters, problem, solution, fingerprint, effective_from, made_at,
                made_by
            )
            values (
                $id, $band, $review, $label, 'draft', $parameters, $problem, $solution, $fingerprint, $effective_from,
                $now, $login
            )
            """,
            id=created,
            band=band,
            review=review,
            label=label,
            parameters=json.dumps(parameters, ensure_ascii=False),
            problem=json.dumps(problem, ensure_ascii=False),
            solution=json.dumps(solution, ensure_ascii=False),
            fingerprint=json.dumps(fingerprint),
            effective_from=effective_from,
            now=now,
            login=viewer.login,
        )
    return created


def keep_dial(store: Store, viewer: Viewer, *, proposal: int, dial: dict) -> None:
    """Keep beside a proposal the other compositions found for fewer or more moves. dial: see `rebalancing.dial`."""
    viewer.require(Action.REGROUP)
    _keep(store, proposal=proposal, dial=dial)


def keep_explanation(store: Store, viewer: Viewer, *, proposal: int, explanation: dict) -> None:
    """Keep beside a proposal what explains it. explanation: see `rebalancing.explaining`."""
    viewer.require(Action.REGROUP)
    _keep(store, proposal=proposal, explanation=explanation)


def propose(store: Store, viewer: Viewer, *, proposal: int, now: datetime) -> None:
    """Hand a draft to the direction."""
    viewer.require(Action.REGROUP)
    _step(store, viewer, proposal=proposal, to="proposed", now=now)


def validate(store: Store, viewer: Viewer, *, proposal: int, now: datetime) -> list[str]:
    """Record the direction's agreement; return what to be careful about, in French (short notice)."""
    viewer.require(Action.VALIDATE)
    _step(store, viewer, proposal=proposal, to="validated", now=now)
    return notice_warnings(store, proposal=proposal, today=now.date())


def publish(store: Store, viewer: Viewer, *, proposal: int, now: datetime) -> None:
    """Tell everybody of a validated proposal; groups change only when it is put in force."""
    viewer.require(Action.REGROUP)
    _step(store, viewer, proposal=proposal, to="published", now=now)


def reject(store: Store, viewer: Viewer, *, proposal: int, reason: str, now: datetime) -> None:
    """Turn a proposal down with a reason of at most 200 characters; it stays readable."""
    viewer.require(Action.REGROUP)
    if not reason.strip() or len(reason) > 200:
        raise ApdashError("Motif attendu.", "Dites pourquoi, en 200 caractères au plus.")
    with store.write() as tx:
        row = proposal_row(tx, CONSOLE, proposal=proposal)
        if row.state not in ("draft", *STEPS):
            raise ApdashError("Rejet impossible.", f"La proposition est {STATE_WORDS[row.state]}.")
        _record(tx, viewer, proposal=proposal, state="rejected", now=now, reason=reason.strip())


def notice_warnings(store: Store, *, proposal: int, today: date) -> list[str]:
    """Return, in French, what is short or stale in a proposal on the day it is decided."""
    row = proposal_row(store, CONSOLE, proposal=proposal)
    year = int(str(band_row(store, band=row.band)["year"]))
    days = school_days(closures(store, year=year), first=today, last=row.effective_from) - 1
    found = []
    if days < NOTICE_DAYS:
        found.append(
            f"Il reste {labels.count(max(days, 0), 'jour')} de classe avant l’entrée en vigueur : "
            f"{NOTICE_DAYS} sont conseillés pour prévenir élèves et familles."
        )
    stale = changes_underneath(store, proposal=row, effective_from=row.effective_from)
    if stale:
        found.append(f"Depuis le calcul, {labels.listed(stale)} : il faudra relancer le calcul.")
    return found


def _keep(store: Store, *, proposal: int, **parts: dict) -> None:
    with store.write() as tx:
        row = proposal_row(tx, CONSOLE, proposal=proposal)
        tx.run(
            "update proposal set parameters = $parameters where id = $proposal",
            parameters=json.dumps(row.parameters | parts, ensure_ascii=False),
            proposal=proposal,
        )


def _step(store: Store, viewer: Viewer, *, proposal: int, to: str, now: datetime) -> None:
    with store.write() as tx:
        row = proposal_row(tx, CONSOLE, proposal=proposal)
        if row.state != STEPS[to]:
            raise ApdashError(
                "Étape impossible.",
                f"La proposition est {STATE_WORDS[row.state]} : elle ne peut pas devenir {STATE_WORDS[to]}.",
            )
        if row.solution["status"] not in ("optimal", "feasible"):
            raise ApdashError("Étape impossible.", "Le calcul n’a donné aucune répartition à proposer.")
        _record(tx, viewer, proposal=proposal, state=to, now=now)


def _record(
    tx: Transaction, viewer: Viewer, *, proposal: int, state: str, now: datetime, reason: str = ""
) -> None:
    tx.run(
        """
        update proposal set state = $state, decided_at = $now, decided_by = $login, reason = $reason
        where id = $proposal
        """,
        proposal=proposal,
        state=state,
        now=now,
        login=viewer.login,
        reason=reason,
    )
