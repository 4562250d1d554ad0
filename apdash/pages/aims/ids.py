"""Identifiers of the gestures on programmes and objectives, wherever a page shows them."""


def act(what: str, key: int | str) -> dict[str, str]:
    """A button that does something at once: what, on what."""
    return {"aims": "act", "what": what, "key": str(key)}


def form(name: str, *keys: int) -> str:
    """The name of a form: what it does, on what."""
    return "-".join([name, *(str(key) for key in keys)])


def field(form_name: str, name: str) -> dict[str, str]:
    """A field of a form."""
    return {"aims": "field", "form": form_name, "name": name}


def does(form_name: str) -> dict[str, str]:
    """The button that sends a form."""
    return {"aims": "do", "form": form_name}


def model(form_name: str) -> dict[str, str]:
    """The choice of a model, which fills the text and the evidence of its form."""
    return {"aims": "model", "form": form_name}
