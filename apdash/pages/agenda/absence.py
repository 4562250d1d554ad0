"""An adult is away: the meetings they lead between two days, and a choice for each of them."""

from collections.abc import Mapping, Sequence

import dash_bootstrap_components as dbc
import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.filters import dropdown, segment
from apdash.components.frame import back_link, button, filter_bar, page_head
from apdash.components.states import empty
from apdash.errors import ApdashError
from apdash.labels import NBSP, count, short_day
from apdash.pages.agenda import ids
from apdash.pages.agenda.around import (
    adult_options,
    beside,
    host_options,
    plain_adults,
    session_named,
    study_host,
)
from apdash.pages.agenda.asked import PATH, WEEK, Asked
from apdash.pages.agenda.fields import Option
from apdash.pages.agenda.filters import day_field
from apdash.pages.agenda.words import day_words, hosts_of, span_words, state_of, what_words
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.commands.absences import settle_absence
from apdash.store.queries.agenda import sessions_meant_for
from apdash.store.queries.sessions import sessions

KEEP, CANCEL, JOIN, REPLACE, WITHOUT = "garder", "annuler", "reunir", "remplacer", "sans"
_FIXED = f"Tenue{NBSP}: elle reste comme elle est."
_ONE_ACT = f"En un seul geste{NBSP}: tout est écrit, ou rien."
_FOR_ALL = (("", "Au cas par cas"), (CANCEL, "Toutes non tenues"), ("etude", "Toutes en étude"))


def absence_view(services: Services, viewer: Viewer, at: Asked, *, year: int) -> list[Component]:
    """Return the choice of the adult and of the days, then a line a meeting."""
    adults = [("", "Choisir"), *plain_adults(services)]
    bar = filter_bar(
        [
            back_link("Séances de la semaine", at.href(vue=WEEK, du=None, au=None, adulte=None, choix=None,
                                                       date=at.first.isoformat())),
            dropdown("Adulte", adults, name="adulte", path=PATH, params=at.params),
            day_field("Du", "du", at.first),
            day_field("Au", "au", at.last),
        ]
    )  # fmt: skip
    if at.adult is None:
        words = "Le choix se fait séance par séance : non tenue, réunie à une autre, en étude, ou remplacée."
        body = empty("Qui est absent ?", words, icon="person-dash")
        return [bar, html.Div([page_head("Absence d’un adulte"), body], className="page agenda")]
    name = dict(adults).get(str(at.adult), "Cet adulte")
    meant = sessions_meant_for(services.store, adult=at.adult, first=at.first, last=at.last)
    every = sessions(services.store, viewer, first=at.first, last=at.last)
    led = every.filter(pl.col("session").is_in(meant))
    head = page_head(_title(name, led, at), _lead(led))
    if led.is_empty():
        words = "Aucune séance, sur ces jours, où des élèves sont attendus avec cet adulte."
        return [
            bar,
            html.Div([head, empty("Rien à régler", words, icon="check2-circle")], className="page agenda"),
        ]
    lines = [
        _line(services, at, row, every.filter(pl.col("on_day") == row["on_day"])) for row in led.to_dicts()
    ]
    said = {**at.params, "choix": at.params.get("choix", "")}
    every_one = segment("Pour toutes", _FOR_ALL, name="choix", path=PATH, params=said)
    titles = ("Séance", "Ce qui est prévu", "Ce qu’elle devient")
    table = html.Table(
        [html.Thead(html.Tr([html.Th(words, scope="col") for words in titles])), html.Tbody(lines)],
        className="tbl ag-absence",
    )
    foot = html.Div(
        [button("Enregistrer les choix", ids.SETTLE, icon="check2", kind="primary"),
         html.Span(_ONE_ACT, className="s muted")],
        className="form-foot",
    )  # fmt: skip
    return [
        bar,
        html.Div(
            [head, html.Section([every_one, table, foot], className="card ag-card")], className="page agenda"
        ),
    ]


