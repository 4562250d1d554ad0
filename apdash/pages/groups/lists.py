"""Lists to print: by group with boxes for the next meetings, by division, by room for the doors."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from dash import html
from dash.development.base_component import Component

from apdash.alphabet import folded
from apdash.components.filters import segment
from apdash.components.states import empty
from apdash.components.still import still
from apdash.errors import ApdashError
from apdash.labels import NBSP, count, day, short_day
from apdash.pages.groups.asked import PATH, Asked
from apdash.pages.groups.picture import Picture
from apdash.pages.groups.words import in_order, place_words, sentence, slot_words, student_words
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.calendar import placements
from apdash.store.queries.sessions import sessions

KINDS = {"groupe": "Par groupe", "division": "Par division", "porte": "Pour les portes"}
MEETINGS = 6


def lists(services: Services, viewer: Viewer, at: Asked, picture: Picture, *, year: int) -> list[Component]:
    """Return the sheets the address asks for, and the choice of their form."""
    kind = _one_of(at, "liste", tuple(KINDS))
    apart = _one_of(at, "feuilles", ("une", "suite")) == "une"
    said = {**at.params, "liste": kind, "feuilles": "une" if apart else "suite"}
    bar = [segment("Liste", list(KINDS.items()), name="liste", path=PATH, params=said)]
    if kind != "porte":
        pages = [("une", "Une par page"), ("suite", "À la suite")]
        bar.append(segment("Impression", pages, name="feuilles", path=PATH, params=said))
    if picture.groups.is_empty():
        return [html.Div(bar, className="gp-bar no-print"), empty("Aucune liste à imprimer ce jour-là")]
    if kind == "division":
        sheets = by_division(at, picture)
    elif kind == "porte":
        sheets = [doors(at, picture)]
    else:
        sheets = by_group(at, picture, _meetings(services, viewer, at, year=year))
    form = "gp-sheets" if apart and kind != "porte" else "gp-sheets dense"
    return [html.Div(bar, className="gp-bar no-print"), still(sheets, className=form)]


def by_group(at: Asked, picture: Picture, meetings: Mapping[int, list[tuple[date, set]]]) -> list[Component]:
    """Return a sheet a group that meets: its students, a box for each of its next meetings."""
    students = in_order(picture.seated.to_dicts(), "ap_group")
    return [
        _group_sheet(row, students.get(row["ap_group"], []), meetings.get(row["ap_group"], []), at)
        for row in picture.groups.iter_rows(named=True)
        if not row["suspended"] and row["merged_into"] is None
    ]


def by_division(at: Asked, picture: Picture) -> list[Component]:
    """Return a sheet a division: where each student goes at each hour, without any need."""
    groups = {row["ap_group"]: row for row in picture.groups.to_dicts()}
    divisions = in_order(picture.seated.sort("division_code", nulls_last=True).to_dicts(), "division_code")
    return [_division_sheet(code or "–", rows, groups, at) for code, rows in divisions.items()]


def doors(at: Asked, picture: Picture) -> Component:
    """Return the sheet for doors: hour, room, code, public name, adult; no student, no need."""
    titles = ("Jour et heure", "Salle", "Groupe", "Atelier", "Intervenant", "Élèves")
    rows = [
        html.Tr(
            [
                html.Th(sentence(slot_words(row)), scope="row"),
                html.Td(row["room_code"] or "à fixer"),
                html.Td(row["code"]),
                html.Td(row["name"]),
                html.Td(row["staff_names"] or "à désigner"),
                html.Td(_state(row), className="num"),
            ]
        )
        for row in picture.groups.iter_rows(named=True)
    ]
    return _sheet("Où se tiennent les groupes", day(at.on), _table(titles, rows))


def _group_sheet(
    row: Mapping, students: Sequence[Mapping], meetings: Sequence[tuple[date, set]], at: Asked
) -> Component:
    heads = [html.Th(short_day(on), scope="col", className="gp-box") for on, _ in meetings]
    lines = [
        html.Tr(
            [
                html.Td(str(rank), className="num muted"),
                html.Th(student_words(one), scope="row"),
                html.Td(one["division_code"] or ""),
                *[
                    html.Td("PFMP" if one["division"] in away else "", className="gp-box")
                    for _, away in meetings
                ],
            ]
        )
        for rank, one in enumerate(students, start=1)
    ]
    head = html.Tr(
        [html.Th("", scope="col"), html.Th("Élève", scope="col"), html.Th("Division", scope="col"), *heads]
    )
    sub = (
        f"{sentence(slot_words(row))} · {place_words(row)} · {count(len(students), 'élève')} le {day(at.on)}"
    )
    table = html.Table([html.Thead(head), html.Tbody(lines)], className="tbl gp-list")
    objective = (
        html.P(f"Objectif{NBSP}: {row['objective']}", className="s mt-2") if row["objective"] else None
    )
    return _sheet(f"{row['code']} {row['name']}", sub, table, objective)


def _division_sheet(
    code: str, rows: Sequence[Mapping], groups: Mapping[int, Mapping], at: Asked
) -> Component:
    here = {row["ap_group"] for row in rows}
    hours = {row["slot"]: row for row in groups.values() if row["ap_group"] in here}
    slots = list(hours)
    lines = []
    for mine in in_order(sorted(rows, key=lambda row: folded(student_words(row))), "student").values():
        seats = {row["slot"]: groups[row["ap_group"]] for row in mine if row["ap_group"] in groups}
        cells = [html.Td(_seat(seats.get(slot))) for slot in slots]
        lines.append(html.Tr([html.Th(student_words(mine[0]), scope="row"), *cells]))
    titles = ("Élève", *(sentence(slot_words(hours[slot])) for slot in slots))
    sub = f"{count(len(lines), 'élève')}, groupes du {day(at.on)}"
    return _sheet(f"Division {code}", sub, _table(titles, lines))


def _seat(row: Mapping | None) -> Component | str:
    if row is None:
        return "–"
    about = (
        f"{row['name']} · {row['room_code'] or 'salle à fixer'} · {row['staff_names'] or 'adulte à désigner'}"
    )
    return html.Span([html.B(row["code"]), f" {about}"])


def _state(row: Mapping) -> str:
    if row["suspended"]:
        return "suspendu"
    return f"avec {row['merged_into_code']}" if row["merged_into"] is not None else str(row["size"])


def _table(titles: Sequence[str], rows: list[Component]) -> Component:
    head = html.Thead(html.Tr([html.Th(title, scope="col") for title in titles]))
    return html.Table([head, html.Tbody(rows)], className="tbl gp-list")


def _sheet(title: str, sub: str, *body: Component | None) -> Component:
    head = [html.H2(title), html.P(sub, className="muted s")]
    inside = html.Div([part for part in body if part is not None], className="scroll-x")
    return html.Section([*head, inside], className="gp-sheet")


def _meetings(
    services: Services, viewer: Viewer, at: Asked, *, year: int
) -> dict[int, list[tuple[date, set]]]:
    """Return, by group, its next sessions and the divisions away that day."""
    span = {"first": at.on, "last": at.on + timedelta(weeks=2 * MEETINGS)}
    coming = sessions(services.store, viewer, band=at.band, **span).drop_nulls("ap_group")
    away = placements(services.store, year=year).select("division", "starts_on", "ends_on").rows()
    found: dict[int, list[tuple[date, set]]] = {}
    for group, on, state in coming.select("ap_group", "on_day", "state").iter_rows():
        known = found.setdefault(group, [])
        if state != "not_held" and len(known) < MEETINGS:
            known.append((on, {division for division, first, last in away if first <= on <= last}))
    return found


def _one_of(at: Asked, name: str, known: tuple[str, ...]) -> str:
    value = at.params.get(name, known[0])
    if value not in known:
        raise ApdashError("Adresse incomplète.", "Cette adresse ne mène nulle part ; reprenez par le menu.")
    return value
