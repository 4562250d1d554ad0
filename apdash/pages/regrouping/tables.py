"""The one shape of the page's tables: a name at the left, figures at the right."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component


def figures_table(
    head: Sequence[Component | str], rows: Sequence[Sequence[Component | str]], *, highlighted: int = -1
) -> Component:
    """Return a table whose first column names the line; figures at the right."""

    def kind(index: int) -> str:
        return " ".join(name for name, on in (("num", index > 0), ("rg-hl", index == highlighted)) if on)

    titles = [html.Th(title, scope="col", className=kind(index)) for index, title in enumerate(head)]
    body = [
        html.Tr(
            [
                html.Th(cell, scope="row") if index == 0 else html.Td(cell, className=kind(index))
                for index, cell in enumerate(row)
            ]
        )
        for row in rows
    ]
    return html.Div(
        html.Table([html.Thead(html.Tr(titles)), html.Tbody(body)], className="tbl"),
        className="scroll-x",
        tabIndex=0,
    )
