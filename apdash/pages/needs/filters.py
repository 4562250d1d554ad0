"""The filters of the needs page: grade, division, bilan, axis, profile."""

from dash.development.base_component import Component

from apdash.components.filters import dropdown, segment
from apdash.components.frame import filter_bar, print_button
from apdash.labels import day, school_year
from apdash.pages.needs.asked import ALL, PATH
from apdash.pages.needs.picture import Picture, grades_seen
from apdash.pages.page import Params
from apdash.services import Services

_RESETS = ("division", "ouvre", "tri", "sens", "profil")


def filters(services: Services, picture: Picture, params: Params) -> Component:
    """Return the bar of filters, with what is shown marked even when the address is silent."""
    review = str(picture.review["review"]) if picture.review else ""
    said = {**params, "niveau": picture.grade or ALL, "bilan": review}
    axes = services.reference.axes
    parts = [
        segment("Niveau", _grades(services, picture), name="niveau", path=PATH, params=said, clears=_RESETS),
        dropdown("Division", _divisions(picture), name="division", path=PATH, params=said, clears=("ouvre",)),
        dropdown("Bilan", _reviews(picture), name="bilan", path=PATH, params=said, clears=("ouvre",)),
        dropdown(
            "Axe", [("", f"Tous ({axes.height})"), *axes.select("code", "label").iter_rows()],
            name="axe", path=PATH, params=said, clears=("tri", "sens"),
        ),
    ]  # fmt: skip
    if picture.may_read_profiles:
        parts.append(dropdown("Profil", _profiles(services), name="profil", path=PATH, params=said))
    return filter_bar(parts, print_button())


def _grades(services: Services, picture: Picture) -> list[tuple[str, str]]:
    seen = grades_seen(services.reference, picture.roster)
    return [*((code, code) for code in seen), *([(ALL, "Tous")] if len(seen) != 1 else [])]


def _divisions(picture: Picture) -> list[tuple[str, str]]:
    mine = picture.roster if picture.grade is None else picture.roster.filter(grade=picture.grade)
    rows = mine.select("division", "division_code").unique(maintain_order=True).sort("division_code")
    return [("", f"Toutes ({rows.height})"), *((str(code), name) for code, name in rows.iter_rows())]


def _reviews(picture: Picture) -> list[tuple[str, str]]:
    latest = picture.reviews["year"].max()
    return [
        (str(row["review"]), f"{row['label']} · {day(row['closes_on'])}" if row["year"] == latest
         else f"{row['label']} · {school_year(row['year'])}")
        for row in picture.reviews.to_dicts()
    ] or [("", "–")]  # fmt: skip


def _profiles(services: Services) -> list[tuple[str, str]]:
    labels = services.reference.profiles["label"].to_list()
    return [("", f"Tous ({len(labels)})"), *((label, label[:1].upper() + label[1:]) for label in labels)]
