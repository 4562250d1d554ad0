"""How many students of a group come, meeting after meeting, as divisions leave for companies and return."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import card, link_button
from apdash.labels import NBSP, count, short_day
from apdash.pages.page import Services
from apdash.store.queries.bands import band_dates
from apdash.store.queries.sessions import coming_meetings

Attending = Mapping[str, Sequence[tuple[date, frozenset[str]]]]
"""Code of a slot -> its meetings in order, each with the codes of the divisions that are there."""


@dataclass(frozen=True, slots=True)
class Run:
    """Meetings in a row to which as many come."""

    first: date
    last: date
    present: int


def runs(meetings: Sequence[tuple[date, int]]) -> list[Run]:
    """Return meetings (day, how many come), in order, put together while as many come."""
    found: list[Run] = []
    for on, present in meetings:
        if found and found[-1].present == present:
            found[-1] = Run(found[-1].first, on, present)
        else:
            found.append(Run(on, on, present))
    return found


def run_words(run: Run) -> str:
    """Return `4 présents du 14 janv. au 21 janv.`, `aucun présent le 28 janv.`."""
    days = f"du {short_day(run.first)} au {short_day(run.last)}"
    when = f"le {short_day(run.first)}" if run.first == run.last else days
    return f"{count(run.present, 'présent') if run.present else 'aucun présent'} {when}"


def attending(services: Services, *, band: int, first: date, last: date) -> Attending:
    """Return which divisions of a band are there at each meeting between two days."""
    dated = band_dates(services.store, band=band, first=first, last=last)
    met = dated.group_by("slot_code", "on").agg(pl.col("code").filter("there")).sort("slot_code", "on")
    found: dict[str, list[tuple[date, frozenset[str]]]] = {}
    for slot, on, codes in met.iter_rows():
        found.setdefault(slot, []).append((on, frozenset(codes)))
    return found


def presence_note(there: Attending, slot: str, sizes: Mapping[str, int]) -> str:
    """Return how many of a group come and when; empty when all come each time. sizes: students by division."""
    meetings = [
        (on, sum(size for code, size in sizes.items() if code in codes)) for on, codes in there.get(slot, ())
    ]
    found = runs(meetings)
    if all(run.present == sum(sizes.values()) for run in found):
        return ""
    return f"PFMP{NBSP}: {', '.join(run_words(run) for run in found)}"


def thin_card(services: Services, *, band: Mapping, first: date, last: date) -> Component | None:
    """Return the groups of today that would fall under their minimum, and at which meetings; None when none would."""
    met = (
        coming_meetings(services.store, band=band["band"], first=first, last=last)
        .join(services.reference.needs.select("min_size", need="code"), on="need", maintain_order="left")
        .filter(pl.col("expected") < pl.col("min_size"))
    )
    if met.is_empty():
        return None
    lines = []
    for (code, name, least), rows in met.group_by("code", "name", "min_size", maintain_order=True):
        told = ", ".join(run_words(run) for run in runs(list(rows.select("on_day", "expected").iter_rows())))
        lines.append(html.Li([html.B(f"{name} {code}"), f"{NBSP}: {told}, pour {least} au moins."]))
    title = f"{count(len(lines), 'groupe passerait', 'groupes passeraient')} sous le minimum"
    groups = link_button("Fusionner ou suspendre", f"/groupes?bande={band['code']}", icon="intersect")
    body = html.Div([html.Ul(lines, className="rg-facts"), groups], className="stack")
    return card(title, body, sub="si les groupes actuels continuaient, PFMP déduites")