def settle(services: Services, viewer: Viewer, *, adult: int, fates: Mapping[int, str]) -> int:
    """Write the choices made; return how many meetings they change. Raises `ApdashError` when there is none."""
    viewer.require(Action.PLAN_SESSIONS)
    cancelled, joined, replaced = [], [], []
    for session, fate in fates.items():
        kind, _, number = fate.partition("-")
        if kind == CANCEL:
            cancelled.append(session)
        elif kind == JOIN and number.isdigit():
            joined.append((session, int(number)))
        elif kind in (REPLACE, WITHOUT):
            others = _others(services, viewer, session, adult=adult)
            replaced.append((session, [*others, *([int(number)] if number.isdigit() else [])]))
    if not (cancelled or joined or replaced):
        raise ApdashError("Rien à enregistrer.", "Choisissez ce que devient au moins une séance.")
    return settle_absence(
        services.store, viewer, cancelled=cancelled, joined=joined, replaced=replaced, now=services.now()
    )


def _others(services: Services, viewer: Viewer, session: int, *, adult: int) -> list[int]:
    """Return the adults who lead a session beside the one who is away."""
    row, _ = session_named(services, viewer, session)
    return [one for one in row["staff"] if one != adult] if adult in row["staff"] else []


def _title(name: str, led: pl.DataFrame, at: Asked) -> str:
    return f"{name}{NBSP}: {count(led.height, 'séance')} du {short_day(at.first)} au {short_day(at.last)}"


def _lead(led: pl.DataFrame) -> str:
    if led.is_empty():
        return ""
    places = count(int(led["expected"].sum()), "place d’élève", "places d’élève")
    return f"{places} à assurer. Une séance non tenue reste comptée comme telle."


def _line(services: Services, at: Asked, row: dict, rows: pl.DataFrame) -> Component:
    reasons = dict(services.reference.session_reasons.select("code", "label").iter_rows())
    state = state_of(row, today=services.today(), hosts=hosts_of(rows.to_dicts()), reasons=reasons)[0]
    what = html.Th(
        [html.Span(what_words(row), className="b"), html.Span(
            f"{day_words(row['on_day'])}, {span_words(row['starts_at'], row['minutes'])}", className="ag-sub")],
        scope="row",
    )  # fmt: skip
    planned = f"{count(row['expected'], 'élève')} · {row['room_code'] or 'salle à fixer'} · {state}"
    if row["called"] or row["state"] == "held":
        return html.Tr([what, html.Td(planned), html.Td(_FIXED)])
    options = _fates(services, at, row, rows)
    shown = [{"value": key, "label": words} for key, words in options]
    box = dbc.Select(
        options=shown,
        value=_offered(at, options, study_host(services, row, rows)),
        id=ids.fate(row["session"]),
    )
    label = html.Label([html.Span(f"Ce que devient {what_words(row)}", className="visually-hidden"), box])
    return html.Tr([what, html.Td(planned), html.Td(label)])


def _fates(services: Services, at: Asked, row: dict, rows: pl.DataFrame) -> list[Option]:
    """Return what may become of a meeting: as planned, not held, with another session, with somebody else."""
    found = [(KEEP, "Laisser comme prévu")]
    if row["state"] != "not_held":
        found.append((CANCEL, "Non tenue, non remplacée"))
    if row["host"] != row["session"]:
        return found
    if len(row["staff"]) > 1 and at.adult in row["staff"]:
        names = zip(row["staff"], row["staff_names"].split(", "), strict=False)
        others = ", ".join(name for one, name in names if one != at.adult)
        found.append((WITHOUT, f"Sans cet adulte, avec {others}"))
    found += [(f"{JOIN}-{key}", f"Réunir à {words}") for key, words in host_options(services, row, rows)]
    busy = {one for other in beside(row, rows) for one in other["staff"]}
    free = [
        (key, words)
        for key, words in adult_options(services, row, rows)
        if int(key) not in {*busy, *row["staff"]}
    ]
    return [*found, *((f"{REPLACE}-{key}", f"Remplacer par {words}") for key, words in free)]


def _offered(at: Asked, options: Sequence[Option], study: int | None) -> str:
    """Return the choice shown first: what was asked for all, when it is possible."""
    wanted = at.params.get("choix", "")
    if wanted == CANCEL:
        return CANCEL if CANCEL in dict(options) else KEEP
    if wanted == "etude":
        key = f"{JOIN}-{study}"
        return key if key in dict(options) else KEEP
    return KEEP
