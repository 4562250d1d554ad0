"""A group as a card: what it is called, who leads it where, its students, and what may be done with it."""

from collections.abc import Mapping, Sequence

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.group_card import division_mix
from apdash.components.marks import URGENT, axis_mark, badge, whole_name
from apdash.labels import NBSP, count, percent, short_day
from apdash.pages.gestures import opens
from apdash.pages.groups.picture import Picture
from apdash.pages.groups.words import place_words, student_words, until

FROZEN = 0.85
_GESTURES = (
    ("staff", "Remplacer, ajouter, retirer un adulte…"),
    ("room", "Changer de salle…"),
    ("suspend", "Suspendre…"),
    ("merge", "Fusionner…"),
    ("close", "Fermer…"),
    ("describe", "Nom et objectif…"),
)


def group_card(
    row: Mapping, students: Sequence[Mapping], picture: Picture, *, joined: Sequence[Mapping] = ()
) -> Component:
    """Return the card of a group. row: of `groups_in_force`; students: its rows of `members`; joined: groups that
    sit in it for a while.
    """
    inside = picture.knows_need(row)
    need = picture.needs.get(row["need"], {})
    body = [
        _head(row, need if inside else {}, picture),
        html.Div([place_words(row), _age(row, picture)], className="who"),
        html.Div(need["label"], className="gp-need") if inside and need else None,
        html.Div(_marks(row, picture, joined), className="gp-marks"),
        division_mix(_mix(students), total=len(students)) if students else None,
        html.Ul([_student(one, row, picture) for one in students], className="chips gp-chips"),
        _others(row, students),
        _objective(row, inside),
        _links(row, inside),
    ]
    off = " gp-off" if row["suspended"] else ""
    described = {"aria-label": f"{row['code']} {row['name']}, {place_words(row)}"}
    return html.Article([part for part in body if part is not None], className=f"gcard{off}", **described)


def joined_line(row: Mapping, picture: Picture) -> Component:
    """Return the line of a group that sits in another for a while."""
    words = [
        html.I(className="bi bi-intersect", **{"aria-hidden": "true"}),
        html.Span(
            [html.B(row["name"]), html.Span(row["code"], className="gp-code"), f", {row['staff_names']}"]
        ),
        badge(f"réuni à {row['merged_into_code']} {until(row['ends_on'])}", kind="watch"),
        _menu(row) if picture.may_change else None,
    ]
    return html.Div(words, className="gp-joined")


def student_chip(
    row: Mapping,
    *,
    note: Component | None = None,
    button: Component | None = None,
    away: bool = False,
    guest: bool = False,
) -> Component:
    """Return a student: a link to their page, a note at the right, a button when they can be moved.

    guest: seated here while their own group is merged into this one.
    """
    name = student_words(row)
    full = ", ".join(filter(None, [name, row["division_code"]]))
    link = dcc.Link(
        whole_name(name), href=address("/eleve", {}, id=str(row["student"])), className="nm", title=full
    )
    return html.Li(html.Div([link, note, button], className="chip gp-chip away" if away else "chip gp-chip"))


def move_button(gesture: str, key: str, words: str, icon: str = "arrow-left-right") -> Component:
    """Return the small button of a student that opens a gesture."""
    mark = html.I(className=f"bi bi-{icon}", **{"aria-hidden": "true"})
    return html.Button(
        mark,
        type="button",
        className="gp-move no-print",
        title=words,
        **{"aria-label": words, **opens(gesture, key)},
    )


def away_note(row: Mapping) -> Component:
    """Return the last day of a placement, said in full to whoever hovers or listens."""
    last = short_day(row["away_until"])
    mark = html.I(className="bi bi-briefcase", **{"aria-hidden": "true"})
    full = html.Span("en PFMP jusqu’au ", className="visually-hidden")
    return html.Span([mark, full, last], className="pr", title=f"en PFMP jusqu’au {last}")


def _head(row: Mapping, need: Mapping, picture: Picture) -> Component:
    most = picture.needs.get(row["need"], {}).get("max_size")
    size = html.Span([html.B(str(row["size"])), f" / {most}" if most else ""], className="size")
    menu = _menu(row) if picture.may_change else None
    mark = axis_mark(need.get("axis"), "") if need else None
    words = html.H3([row["name"], html.Span(row["code"], className="gp-code")])
    return html.Div([mark, words, size, menu], className="t")


