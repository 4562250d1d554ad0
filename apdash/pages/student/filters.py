"""The bar above one student: back to the division, the bilan, the neighbours."""

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address, dropdown
from apdash.components.frame import back_link, filter_bar, print_button
from apdash.labels import NBSP, day
from apdash.pages.page import Params
from apdash.pages.student.record import Record

PATH = "/eleve"
LIST = "/eleves"


def filters(record: Record, params: Params) -> Component:
    """Return the bar: whoever has left the division has no neighbours there."""
    who, near = record.who, record.neighbours
    ids = near["student"].to_list()
    names = [f"{last} {first}" for last, first in near.select("last_name", "first_name").iter_rows()]
    said = {**params, "bilan": str(record.review["review"]) if record.review else ""}
    back = back_link(f"Élèves de {who['division_code']}", address(LIST, {}, division=str(who["division"])))
    reviews = [
        (str(row["review"]), f"{row['label']} · {day(row['closes_on'])}") for row in record.reviews.to_dicts()
    ]
    parts = [back, dropdown("Bilan", reviews or [("", "–")], name="bilan", path=PATH, params=said)]
    if who["student"] in ids:
        position = ids.index(who["student"])
        students = [(str(key), f"{name} ({rank} sur {len(ids)})" if key == who["student"] else name)
                    for rank, (key, name) in enumerate(zip(ids, names, strict=True), start=1)]  # fmt: skip
        chooser = dropdown("Élève", students, name="id", path=PATH, params=params, clears=("besoin",))
        label, menu = chooser.children
        before = _step(ids, names, position - 1, params, "Élève précédent", "chevron-left")
        after = _step(ids, names, position + 1, params, "Élève suivant", "chevron-right")
        parts.append(html.Div([label, before, menu, after], className="f"))
    return filter_bar(parts, print_button())


def _step(
    ids: list[int], names: list[str], position: int, params: Params, words: str, icon: str
) -> Component:
    """Return the link to a neighbour in the division; at both ends, a place of the same width."""
    mark = html.I(className=f"bi bi-{icon}", **{"aria-hidden": "true"})
    if not 0 <= position < len(ids):
        return html.Span(mark, className="btn btn-outline btn-sm st-step disabled", **{"aria-hidden": "true"})
    href = address(PATH, params, id=str(ids[position]), besoin=None)
    hidden = html.Span(f"{words}{NBSP}: {names[position]}", className="visually-hidden")
    return dcc.Link(
        [mark, hidden],
        href=href,
        className="btn btn-outline btn-sm st-step",
        title=f"{words}{NBSP}: {names[position]}",
    )
