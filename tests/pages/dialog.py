"""What a test does with the dialog of gestures: open it, fill it, confirm."""

import json

import flask

from apdash.pages.gestures.ids import OPENED
from tests.conftest import Client, call


def open_dialog(client: Client, gesture: str, key: str, *, search: str = "") -> str:
    opened = {"id": OPENED, "property": "data", "value": {"gesture": gesture, "key": key, "at": 1}}
    search = {"id": "url", "property": "search", "value": search}
    return text_of(call(client, inputs=[opened], state=[search]))


def confirm(client: Client, gesture: str, key: str, *, agreed: bool = False, **fields: object) -> str:
    """Press the button of a dialog filled with these fields; return what the browser receives."""
    of = {"gesture": gesture, "key": key}
    filled = [
        part("field", "value", value, **of, name=name.replace("_", "-")) for name, value in fields.items()
    ]
    boxes = [part("agreed", "value", True, **of)] if agreed else []
    state = [filled, boxes, {"id": "url", "property": "search", "value": "?bande=toutes&maj=3"}]
    return send(
        client, [[part("do", "n_clicks", 1, **of)]], state, {"said": [part("said", "children", **of)]}
    )


def part(dialog: str, prop: str, value: object = None, **more: str) -> dict:
    """Return a part of the page as a request describes it."""
    return {"id": {"dialog": dialog, **more}, "property": prop, "value": value}


def send(client: Client, inputs: list, state: list, patterns: dict[str, object]) -> str:
    """Call a callback whose outputs are patterns. patterns: what each of them stands for, by its `dialog`."""
    cookie = client.get_cookie("_csrf_token")
    heads = {json.dumps([*sorted(one[0]["id"]), one[0]["property"]]) for one in inputs}
    output = next(
        one["output"]
        for one in client.get("/_dash-dependencies").get_json()
        if {_head(told) for told in one["inputs"]} == heads
        and inputs[0][0]["id"]["dialog"] in one["inputs"][0]["id"]
    )
    outputs = []
    for told in output.strip(".").split("..."):
        name, prop = told.rsplit(".", 1)
        kind = json.loads(name)["dialog"] if name.startswith("{") else None
        outputs.append(patterns[kind] if kind else {"id": name, "property": prop})
    first = inputs[0][0]
    changed = json.dumps(first["id"], sort_keys=True, separators=(",", ":")) + "." + first["property"]
    body = {
        "output": output,
        "outputs": outputs,
        "inputs": inputs,
        "state": state,
        "changedPropIds": [changed],
    }
    return text_of(client.post("/_dash-update-component", json=body, headers={"X-CSRFToken": cookie.value}))


def _head(declared: dict) -> str:
    name = declared["id"]
    keys = sorted(json.loads(name)) if name.startswith("{") else [name]
    return json.dumps([*keys, declared["property"]])


def text_of(answer: flask.Response) -> str:
    return answer.get_data(as_text=True).encode().decode("unicode_escape", errors="ignore")
