"""One objective: its state, its agreement, what was seen of it in class, and the gestures on it."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from apdash.components.frame import button
from apdash.components.marks import badge
from apdash.labels import NBSP, short_day
from apdash.pages.aims import ids
from apdash.pages.aims.facts import Aims
from apdash.pages.aims.forms import day_field, folded, line, select, sends
from apdash.pages.aims.questions import answer_buttons
from apdash.pages.aims.words import SHORT_AGREED, STATES, agreement_words, seen_words
from apdash.readable import REMINDER


def objective(aims: Aims, row: Mapping[str, Any], *, past: bool = False) -> Component:
    """Return one objective with the gestures of who follows the student; past: told, no longer changed."""
    icon, state = _state(aims, row)
    asked = aims.seen.get(row["objective"], [])
    evidence = html.Span(f" · {row['evidence']}", className="muted") if row["evidence"] else None
    due = f"pour le {short_day(row['due_on'])}" if row["due_on"] else ""
    where = ", ".join(filter(None, [row["period_code"], row["name"], due]))
    body = [
        html.Div([html.Span(row["text"], className="b"), evidence]),
        html.Div([html.Span(_spoken(state), className="b"), " · " if state else "", where], className="s"),
        html.Div(_agreement(row), className="s soft"),
        None if row["dropped"] else html.Div(_spoken(seen_words(asked)), className="s soft"),
        _mine(aims, row, asked),
        _gestures(aims, row, asked) if aims.may and not past else None,
    ]
    mark = html.I(className=f"bi bi-{icon}", **{"aria-hidden": "true"})
    return html.Div([mark, html.Div(body)], className="aim off" if row["dropped"] else "aim")


def _state(aims: Aims, row: Mapping[str, Any]) -> tuple[str, str]:
    """Return the icon and the words of a state; no words for who does not read workshop bilans."""
    if row["dropped"]:
        return "x-circle", "abandonné"
    icon, words = STATES[row["outcome"]]
    if row["outcome"] is None and not aims.reads:
        return icon, ""
    late = row["outcome"] is None and row["due_on"] is not None and row["due_on"] < aims.today
    return icon, "sans bilan d’atelier" if late else words


def _spoken(words: str) -> str:
    return words[:1].upper() + words[1:]


def _agreement(row: Mapping[str, Any]) -> Component | str:
    words = agreement_words(row)
    if row["agreed_with"] or row["dropped"]:
        return _spoken(words)
    return badge(words, kind="watch", icon="hourglass-split")


def _mine(aims: Aims, row: Mapping[str, Any], asked: list[dict[str, Any]]) -> Component | None:
    """Return the two answers when this very person was asked and has not answered."""
    waits = any(one["staff"] == aims.viewer.staff and one["seen"] is None for one in asked)
    if not waits or row["dropped"]:
        return None
    return html.Div(
        [
            html.Span("L’avez-vous revu en classe ? ", className="s"),
            answer_buttons(row["objective"], aims.name),
        ]
    )


def _gestures(aims: Aims, row: Mapping[str, Any], asked: list[dict[str, Any]]) -> Component:
    key, quiet = row["objective"], "quiet btn-sm"
    told = {"aria-label": f"Reprendre{NBSP}: {row['text']}"}
    if row["dropped"]:
        return html.Div(
            button("Reprendre", ids.act("resume", key), kind=quiet, **told), className="acts no-print"
        )
    agreed = [
        html.Span(f"D’accord{NBSP}:", className="s soft"),
        *[
            button(words, ids.act(f"agree-{with_whom}", key), kind="outline btn-sm")
            for with_whom, words in SHORT_AGREED.items()
        ],
    ]
    drop = button(
        "Abandonner", ids.act("drop", key), kind=quiet, **{"aria-label": f"Abandonner{NBSP}: {row['text']}"}
    )
    said = agreed if not row["agreed_with"] else []
    acts = html.Div([*said, drop if row["outcome"] != "attained" else None], className="acts no-print")
    return html.Div([acts, _change(row), _ask(aims, key, asked)])


def _change(row: Mapping[str, Any]) -> Component:
    """Return the form that says the objective otherwise; another text calls for another agreement."""
    form = ids.form("revise", row["objective"])
    fields = [
        line(form, "text", "L’objectif, en une phrase de l’élève", row["text"]),
        line(form, "evidence", "On le voit quand…", row["evidence"]),
        day_field(form, "due", "Échéance", row["due_on"]),
        html.Div(REMINDER, className="xs muted"),
        sends(form, "Enregistrer"),
    ]
    return folded("Modifier…", fields)


def _ask(aims: Aims, key: int, asked: list[dict[str, Any]]) -> Component | None:
    """Return the question to put to one teacher, until one of them has seen it."""
    if any(one["seen"] for one in asked) or not aims.teachers:
        return None
    known = {one["staff"]: one for one in asked}
    open_ones = [one for one in aims.teachers if one["staff"] not in known]
    if not open_ones:
        return None
    form = ids.form("ask", key)
    options = [(str(one["staff"]), _teacher(one)) for one in open_ones]
    fields = [select(form, "staff", "À qui", options, options[0][0]), sends(form, "Demander", icon="send")]
    return folded("Demander s’il est revu en classe…", fields)


def _teacher(row: Mapping[str, Any]) -> str:
    what = f", {row['discipline'].lower()}" if row["discipline"] else ""
    return f"{row['name']}{what}" + (" (l’a en atelier)" if row["leads"] else "")
