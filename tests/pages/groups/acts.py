"""What a test does to the page « Groupes »."""

import json
from datetime import date

import flask
import polars as pl

from apdash.pages.groups.asked import Asked, asked
from apdash.pages.groups.ids import OPENED
from apdash.pages.groups.picture import Picture, read_picture
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.bands import bands
from apdash.store.queries.groups import groups_in_force
from tests.conftest import Client, call
from tests.school_factory import PILOT, YEAR

DAY = date(2026, 11, 18)
NBSP = "\u00a0"


def group_of(services: Services, need: str) -> int:
    return int(
        groups_in_force(services.store, PILOT, on=DAY).filter(pl.col("need") == need)["ap_group"].item()
    )


def seen(services: Services, viewer: Viewer, **params: str) -> tuple[Asked, Picture]:
    known = bands(services.store, year=YEAR)
    at = asked(viewer, params, today=DAY, bands=known)
    return at, read_picture(services, viewer, at, bands=known, year=YEAR)


def open_dialog(client: Client, gesture: str, key: str, *, search: str = "") -> str:
    opened = {"id": OPENED, "property": "data", "value": {"gesture": gesture, "key": key, "at": 1}}
    search = {"id": "url", "property": "search", "value": search}
    return text_of(call(client, inputs=[opened], state=[search]))


def confirm(client: Client, gesture: str, key: str, *, agreed: bool = False, **fields: str) -> str:
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


def part(groups: str, prop: str, value: object = None, **more: str) -> dict:
    """Return a part of the page as a request describes it."""
    return {"id": {"groups": groups, **more}, "property": prop, "value": value}


def send(client: Client, inputs: list, state: list, patterns: dict[str, object]) -> str:
    """Call a callback whose outputs are patterns. patterns: what each of them stands for, by its `groups`."""
    cookie = client.get_cookie("_csrf_token")
    heads = {json.dumps([*sorted(one[0]["id"]), one[0]["property"]]) for one in inputs}
    output = next(
        one["output"]
        for one in client.get("/_dash-dependencies").get_json()
        if {_head(told) for told in one["inputs"]} == heads
        and inputs[0][0]["id"]["groups"] in one["inputs"][0]["id"]
    )
    outputs = []
    for told in output.strip(".").split("..."):
        name, prop = told.rsplit(".", 1)
        kind = json.loads(name)["groups"] if name.startswith("{") else None
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
