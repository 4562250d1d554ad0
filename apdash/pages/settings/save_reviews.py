"""Opens a bilan, and says who is asked to assess what."""

from datetime import date

import polars as pl
from dash import ALL, Dash, Input, Output, State, ctx
from dash.development.base_component import Component

from apdash import current
from apdash.components.states import toast
from apdash.errors import ApdashError
from apdash.expectations import proposed_expectations
from apdash.labels import count
from apdash.pages.page import only_when_pressed
from apdash.store.commands import reviews as commands
from apdash.store.queries import calendar
from apdash.store.queries import reviews as queries

_FIELDS = ("code", "label", "kind", "period", "opens", "closes", "effective", "divisions")
_ROWS = {"division": pl.Int64, "staff": pl.Int64, "competency": pl.String}


def register(app: Dash) -> None:
    """Register the opening of a bilan and the two buttons of its expectations."""

    @app.callback(
        Output("toasts", "children", allow_duplicate=True),
        Output("url", "search", allow_duplicate=True),
        Input("open-review", "n_clicks"),
        *(State(f"review-{field}", "value") for field in _FIELDS),
        prevent_initial_call=True,
    )
    def open_review(clicks: int, *values: object) -> tuple[Component, str]:
        only_when_pressed()
        review = _open(dict(zip(_FIELDS, values, strict=True)))
        return toast(
            "info", "Bilan ouvert.", "Vérifiez qui évalue quoi, plus bas."
        ), f"?partie=bilans&bilan={review}"

    @app.callback(
        Output("toasts", "children", allow_duplicate=True),
        Output("url", "search", allow_duplicate=True),
        Input("save-expected", "n_clicks"),
        State({"expected": ALL, "division": ALL, "review": ALL}, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def save_expected(clicks: int, values: list, search: str) -> tuple[Component, str]:
        only_when_pressed()
        review, rows = _ticked(ctx.states_list[0])
        _expect(review, rows)
        return toast("info", "Attentes enregistrées."), _again(search)

    @app.callback(
        Output("toasts", "children", allow_duplicate=True),
        Output("url", "search", allow_duplicate=True),
        Input("propose-expected", "n_clicks"),
        State({"expected": ALL, "division": ALL, "review": ALL}, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def propose(clicks: int, values: list, search: str) -> tuple[Component, str]:
        only_when_pressed()
        if not ctx.states_list[0]:
            raise ApdashError(
                "Aucun adulte.", "Les services de cette division viennent du fichier STS : importez-le."
            )
        cell = ctx.states_list[0][0]["id"]
        rows = _proposed(cell["review"]).filter(pl.col("division") == cell["division"])
        _expect(cell["review"], rows)
        return toast(
            "info", "Attentes proposées d’après les services.", count(rows.height, "attente")
        ), _again(search)


def _open(fields: dict) -> int:
    """Open the bilan described by the form, with the expectations its services suggest."""
    services, viewer = current.services(), current.viewer()
    if not str(fields["code"] or "").strip() or not str(fields["label"] or "").strip():
        raise ApdashError("Bilan incomplet.", "Il lui faut un code et un nom.")
    review = commands.open_review(
        services.store,
        viewer,
        year=calendar.current_year(services.store, services.today()),
        code=str(fields["code"]).strip(),
        label=str(fields["label"]).strip(),
        kind=fields["kind"],
        period=int(fields["period"]),
        opens_on=_date(fields["opens"], "Saisie à partir du"),
        closes_on=_date(fields["closes"], "Clôture le"),
        divisions=fields["divisions"] or [],
        effective_from=_date(fields["effective"], "Groupes en vigueur le") if fields["effective"] else None,
    )
    _expect(review, _proposed(review))
    return review


def _proposed(review: int) -> pl.DataFrame:
    """Return who could be asked what in every division of a bilan."""
    services, viewer = current.services(), current.viewer()
    row = queries.reviews(services.store).filter(pl.col("review") == review).row(0, named=True)
    known = queries.review_divisions(services.store, viewer, review=review)["division"]
    rows = proposed_expectations(
        services.reference,
        services=calendar.services_in_words(services.store, year=row["year"]),
        principals=calendar.principal_teachers(services.store, year=row["year"]),
        kind=row["kind"],
    )
    return rows.filter(pl.col("division").is_in(known.implode()))


def _expect(review: int, rows: pl.DataFrame) -> None:
    services = current.services()
    commands.expect(services.store, current.viewer(), services.reference, review=review, rows=rows)


def _ticked(cells: list[dict]) -> tuple[int, pl.DataFrame]:
    """Return the bilan of the boxes shown, and one row per box ticked."""
    rows = [
        {"division": cell["id"]["division"], "staff": cell["id"]["expected"], "competency": code}
        for cell in cells
        for code in cell.get("value") or []
    ]
    if not rows:
        raise ApdashError(
            "Aucune attente.", "Cochez au moins une compétence pour un adulte de cette division."
        )
    return cells[0]["id"]["review"], pl.DataFrame(rows, schema=_ROWS)


def _date(value: object, words: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise ApdashError("Date illisible.", f"« {words} » ne se lit pas.") from error


def _again(search: str | None) -> str:
    """Return the same address, changed enough for the page to be laid out anew."""
    kept = (search or "?").split("&maj=")[0]
    previous = (search or "").rpartition("&maj=")[2]
    return f"{kept}&maj={int(previous) + 1 if previous.isdigit() else 1}"
