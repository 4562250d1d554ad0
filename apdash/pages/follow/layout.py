"""The page « Suivi »: one part at a time, tutoring or stages, for the students this person may see."""

from dash import html
from dash.development.base_component import Component

from apdash.components.filters import dropdown, segment
from apdash.components.frame import filter_bar
from apdash.components.states import empty
from apdash.errors import ApdashError
from apdash.pages.follow.stages_part import stages_part
from apdash.pages.follow.tutors_part import tutors_part
from apdash.pages.page import Params, whole
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.calendar import current_year, divisions

PATH = "/suivi"
_PARTS = [("tutorat", "Tutorat"), ("stages", "Stages")]


def layout(services: Services, viewer: Viewer, params: Params) -> Component:
    """Return the part the address asks for."""
    today = services.today()
    year = current_year(services.store, today)
    if year is None:
        return html.Div(
            empty("Aucune année scolaire", "Importez d’abord les élèves.", whole=True), className="page"
        )
    part = params.get("partie", "tutorat")
    part = part if part in dict(_PARTS) else "tutorat"
    said = {**params, "partie": part}
    known = [(str(row["id"]), row["code"]) for row in divisions(services.store, year=year).to_dicts()]
    bar = [
        dropdown(
            "Division", [("", f"Toutes ({len(known)})"), *known], name="division", path=PATH, params=said
        ),
        segment("Partie", _PARTS, name="partie", path=PATH, params=said, clears=("stage",)),
    ]
    division = whole(params, "division")
    if division is not None and str(division) not in dict(known):
        raise ApdashError("Division inconnue.", "Choisissez-en une dans la barre des filtres.")
    made = tutors_part if part == "tutorat" else stages_part
    return html.Div(
        [
            filter_bar(bar),
            html.Div(made(services, viewer, year=year, division=division), className="page follow"),
        ]
    )
