"""The views of a bilan, each from its queries: all divisions, one grid, the interviews, the empty cells."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import button, filter_bar
from apdash.labels import count
from apdash.pages.page import Params
from apdash.pages.reviews import ids
from apdash.pages.reviews.access import expected_codes, typed_as
from apdash.pages.reviews.closing import close_parts, closed_notice, which
from apdash.pages.reviews.figures import late_adults, my_shares
from apdash.pages.reviews.gaps import gaps_page
from apdash.pages.reviews.grid import COMPETENCIES, PATH, grid_page
from apdash.pages.reviews.grid_data import ALL, MINE
from apdash.pages.reviews.interviews import interviews_page
from apdash.pages.reviews.overview import overview_page
from apdash.pages.reviews.where import grade_filter, place_filters, review_filter, scope_filter
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.commands.reviews import late_changes
from apdash.store.queries.completeness import completeness_by_block, completeness_by_staff, missing_entries
from apdash.store.queries.entry import entry_students
from apdash.store.queries.reviews import interviews_done, interviews_of_division


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked at, and by whom. known: the bilans of the year; shares: division_shares of the chosen one."""

    services: Services
    viewer: Viewer
    params: Params
    review: int
    known: pl.DataFrame
    shares: pl.DataFrame

    @property
    def pilots(self) -> bool:
        """True for who closes bilans and reads who is late."""
        return self.viewer.can(Action.CLOSE_REVIEW)


def overview_view(asked: Asked) -> Component:
    """Return the state of all the divisions of the bilan, or of one grade."""
    services, viewer, shares = asked.services, asked.viewer, asked.shares
    grade = asked.params.get("niveau", "")
    shown = shares.filter(pl.col("grade") == grade) if grade in shares["grade"] else shares
    staff = completeness_by_staff(services.store, viewer, review=asked.review)
    page = overview_page(
        asked.known.filter(pl.col("review") == asked.review).row(0, named=True),
        shares=shown,
        blocks=completeness_by_block(services.store, viewer, services.reference, review=asked.review),
        interviews=interviews_done(services.store, viewer, review=asked.review),
        late=late_adults(staff.join(shown, on="division", how="semi")) if asked.pilots else None,
        params=asked.params,
        today=services.today(),
    )
    filters = [
        *grade_filter(services.reference, shares, asked.params),
        review_filter(asked.known, asked.params),
    ]
    return html.Div([filter_bar(filters), page])


def entry_view(asked: Asked, head: Mapping) -> Component:
    """Return the grid of a division, to fill or to read."""
    services, shares = asked.services, asked.shares
    mine = len(expected_codes(services, asked.viewer, review=asked.review, division=head["division"]))
    params = {**asked.params, COMPETENCIES: asked.params.get(COMPETENCIES, MINE) if mine else ALL}
    own = (pl.col("mine") > 0) | (pl.col("division") == head["division"])
    types = typed_as(asked.viewer, head) is not None
    page = grid_page(
        services.reference,
        head,
        editable=types,
        params=params,
        divisions=my_shares(shares.filter(own)) if mine else shares.filter(pl.col("grade") == head["grade"]),
        told=_told(asked, head),
        foot=_foot(asked, params, head),
        notes=[_closed(asked, head)] if head["closed_at"] else [],
    )
    scope = scope_filter(services.reference, params, mine=mine)
    paste = button("Coller depuis un tableur", ids.GRID_PASTE, icon="clipboard") if types else None
    return html.Div([filter_bar([*_places(asked, params, head), scope], paste), page])


def interviews_view(asked: Asked, head: Mapping) -> Component:
    """Return the interviews of a division; the answers only for who may read them."""
    store, scope = asked.services.store, {"review": asked.review, "division": head["division"]}
    reads = asked.pilots or head["leads"]
    page = interviews_page(
        asked.services.reference,
        head,
        students=entry_students(store, asked.viewer, **scope),
        answers=interviews_of_division(store, asked.viewer, **scope) if reads else None,
        told=_told(asked, head),
        params=asked.params,
    )
    return html.Div([filter_bar(_places(asked, asked.params, head)), page])


def gaps_view(asked: Asked, head: Mapping) -> Component:
    """Return the empty cells of a division: one's own where something is expected of this person, else all."""
    store, scope = asked.services.store, {"review": asked.review, "division": head["division"]}
    missing = missing_entries(store, asked.viewer, **scope)
    if not asked.pilots and _row(asked, head)["mine"]:
        missing = missing.filter(pl.col("staff") == asked.viewer.staff)
    page = gaps_page(
        asked.services.reference,
        head,
        missing=missing,
        adults=completeness_by_staff(store, asked.viewer, **scope).select("staff", "name"),
        size=entry_students(store, asked.viewer, **scope).height,
        params=asked.params,
    )
    return html.Div([filter_bar(_places(asked, asked.params, head)), page])


def _places(asked: Asked, params: Params, head: Mapping) -> list[Component]:
    return place_filters(asked.services.reference, asked.known, asked.shares, params, head=head)


def _told(asked: Asked, head: Mapping) -> tuple[int, int]:
    """Return how many students of the division had their interview, and how many there are."""
    done = interviews_done(asked.services.store, asked.viewer, review=asked.review)
    row = done.filter(pl.col("division") == head["division"])
    return int(row["done"].sum()), int(row["students"].sum())


def _row(asked: Asked, head: Mapping) -> Mapping:
    return asked.shares.filter(pl.col("division") == head["division"]).row(0, named=True)


def _foot(asked: Asked, params: Params, head: Mapping) -> list[Component]:
    """Return what stands under the grid: the empty cells, and closing for who may."""
    row = _row(asked, head)
    left = row["left"] if row["mine"] and not asked.pilots else row["expected"] - row["filled"]
    words = f"Voir les {count(left, 'case vide', 'cases vides')}" if left > 1 else "Voir les cases vides"
    counts = {"id": ids.GRID_LEFT} if row["mine"] and not asked.pilots else {}
    link = dcc.Link(
        html.Span(words, **counts), href=address(PATH, params, vue="vides"), className="btn btn-outline"
    )
    closes = asked.pilots and not head["closed_at"]
    options = html.Span(id=ids.GRID_OPTIONS, className="s soft")
    return [options, html.Div([link, *(close_parts(head) if closes else [])], className="right"), which(head)]


def _closed(asked: Asked, head: Mapping) -> Component:
    if not asked.pilots:
        return closed_notice(head, None, {}, {})
    services = asked.services
    late = late_changes(
        services.store, asked.viewer, services.reference, review=asked.review, division=head["division"]
    )
    students = entry_students(services.store, asked.viewer, review=asked.review, division=head["division"])
    names = {row[0]: f"{row[1]} {row[2]}" for row in students.iter_rows()}
    return closed_notice(
        head, late, names, dict(services.reference.needs.select("code", "short_name").iter_rows())
    )