def _menu(row: Mapping) -> Component:
    """Return the gestures on a group, folded behind three dots."""
    items = [
        html.Button(words, type="button", className="dropdown-item", **opens(gesture, str(row["ap_group"])))
        for gesture, words in _GESTURES
    ]
    dots = html.I(className="bi bi-three-dots", **{"aria-hidden": "true"})
    words = f"Gestes sur {row['code']}"
    return html.Details(
        [
            html.Summary(dots, title=words, **{"aria-label": words}),
            html.Div(items, className="dropdown-menu show"),
        ],
        className="gp-menu no-print",
    )


def _age(row: Mapping, picture: Picture) -> str | None:
    """Return how many periods the group has lived."""
    periods = picture.ages.get(row["ap_group"], (0, None))[0]
    return f" · {count(periods, 'période')}" if periods else None


def _marks(row: Mapping, picture: Picture, joined: Sequence[Mapping]) -> list[Component]:
    """Return what is unusual that day: suspended, merged, away; the same students for too long."""
    found = []
    same = picture.ages.get(row["ap_group"], (0, None))[1]
    if picture.may_change and same is not None and same >= FROZEN:
        found.append(
            badge(f"{percent(same)} des mêmes élèves depuis deux périodes", kind="watch", icon="eye")
        )
    if row["suspended"]:
        found.append(badge(f"suspendu {until(row['ends_on'])}", kind="watch", icon="pause-circle"))
    for one in joined:
        found.append(badge(f"avec {one['code']} {until(one['ends_on'])}", kind="watch", icon="intersect"))
    if row["away"]:
        found.append(badge(f"{row['away']} en PFMP, {row['size'] - row['away']} présents", icon="briefcase"))
    return found


def _mix(students: Sequence[Mapping]) -> list[tuple[str, int, bool]]:
    sizes: dict[str, int] = {}
    for one in students:
        code = one["division_code"] or "sans division"
        sizes[code] = sizes.get(code, 0) + 1
    return [(code, size, False) for code, size in sorted(sizes.items())]


def _student(one: Mapping, row: Mapping, picture: Picture) -> Component:
    flat = picture.needs.get(one["need"], {}).get("reception")
    value = None if flat else picture.values.get((one["own_group"], one["student"]))
    if one["away_until"]:
        note = away_note(one)
    elif value is not None:
        words = f"besoin {value} sur 100 au dernier bilan"
        note = html.Span(str(value), className="pr need hi" if value >= URGENT else "pr need", title=words)
    else:
        note = html.Span(one["division_code"], className="pr")
    button = None
    if picture.may_change:
        key = f"{one['student']}-{one['own_group']}"
        button = move_button("move", key, f"Changer {student_words(one)} de groupe")
    guest = one["own_group"] != one["ap_group"]
    return student_chip(one, note=note, button=button, away=bool(one["away_until"]), guest=guest)


def _others(row: Mapping, students: Sequence[Mapping]) -> Component | None:
    """Return how many students are not shown: other divisions, or somebody else's."""
    rest = row["size"] - len(students)
    if rest <= 0:
        return None
    words = "autre élève" if students else "élève"
    return html.P(
        f"+ {count(rest, words, words.replace('autre ', 'autres ') + 's')}", className="xs muted mt-1"
    )


def _objective(row: Mapping, inside: bool) -> Component | None:
    if row["objective"]:
        return html.P(
            [html.Span(f"Objectif{NBSP}: ", className="b"), row["objective"]], className="gp-objective"
        )
    return html.P("Pas encore d’objectif écrit", className="gp-objective muted") if inside else None


def _links(row: Mapping, inside: bool) -> Component:
    """Return the links to the logbook of the group and, for who leads it, to its objectives and workshop bilan."""
    group = str(row["ap_group"])
    links = [("Cahier d’AP", address("/cahier", {}, groupe=group))]
    if inside:
        links += [
            ("Objectifs", address("/ateliers", {}, groupe=group, vue="objectifs")),
            ("Bilan d’atelier", address("/ateliers", {}, groupe=group)),
        ]
    return html.Div([dcc.Link(words, href=href) for words, href in links], className="gp-links no-print")
