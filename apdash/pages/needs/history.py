"""The bilans of the same year up to the one shown, for the same students."""

import polars as pl

from apdash.pages.needs.picture import Picture
from apdash.pages.needs.summary import shares_by_review
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.intensities import frozen_intensities


def before_and_now(
    services: Services, viewer: Viewer, picture: Picture
) -> tuple[list[tuple[int, str]], pl.DataFrame]:
    """Return the bilans (id, label), oldest first and the one shown last, and the shares of each need at each.

    Shares: review, need, short_name, known, strong, share (nullable). Only the students shown count, at every bilan.
    """
    review = picture.review
    if review is None:
        return [], pl.DataFrame(
            schema={"review": pl.Int64, "need": pl.String, "short_name": pl.String, "share": pl.Float64}
        )
    year = picture.reviews.filter(
        (pl.col("year") == review["year"]) & (pl.col("closes_on") <= review["closes_on"])
    )
    frozen = frozen_intensities(services.store, viewer, year=review["year"])
    past = frozen.join(year.select("review"), on="review", how="semi").join(
        picture.students.select("student"), on="student", how="semi"
    )
    shares = shares_by_review(past, picture.cells, review=review["review"]).join(
        picture.needs.select("short_name", need="code"), on="need", maintain_order="left"
    )
    kept = shares["review"].unique().to_list()
    rows = year.sort("closes_on", "review").filter(pl.col("review").is_in(kept)).select("review", "label")
    return list(rows.iter_rows()), shares
