"""What was corrected in a roll: who, when, from what to what."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from apdash.components.frame import card
from apdash.labels import moment
from apdash.pages.roll.words import presence_words
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.rolls import roll_corrections


def corrections_card(services: Services, viewer: Viewer, *, session: int) -> Component | None:
    """Return the corrections of a roll, latest first; nothing while there is none."""
    rows = roll_corrections(services.store, viewer, session=session).to_dicts()
    if not rows:
        return None
    return card(
        "Corrections", html.Ul([_line(row) for row in rows], className="roll-traces s"), sub=str(len(rows))
    )


def _line(row: Mapping) -> Component:
    was, now = (
        presence_words(row["was"], row["was_late"]),
        presence_words(row["presence"], row["minutes_late"]),
    )
    by = ", par l’import" if row["source"] == "import" else f", {row['by_name']}" if row["by_name"] else ""
    return html.Li(
        [
            html.B(f"{row['last_name']} {row['first_name']}"),
            f" : {was} → {now}".replace(" :", "\u00a0:"),
            html.Span(f", {moment(row['said_at'])}{by}", className="muted"),
        ]
    )
