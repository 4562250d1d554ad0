"""What waits for someone, worked out from the data: the most urgent first."""

from collections.abc import Iterator

import polars as pl

from apdash.components.filters import address
from apdash.labels import NBSP, count, day, done, listed, short_day, spaced
from apdash.pages.home.rolls import rolls_to_call
from apdash.pages.home.task import Task
from apdash.pages.needs.asked import ALL, read_asked
from apdash.pages.needs.picture import draw
from apdash.pages.needs.summary import waiting_words
from apdash.pages.workshops.unfilled import unfilled_workshops
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.queries import bands as band_queries
from apdash.store.queries import completeness, proposals, reviews

_LIVE = ("draft", "proposed", "validated", "published")


def tasks(services: Services, viewer: Viewer, year: int) -> list[Task]:
    """Return what waits for this person in a school year."""
    known = reviews.reviews(services.store, year=year)
    begun = known.filter(pl.col("opens_on") <= services.today())
    return [
        *rolls_to_call(services, viewer),
        *_regroupings(services, viewer, year, begun),
        *_entries(services, viewer, begun),
        *(Task(*told) for told in unfilled_workshops(services, viewer, year)),
        *_incomplete(services, viewer, begun),
        *_unserved(services, viewer, begun),
    ]


def _regroupings(services: Services, viewer: Viewer, year: int, begun: pl.DataFrame) -> Iterator[Task]:
    """Yield, for each band, the closed bilan that awaits groups, or the proposal that awaits a decision."""
    if not viewer.can(Action.REGROUP):
        return
    made = proposals.proposals(services.store, viewer, year=year)
    for band in band_queries.bands(services.store, year=year).to_dicts():
        review = _closed_for(services, viewer, band["band"], begun)
        if review is None:
            continue
        here = made.filter((pl.col("band") == band["band"]) & (pl.col("review") == review["review"]))
        yield from _one_regrouping(services, viewer, band, review, here)


def _closed_for(services: Services, viewer: Viewer, band: int, begun: pl.DataFrame) -> dict | None:
    """Return the latest bilan closed for every division of a band whose groups are still to come into force."""
    wanted = band_queries.band_divisions(services.store, band=band)["division"].to_list()
    for review in begun.to_dicts():
        closed = reviews.closed_divisions(services.store, review=review["review"])
        if set(wanted) <= set(closed):
            ahead = review["effective_from"] is not None and review["effective_from"] > services.today()
            return review if ahead else None
    return None


def _one_regrouping(
    services: Services, viewer: Viewer, band: dict, review: dict, made: pl.DataFrame
) -> Iterator[Task]:
    live = made.filter(pl.col("state").is_in(_LIVE))
    where = {"bande": band["code"], "bilan": review["code"]}
    due = f"en vigueur le {short_day(review['effective_from'])}"
    if live.is_empty():
        if made.filter(pl.col("state").is_in(["in_force", "rejected"])).is_empty():
            words = f"{review['label']}, clos pour {listed(band['divisions'])}"
            title = f"Les groupes de {band['code']} sont à former"
            href = address("/regroupement", where)
            yield Task("diagram-3", "accent", title, words, due, href, "Préparer les groupes")
        return
    row = live.row(0, named=True)
    words, action = {
        "draft": ("est prête : à ajuster, puis à proposer", "Ajuster"),
        "proposed": (
            "attend la signature de la direction",
            "Valider" if viewer.can(Action.VALIDATE) else "Relire",
        ),
        "validated": ("est validée : à publier", "Publier"),
        "published": (f"est publiée, en vigueur le {day(row['effective_from'])}", "Voir"),
    }[row["state"]]
    step = "ajuster" if row["state"] == "draft" else "valider"
    href = address("/regroupement", {**where, "etape": step, "proposition": str(row["proposal"])})
    yield Task(
        "diagram-3",
        "accent",
        spaced(f"{row['label'] or 'Une proposition'} de {band['code']} {words}"),
        review["label"],
        due,
        href,
        action,
    )


def _entries(services: Services, viewer: Viewer, begun: pl.DataFrame) -> Iterator[Task]:
    """Yield the divisions of the current bilans where this person still has something to assess."""
    if viewer.staff is None:
        return
    for review in begun.filter(pl.col("closed") < pl.col("divisions")).to_dicts():
        mine = completeness.completeness_by_staff(services.store, viewer, review=review["review"])
        closed = reviews.closed_divisions(services.store, review=review["review"])
        asked = mine.filter((pl.col("staff") == viewer.staff) & ~pl.col("division").is_in(closed))
        for row in asked.filter(pl.col("filled") < pl.col("expected")).to_dicts():
            left = count(row["expected"] - row["filled"], "case")
            href = address("/bilans", {"bilan": str(review["review"]), "division": str(row["division"])})
            title = f"{review['label']} de {row['code']}{NBSP}: {left} à remplir"
            words = f"{done(row['share'])} de vos observations sont saisies"
            due = f"clôture le {short_day(review['closes_on'])}"
            yield Task("clipboard-check", "accent", title, words, due, href, "Saisir")


def _incomplete(services: Services, viewer: Viewer, begun: pl.DataFrame) -> Iterator[Task]:
    """Yield, for who closes bilans, the current ones with divisions not closed yet."""
    if not viewer.can(Action.CLOSE_REVIEW):
        return
    for review in begun.filter(pl.col("closed") < pl.col("divisions")).to_dicts():
        divisions = reviews.review_divisions(services.store, viewer, review=review["review"])
        open_ones = divisions.filter(pl.col("closed_at").is_null()).select("division")
        shares = completeness.completeness_by_division(services.store, viewer, review=review["review"])
        late = shares.join(open_ones, on="division", how="semi").filter(pl.col("share") < 1).sort("share")
        named = [f"{row['code']} à {done(row['share'])}" for row in late.head(3).to_dicts()]
        still = count(open_ones.height, "division n’est pas close", "divisions ne sont pas closes")
        words = listed(named) if named else "saisie complète partout"
        href = address("/bilans", {"bilan": str(review["review"])})
        due = f"clôture le {short_day(review['closes_on'])}"
        yield Task(
            "clipboard-check",
            "watch",
            f"{review['label']}{NBSP}: {still}",
            words,
            due,
            href,
            "Voir la saisie",
        )


def _unserved(services: Services, viewer: Viewer, begun: pl.DataFrame) -> Iterator[Task]:
    """Yield how many students have a strong need that no group of theirs works on."""
    if not viewer.can(Action.REGROUP):
        return
    for review in begun.filter(pl.col("closed") > 0).head(1).to_dicts():
        where = {"niveau": ALL, "bilan": str(review["review"])}
        picture = draw(services, viewer, read_asked({**where, "vue": "tableau"}))
        waits, then = (int(picture.students[name].sum()) for name in ("waits", "waits_then"))
        if waits:
            kind = "watch" if picture.coming and not then else "alert"
            title = waiting_words(waits, then, picture.coming)
            strong = f"un besoin à {round(services.reference.rules.strong_from)} ou plus"
            whole = count(int(picture.students["priority"].sum()), "élève a", "élèves ont")
            words = f"{whole} {strong} qu’un groupe peut travailler, d’après {review['label'].lower()}"
            href = address("/besoins", {**where, "non-servis": "oui"})
            yield Task("exclamation-triangle", kind, title, words, "", href, "Voir la liste")
