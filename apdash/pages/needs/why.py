"""One number of the map, unfolded."""

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.parts import breakdown
from apdash.errors import ApdashError
from apdash.pages.needs.asked import read_asked
from apdash.pages.needs.picture import review_asked
from apdash.pages.page import Params
from apdash.reference import Reference
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.needs import need_parts, needs_of_review


def why(
    services: Services, viewer: Viewer, params: Params, *, student: int, need: str
) -> tuple[str, Component]:
    """Return the title and the body of the panel; raises `ApdashError` when there is nothing to show this person."""
    review = review_asked(services, read_asked(params))
    store, reference = services.store, services.reference
    names = reference.needs.filter(code=need)
    found = (
        pl.DataFrame()
        if review is None
        else needs_of_review(store, viewer, review=review, reference=reference)
    )
    cell = found.filter(student=student, need=need) if found.height else found
    if cell.is_empty() or names.is_empty():
        raise ApdashError(
            "Ce chiffre n’est pas accessible.", "La page a peut-être changé\u00a0: rechargez-la."
        )
    row = cell.row(0, named=True)
    parts = need_parts(store, viewer, review=review, student=student, need=need, reference=reference)
    number = "?" if row["value"] is None else str(row["value"])
    who = html.Div(
        [html.Span(f"{row['first_name']} {row['last_name']}", className="b"), f" {row['division_code']}"]
    )
    body = [
        who,
        html.Div(names["label"].item(), className="soft mb-2"),
        breakdown(labelled(reference, parts), value=row["value"], coverage=row["coverage"]),
        dcc.Link(
            "Ouvrir la fiche de l’élève",
            href=address("/eleve", {}, id=str(student), bilan=str(review), besoin=need),
            className="btn btn-outline mt-3",
        ),
    ]
    return f"De quoi est fait ce {number}", html.Div(body)


def labelled(reference: Reference, parts: pl.DataFrame) -> pl.DataFrame:
    """Return the parts of a need with the words of each: a competency, or what corrects.

    Columns: label, kind, level (nullable), weight, points, detail (never null).
    """
    names = reference.competencies.select("code", name="label")
    told = parts.with_columns(pl.col("detail").fill_null(""))
    known = told.join(names, on="code", how="left", maintain_order="left")
    said = pl.when(pl.col("detail") != "").then("detail")
    return known.select(
        "kind", "level", "weight", "points", "detail", label=pl.coalesce("name", said, "code")
    )
