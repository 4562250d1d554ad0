"""The heat map: students in rows, needs in columns, divisions that unfold."""

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.marks import badge, intensity_class, whole_name
from apdash.components.still import still
from apdash.labels import NBSP, count, percent
from apdash.pages.needs import ids
from apdash.pages.needs.asked import NONE, PATH
from apdash.pages.needs.heat_head import head
from apdash.pages.needs.order import first_opened, ordered
from apdash.pages.needs.picture import Picture
from apdash.pages.page import Params

Cells = dict[int, dict[str, tuple[int | None, float, bool]]]


def heat_map(picture: Picture, params: Params, *, counts: pl.DataFrame, sort: str) -> Component:
    """Return the table, rows rendered only for the divisions that are unfolded."""
    students = ordered(picture.students, picture.cells, sort=sort, turned=picture.asked.turned)
    cells = _by_student(picture.cells)
    codes = picture.needs["code"].to_list()
    starts = _axis_starts(picture.needs)
    bodies = (
        _divisions(picture, students, cells, params, codes, starts)
        if picture.asked.by_division
        else [
            html.Tbody(
                [_row(row, cells, codes, starts, picture, in_name=True) for row in students.to_dicts()]
            )
        ]
    )
    table = html.Table(
        [
            _columns(len(codes), with_profile=picture.may_read_profiles),
            head(picture, params, counts=counts, sort=sort, starts=starts),
            *bodies,
        ],
        className="heat",
        role="grid",
        **{"aria-label": "Intensité des besoins, élève par élève"},
    )
    return still(table, id=ids.TABLE, className="heat-scroll")


def short_group(name: str) -> str:
    """Return a public name without the word that all of them begin with: `Atelier lecture` gives `Lecture`."""
    bare = name.removeprefix("Atelier ")
    return bare[:1].upper() + bare[1:]


def _divisions(
    picture: Picture, students: pl.DataFrame, cells: Cells, params: Params, codes: list[str], starts: set[str]
) -> list[Component]:
    opened = first_opened(picture.divisions, picture.asked.opened)
    means = _means(picture)
    bodies = []
    for row in picture.divisions.to_dicts():
        mine = students.filter(division=row["division"])
        is_open = row["division"] in opened
        band = _division_row(
            picture, params, row, mine, means.get(row["division"], {}), codes, starts, opened
        )
        rows = (
            [_row(student, cells, codes, starts, picture) for student in mine.to_dicts()] if is_open else []
        )
        bodies.append(html.Tbody([band, *rows]))
    return bodies


def _division_row(
    picture: Picture, params: Params, row: dict, mine: pl.DataFrame, means: dict[str, float], codes: list[str],
    starts: set[str], opened: frozenset[int],
) -> Component:  # fmt: skip
    is_open = row["division"] in opened
    others = opened ^ {row["division"]}
    href = address(PATH, params, ouvre=",".join(map(str, sorted(others))) or NONE)
    chevron = html.I(className=f"bi bi-chevron-{'down' if is_open else 'right'}", **{"aria-hidden": "true"})
    doing = html.Span("Replier " if is_open else "Déplier ", className="visually-hidden")
    link = dcc.Link([chevron, doing, row["division_code"]], href=href, className="unfold")
    provisional = row["division"] in picture.provisional
    words = html.Span(f"{count(mine.height, 'élève')}, moyenne{NBSP}:", className="n")
    note = badge("provisoire", kind="watch", icon="hourglass-split") if provisional else words
    waits = int(mine["waits"].sum())
    values = [
        html.Td(f"{means[code]:.0f}" if code in means else "", className="gap" if code in starts else None)
        for code in codes
    ]
    profile = [html.Td(className="pf")] if picture.may_read_profiles else []
    return html.Tr(
        [
            html.Th([link, note], scope="rowgroup", className="nm"),
            *profile,
            *values,
            html.Td(
                f"{waits} prioritaire{'s' if waits > 1 else ''} non servi{'s' if waits > 1 else ''}"
                if waits
                else "",
                className="gap gr",
            ),
        ],
        className="div",
    )


def _row(
    student: dict,
    cells: Cells,
    codes: list[str],
    starts: set[str],
    picture: Picture,
    *,
    in_name: bool = False,
) -> Component:
    mine = cells.get(student["student"], {})
    review = picture.review["review"] if picture.review else None
    name = f"{student['last_name']} {student['first_name']}"
    link = dcc.Link(
        whole_name(name), href=address("/eleve", {}, id=str(student["student"]), bilan=str(review or ""))
    )
    where = html.Span(f" {student['division_code']}", className="muted xs") if in_name else None
    profile = (
        [html.Td(_short_profile(student["profile"]), className="pf")] if picture.may_read_profiles else []
    )
    groups = ", ".join(short_group(name) for name in student["groups"])
    return html.Tr(
        [
            html.Th([link, where], scope="row", className="nm"),
            *profile,
            *(_cell(mine.get(code), gap=code in starts) for code in codes),
            html.Td(groups, className="gap gr"),
        ],
        **{"data-student": student["student"]},
    )


def _cell(cell: tuple[int | None, float, bool] | None, *, gap: bool) -> Component:
    edge = " gap" if gap else ""
    if cell is None:
        return html.Td(className=f"nc{edge}")
    value, coverage, served = cell
    if value is None:
        return html.Td(
            "?", className=f"un{edge}", title=f"à confirmer{NBSP}: renseigné à {percent(coverage)}"
        )
    look = f"{intensity_class(value)}{edge}{' sv' if served else ''}"
    told = {"title": f"renseigné à {percent(coverage)}"} if coverage < 0.995 else {}
    return html.Td(value, className=look, **told)


def _short_profile(profile: str | None) -> str:
    """Return the words of a profile without the one that all of them begin with."""
    return (profile or "").removeprefix("parcours ")


def _by_student(cells: pl.DataFrame) -> Cells:
    found: Cells = {}
    for student, need, value, coverage, served in cells.select(
        "student", "need", "value", "coverage", "served"
    ).iter_rows():
        found.setdefault(student, {})[need] = (value, coverage, served)
    return found


def _means(picture: Picture) -> dict[int, dict[str, float]]:
    means = (
        picture.cells.join(picture.students.select("student", "division"), on="student")
        .group_by("division", "need")
        .agg(pl.col("value").mean())
        .drop_nulls("value")
    )
    found: dict[int, dict[str, float]] = {}
    for division, need, value in means.iter_rows():
        found.setdefault(division, {})[need] = value
    return found


def _axis_starts(needs: pl.DataFrame) -> set[str]:
    return set(needs.unique("axis", keep="first", maintain_order=True)["code"].to_list())


def _columns(many: int, *, with_profile: bool) -> Component:
    profile = [html.Col(className="c-pf")] if with_profile else []
    return html.Colgroup(
        [
            html.Col(className="c-nm"),
            *profile,
            *(html.Col(className="c-nd") for _ in range(many)),
            html.Col(className="c-gr"),
        ]
    )
