"""Parts of a page that only show: sent as one component holding ready HTML, however many rows they have.

Every component that arrives through a callback costs the browser a pass over all the others, so a page of some
thousand small parts takes seconds to appear; one part costs nothing. assets/still.js puts the HTML in place.
"""

from collections.abc import Mapping, Sequence
from html import escape

from dash import html
from dash.development.base_component import Component

_NAMES = {
    "className": "class",
    "htmlFor": "for",
    "colSpan": "colspan",
    "rowSpan": "rowspan",
    "tabIndex": "tabindex",
}
_LEFT_OUT = {"children", "n_clicks", "n_clicks_timestamp", "key", "disable_n_clicks", "refresh"}
_VOID = {"br", "hr", "img", "input", "col"}


def still(content: object, **more: str) -> Component:
    """Return content as one component; links go on working without a reload, callbacks cannot reach inside."""
    return html.Div(**{"data-still": markup(content)}, **more)


def markup(content: object) -> str:
    """Return the HTML of components and text, everything escaped; raises TypeError for what is not plain HTML."""
    if content is None:
        return ""
    if isinstance(content, Component):
        return _element(content)
    if isinstance(content, Sequence) and not isinstance(content, str):
        return "".join(markup(part) for part in content)
    return escape(str(content))


def _element(component: Component) -> str:
    described = component.to_plotly_json()
    props: Mapping[str, object] = described["props"]
    tag, more = str(described["type"]).lower(), ""
    if described["namespace"] == "dash_core_components" and tag == "link":
        tag, more = "a", " data-inside"
    elif described["namespace"] != "dash_html_components":
        raise TypeError(f"{described['namespace']}.{described['type']} is not plain HTML")
    attributes = "".join(_attribute(name, value) for name, value in props.items() if name not in _LEFT_OUT)
    if tag in _VOID:
        return f"<{tag}{attributes}>"
    return f"<{tag}{attributes}{more}>{markup(props.get('children'))}</{tag}>"


def _attribute(name: str, value: object) -> str:
    if value is None or value is False:
        return ""
    known = _NAMES.get(name, name)
    if value is True:
        return f" {known}"
    if isinstance(value, Mapping):
        value = ";".join(f"{_hyphenated(key)}:{part}" for key, part in value.items())
    return f' {known}="{escape(str(value))}"'


def _hyphenated(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)
