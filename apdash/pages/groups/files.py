"""Files to give back to EDT, Pronote, GEPI or a calendar: what there is, from which day to which."""

from datetime import date

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import button, card
from apdash.exports import KINDS
from apdash.labels import NBSP, day, spaced
from apdash.pages.groups import ids
from apdash.pages.groups.asked import Asked
from apdash.pages.groups.picture import Picture


def files(at: Asked, picture: Picture) -> Component:
    """Return the card of downloads, from the day of the page to a day to choose."""
    lines = [
        html.Li([html.Span(label[:1].upper() + label[1:]), _give(kind, label)], className="gp-file")
        for kind, label in KINDS.items()
        if kind != "bulletins"
    ]
    about = (
        f"Qui est dans quel groupe à partir du {day(at.on)}, une ligne par élève et par séjour dans un groupe. "
        "Ni besoin ni intensité n’y figurent."
    )
    body = [html.P(about, className="s soft"), _until(at.on), html.Ul(lines, className="gp-files")]
    where = picture.band_code(at.band)
    return card(
        "Fichiers à rendre",
        [*body, dcc.Download(id=ids.DOWNLOAD)],
        sub=f"bande {where}" if where else "toutes les bandes",
        class_name="no-print gp-give",
    )


def _until(first: date) -> Component:
    """Return the field of the last day; empty, the files go on to the end of the year."""
    box = dbc.Input(type="date", id=ids.UNTIL, min=first.isoformat(), size="sm", className="gp-day")
    label = html.Label(spaced("Jusqu’au (vide : fin de l’année)"), htmlFor=ids.UNTIL)
    return html.Div([label, box], className="f gp-until s")


def _give(kind: str, label: str) -> Component:
    return button(
        "Télécharger", ids.gives(kind), icon="download", **{"aria-label": f"Télécharger{NBSP}: {label}"}
    )
