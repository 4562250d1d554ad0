"""The gesture that closes a group: who is in it, and what each of them needs next."""

from datetime import date

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.marks import axis_mark
from apdash.labels import NBSP, count, day
from apdash.pages.gestures.form import Fields, Form, Maker, day_of, numbers, reason_of
from apdash.pages.groups.gestures.people import group_on
from apdash.pages.groups.words import group_words, slot_words, student_words
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.commands.group_closing import close_group
from apdash.store.queries.groups import members
from apdash.store.queries.intensities import intensities_of_student


def close_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that closes a group from a day on, with its students and the next need of each."""
    group = numbers(key)[0]
    row, make = group_on(services, viewer, group, on), Maker("close", key)
    inside = members(services.store, viewer, on=on, group=group).to_dicts()
    about = f"{slot_words(row).capitalize()}{NBSP}: {count(len(inside), 'élève')} à placer ailleurs. "
    then = "Ils sont sur cette page, « sans groupe », jusqu’à ce que chacun soit placé."
    return Form(
        title=f"Fermer {group_words(row)}",
        parts=[
            html.P([about, then.replace("« ", f"«{NBSP}").replace(" »", f"{NBSP}»")]),
            html.Ul(
                [html.Li(_next(services, viewer, one, row["need"])) for one in inside], className="rg-facts"
            ),
            make.day("on", "À partir du", on),
            make.reason(services.reference, "INT"),
        ],
        verb="Fermer le groupe",
        verb_icon="x-circle",
    )


def close(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Close the group; return what to say."""
    group, on = numbers(key)[0], day_of(fields, "on")
    row = group_on(services, viewer, group, on)
    close_group(
        services.store,
        viewer,
        services.reference,
        group=group,
        on=on,
        reason=reason_of(fields),
        now=services.now(),
    )
    return (
        f"{group_words(row)} est fermé à partir du {day(on)}{NBSP}: {count(row['size'], 'élève')} à placer."
    )


def _next(services: Services, viewer: Viewer, one: dict, need: str) -> list[Component | str]:
    """Return a student and their strongest need but the one of the group, at the latest bilan."""
    known = intensities_of_student(services.store, viewer, student=one["student"])
    wanted = services.reference.needs.filter(
        pl.col("in_band") & ~pl.col("reception") & (pl.col("code") != need)
    )
    ranked = (
        known.filter(pl.col("review") == known["review"].last())
        .drop_nulls("value")
        .join(wanted.select("axis", "short_name", need="code"), on="need")
        .sort("value", "need", descending=[True, False])
    )
    name = student_words(one)
    if ranked.is_empty():
        return [html.B(name), f"{NBSP}: à confirmer"]
    first = ranked.row(0, named=True)
    return [html.B(name), f"{NBSP}: ", axis_mark(first["axis"]), f" {first['short_name']} {first['value']}"]
