"""The students this person may see: found by name or by division."""

from urllib.parse import parse_qsl

import polars as pl
from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from apdash import current
from apdash.components.filters import address, dropdown, segment
from apdash.components.frame import filter_bar, page_head
from apdash.components.marks import intensity_class
from apdash.components.states import empty
from apdash.components.still import still
from apdash.labels import NBSP, count
from apdash.pages.needs.asked import ALL, read_asked
from apdash.pages.needs.heat import short_group
from apdash.pages.needs.picture import Picture, draw, grades_seen
from apdash.pages.needs.summary import waiting_words
from apdash.pages.page import Params
from apdash.pages.student.filters import LIST, PATH
from apdash.rights import Viewer
from apdash.services import Services

SEARCH, FOUND = "students-search", "students-found"
MOST = 60
_LEAD = "Cherchez un nom parmi tous les élèves que vous pouvez voir, ou choisissez une division."


def layout(services: Services, viewer: Viewer, params: Params) -> Component:
    """Return the list of the grade or division asked for, and the field that searches everybody one may see."""
    picture = draw(services, viewer, read_asked({**params, "vue": "tableau"}))
    waits, then = (int(picture.students[name].sum()) for name in ("waits", "waits_then"))
    words = (
        waiting_words(waits, then, picture.coming) if waits else "aucun élève prioritaire n’attend un groupe"
    )
    title = (
        f"{count(picture.students.height, 'élève')} {_scope(picture)}{NBSP}: {words}"
        if picture.students.height
        else f"Aucun élève {_scope(picture)}"
    )
    body = (
        empty("Aucun élève à montrer", "Vous verrez ici les élèves de vos divisions et de vos groupes.")
        if picture.students.is_empty()
        else table(picture.students, _first_needs(services, picture))
    )
    return html.Div(
        [
            _filters(services, picture, params),
            html.Div(
                [page_head(title, _LEAD), html.Section(html.Div(body, id=FOUND), className="card")],
                className="page students",
            ),
        ]
    )


def register(app: Dash) -> None:
    """Register the search."""

    @app.callback(
        Output(FOUND, "children"),
        Input(SEARCH, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def show_matches(words: str | None, search: str | None) -> Component:
        params = dict(parse_qsl((search or "").lstrip("?")))
        return found(current.services(), current.viewer(), params, words or "")


def found(services: Services, viewer: Viewer, params: Params, words: str) -> Component:
    """Return the students whose names hold every word, in every division; the list of the address without words."""
    asked = params if not words.strip() else {"niveau": ALL}
    picture = draw(services, viewer, read_asked({**asked, "vue": "tableau"}))
    kept = matching(picture.students, words)
    if kept.is_empty():
        return empty(
            "Aucun élève de ce nom", "Parmi les élèves de vos divisions et de vos groupes.", icon="search"
        )
    more = kept.height - MOST
    rest = (
        html.P(f"… et {count(more, 'autre')}{NBSP}: précisez le nom.", className="soft s p-3")
        if words and more > 0
        else None
    )
    return html.Div([table(kept.head(MOST) if words else kept, _first_needs(services, picture)), rest])


def matching(students: pl.DataFrame, words: str) -> pl.DataFrame:
    """Return the students whose name holds every word, whatever the case and the accents."""
    name = _plain(pl.concat_str("last_name", "first_name", "division_code", separator=" "))
    wanted = pl.Series([words]).to_frame("w").select(_plain(pl.col("w"))).item().split()
    held = [name.str.contains(word, literal=True) for word in wanted]
    return students.filter(pl.all_horizontal(held)) if held else students


def _plain(text: pl.Expr) -> pl.Expr:
    bare = text.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    return bare.str.replace_all(r"['’\-]", " ")


def table(students: pl.DataFrame, first: dict[int, tuple[str, int]]) -> Component:
    """Return the list: name, division, first need, groups; cards on a phone."""
    head = html.Tr(
        [html.Th(title, scope="col") for title in ("Élève", "Division", "Premier besoin", "Groupes actuels")]
    )
    rows = [_row(row, first) for row in students.to_dicts()]
    return still(html.Table([html.Thead(head), html.Tbody(rows)], className="tbl st-list"), className="p-2")


def _row(row: dict, first: dict[int, tuple[str, int]]) -> Component:
    name, value = first.get(row["student"], ("", -1))
    need = (
        [html.Span(str(value), className=f"v {intensity_class(value)}"), f" {name}"]
        if name
        else "à confirmer"
    )
    groups = ", ".join(short_group(group) for group in row["groups"])
    link = dcc.Link(f"{row['last_name']} {row['first_name']}", href=address(PATH, {}, id=str(row["student"])))
    return html.Tr(
        [
            html.Th(link, scope="row"),
            html.Td(row["division_code"]),
            html.Td(need, className="need"),
            html.Td(groups or "aucun", className="soft"),
        ]
    )


def _first_needs(services: Services, picture: Picture) -> dict[int, tuple[str, int]]:
    """Return the highest known need of each student: its short name and its value."""
    names = services.reference.needs.select("short_name", "position", need="code")
    best = (
        picture.cells.drop_nulls("value")
        .join(names, on="need")
        .sort("value", "position", descending=[True, False])
        .unique("student", keep="first", maintain_order=True)
    )
    return {
        student: (name, value)
        for student, name, value in best.select("student", "short_name", "value").iter_rows()
    }


def _scope(picture: Picture) -> str:
    if picture.asked.division is not None and picture.divisions.height:
        return f"en {picture.divisions['division_code'][0]}"
    if picture.grade is None:
        return "au lycée" if picture.whole_school else "dans vos divisions"
    return f"en {picture.grade}" if picture.whole_school else f"dans vos divisions de {picture.grade}"


def _filters(services: Services, picture: Picture, params: Params) -> Component:
    seen = grades_seen(services.reference, picture.roster)
    grades = [*((code, code) for code in seen), *([(ALL, "Tous")] if len(seen) != 1 else [])]
    mine = picture.roster if picture.grade is None else picture.roster.filter(grade=picture.grade)
    rows = mine.select("division", "division_code").unique(maintain_order=True)
    divisions = [("", f"Toutes ({rows.height})"), *((str(key), code) for key, code in rows.iter_rows())]
    said = {**params, "niveau": picture.grade or ALL}
    field = dcc.Input(
        id=SEARCH,
        type="search",
        debounce=0.3,
        placeholder="Nom, prénom",
        className="form-control form-control-sm",
        autoComplete="off",
        maxLength=60,
    )
    search = html.Div(
        [html.Label("Chercher", htmlFor=SEARCH, className="lab"), field], className="f st-search"
    )
    return filter_bar(
        [
            segment("Niveau", grades, name="niveau", path=LIST, params=said, clears=("division",)),
            dropdown("Division", divisions, name="division", path=LIST, params=said),
            search,
        ]
    )
