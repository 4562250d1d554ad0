"""Parts sent as ready HTML: the same words, everything escaped, nothing that a callback could reach."""

import dash_bootstrap_components as dbc
import pytest
from dash import dcc, html

from apdash.components.still import markup, still


def test_components_become_the_html_they_would_be() -> None:
    table = html.Table(
        html.Tr(
            [html.Th("Élève", scope="row", colSpan=2), html.Td(["a", None, html.B("b")], className="num hi")]
        )
    )
    assert markup(table) == (
        '<table><tr><th colspan="2" scope="row">Élève</th><td class="num hi">a<b>b</b></td></tr></table>'
    )


def test_what_people_typed_is_never_read_as_html() -> None:
    hostile = '"><script>alert(1)</script>'
    shown = markup(html.P(hostile, title=hostile, **{"aria-label": hostile}))
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;") == 3


def test_a_link_of_the_application_stays_inside_it() -> None:
    link = markup(dcc.Link("Sa fiche", href="/eleve?id=1&bilan=2", className="nm"))
    assert link == '<a href="/eleve?id=1&amp;bilan=2" class="nm" data-inside>Sa fiche</a>'


def test_styles_and_flags_are_written_as_html_writes_them() -> None:
    shown = markup(
        html.Button(html.Br(), disabled=True, hidden=False, style={"backgroundColor": "red", "flex": "1"})
    )
    assert shown == '<button disabled style="background-color:red;flex:1"><br></button>'


def test_a_component_with_a_behaviour_is_refused() -> None:
    with pytest.raises(TypeError, match="Modal is not plain HTML"):
        still(html.Div(dbc.Modal("x")))
