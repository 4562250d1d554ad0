"""What a test does to the page through HTTP."""

from tests.conftest import Client, call


def press(client: Client, button: dict | str, *, state: list) -> str:
    """Press a button of the page; return what its callback answers, as text."""
    one = {"id": button, "property": "n_clicks", "value": 1}
    answer = call(client, inputs=[[one]] if isinstance(button, dict) else [one], state=state)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:300]
    return str(answer.get_json())


def url(search: str) -> dict:
    return {"id": "url", "property": "search", "value": search}
