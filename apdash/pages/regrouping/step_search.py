"""Step 2 while there is no composition to show: the search under way, or why none can be found."""

from dash import html
from dash.development.base_component import Component

from apdash.components.frame import button, link_button
from apdash.components.states import notice
from apdash.jobs import Job, JobState
from apdash.labels import spaced
from apdash.pages.page import Services
from apdash.pages.regrouping import ids
from apdash.pages.regrouping.address import Asked
from apdash.pages.regrouping.search import Progress, search_card
from apdash.rebalancing import Outcome, job_key

LIMIT = 30.0
EVERY = -1  # the place of the button that applies every loosening
_ALONE = (
    "Les adultes, les salles et les séances de la période suffisent à l’empêcher\u00a0; "
    "« Préparer » dit ce qui y manque."
)


def job_of(services: Services, at: Asked) -> Job | None:
    """Return the search of this band that is under way, else the one the address speaks of, else none."""
    running = services.jobs.running(job_key(at.band["band"]))
    found = running or (services.jobs.find(at.job) if at.job else None)
    return found if found is not None and found.key == job_key(at.band["band"]) else None


def progress_of(job: Job) -> Progress:
    """Return how far a search is."""
    told = job.progress
    return Progress(
        seconds=job.seconds,
        limit=LIMIT,
        best=told.score,
        bound=told.bound,
        gap=told.gap,
        stopping=job.stop.is_set(),
    )


def search_step(services: Services, at: Asked) -> Component | None:
    """Return the search under way, or what kept the last one from an answer; None when there is neither."""
    job = job_of(services, at)
    if job is None:
        return None
    if job.state is JobState.RUNNING:
        return search_card(progress_of(job), title=f"Recherche des groupes de {at.band['code']}")
    outcome = job.result if job.error is None else None
    return no_answer(outcome, at) if outcome is not None and outcome.proposal is None else None


def no_answer(outcome: Outcome, at: Asked) -> Component:
    """Return why nothing was found: what does not hold together, and what would have to give, as buttons."""
    back = link_button("Revoir les règles et les demandes", at.href(etape="preparer"), icon="arrow-left")
    if outcome.status != "infeasible":
        words = "Le temps est passé avant la première répartition. Relancez, ou desserrez une règle."
        return notice("watch", "La recherche s’est arrêtée sans résultat", words, [back])
    together = html.Ul([html.Li(words) for words in outcome.conflict], className="rg-facts")
    alone = len(outcome.conflict) == 1
    title = "Ceci ne peut pas être tenu" if alone else "Ces demandes et ces règles ne tiennent pas ensemble"
    why = html.P(spaced(_ALONE), className="s mb-1") if alone else None
    told, ways = _ways_out(outcome)
    return notice("alert", title, html.Div([together, why, _unproven(outcome), told]), [*ways, back])


def _ways_out(outcome: Outcome) -> tuple[Component | None, list[Component]]:
    """Return what would have to give, and the buttons that apply it: one for all, where more than one thing has to."""
    words = [change.words.removesuffix(".") for change in outcome.changes]
    if not words:
        return None, []
    give = html.P("Ce qui suffirait\u00a0:", className="mt-2 mb-1")
    if len(words) > 1 and not any(change.by_hand for change in outcome.changes):
        every = html.Ul([html.Li(f"{one}.") for one in words], className="rg-facts")
        both = "ces deux assouplissements" if len(words) == 2 else f"ces {len(words)} assouplissements"
        key = {"type": ids.LOOSEN, "index": EVERY}
        return html.Div([give, every]), [button(f"Appliquer {both} et chercher", key, kind="outline")]
    return give, [
        button(one, {"type": ids.LOOSEN, "index": index}, kind="outline", disabled=change.by_hand)
        for index, (one, change) in enumerate(zip(words, outcome.changes, strict=True))
    ]


def _unproven(outcome: Outcome) -> Component | None:
    """Return what the time did not suffice to prove of a conflict and of its ways out."""
    words = []
    if not outcome.irreducible:
        words.append(
            "Le temps a manqué pour réduire cette liste\u00a0: l’un de ces points n’y est peut-être pour rien."
        )
    if not outcome.smallest and outcome.changes:
        words.append("Ce qui est proposé suffit, mais un assouplissement plus petit existe peut-être.")
    return html.P(" ".join(words), className="s") if words else None
