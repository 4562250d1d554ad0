"""The filters of the hours page: grade, division, period, what a row is, as known when; the files."""

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import dropdown, segment
from apdash.components.frame import button, filter_bar, folded
from apdash.labels import day
from apdash.pages.hours import ids
from apdash.pages.hours.asked import BY, PATH
from apdash.pages.hours.picture import Picture
from apdash.pages.page import Params


def filters(picture: Picture, params: Params) -> Component:
    """Return the bar of filters."""
    shown = picture.divisions.filter(grade=picture.asked.grade) if picture.asked.grade else picture.divisions
    codes = [(str(key), code) for key, code in shown.select("division", "division_code").iter_rows()]
    periods = [(str(row["id"]), row["label"]) for row in picture.periods.to_dicts()]
    moments = [
        (str(row["review"]), f"{row['label']}, clos le {day(row['closed_at'].date())}")
        for row in picture.reviews.to_dicts()
    ]
    clears = ("liste", "etat")
    parts = [
        segment("Niveau", [("", "Tous"), *((code, code) for code in picture.grades)], name="niveau",
                path=PATH, params=params, clears=("division", *clears)),
        dropdown("Division", [("", f"Toutes ({len(codes)})"), *codes], name="division", path=PATH, params=params,
                 clears=clears),
    ]  # fmt: skip
    others = [
        ("Période", [("", "Année entière"), *periods], "periode"),
        ("Par", list(BY.items()), "par"),
        ("Chiffres au", [("", _now(picture)), *moments], "au"),
    ]
    parts += [
        folded(
            dropdown(label, options, name=name, path=PATH, params=params, clears=clears),
            used=bool(params.get(name)),
        )
        for label, options, name in others
    ]
    return filter_bar(parts, _files(picture))


def _files(picture: Picture) -> Component:
    kinds = (("csv", "CSV"), ("xlsx", "Excel"))
    gives = [
        button(
            words, ids.gives(kind), icon="download", **{"aria-label": f"Télécharger ce tableau en {words}"}
        )
        for kind, words in kinds
    ]
    return html.Div([*gives, dcc.Download(id=ids.DOWNLOAD)], className="d-flex gap-2")


def _now(picture: Picture) -> str:
    return "aujourd’hui" if picture.asked.known_at else day(picture.hours.day)
