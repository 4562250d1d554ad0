"""The panel of one session: what it is, what may be done with it, what was done."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import link_button
from apdash.components.marks import badge
from apdash.labels import NBSP, count, hour, listed, long_day, moment
from apdash.pages.agenda import ids
from apdash.pages.agenda.around import adult_options, host_options, room_options, session_named
from apdash.pages.agenda.fields import NOTHING, entry, fold, gesture_form, select
from apdash.pages.agenda.words import day_words, hosts_of, place_words, span_words, state_of, what_words
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.queries.agenda import action_places, session_divisions, session_versions

GROUP_ADULTS = "groupe"


def session_panel(services: Services, viewer: Viewer, key: str) -> tuple[str, list[Component]]:
    """Return the title and the content of the panel of a session."""
    row, rows = session_named(services, viewer, int(key))
    today = services.today()
    reasons = dict(services.reference.session_reasons.select("code", "label").iter_rows())
    state = state_of(row, today=today, hosts=hosts_of(rows.to_dicts()), reasons=reasons)
    parts = [_facts(services, row, state), _links(row, past=row["on_day"] <= today)]
    if viewer.can(Action.PLAN_SESSIONS):
        versions = session_versions(services.store, viewer, session=row["session"]).to_dicts()
        parts += [*_gestures(services, row, rows, versions, past=row["on_day"] <= today), _history(versions)]
    return what_words(row), parts


def _facts(services: Services, row: Mapping, state: tuple[str, str, str]) -> Component:
    codes = session_divisions(services.store, first=row["on_day"], last=row["on_day"])
    mine = codes.filter(codes["session"] == row["session"])["code"].to_list()
    places = action_places(services.store, first=row["on_day"], last=row["on_day"])
    words, kind, icon = state
    facts = (
        ("Quand", f"{long_day(row['on_day'])}, {span_words(row['starts_at'], row['minutes'])}"),
        ("Qui et où", place_words(row, places)),
        ("Attendus", f"{count(row['expected'], 'élève')}{NBSP}: {listed(mine)}"),
        ("État", badge(words, kind=kind, icon=icon)),
        ("Fait", row["done"]),
    )
    return html.Dl(
        [part for name, said in facts if said for part in (html.Dt(name), html.Dd(said))],
        className="ag-facts",
    )


def _links(row: Mapping, *, past: bool) -> Component:
    """Return the links to the roll, the logbook and the group."""
    found = []
    if past and row["state"] != "not_held":
        words = "Voir l’appel" if row["called"] else "Faire l’appel"
        found.append(link_button(words, address("/appel", {}, seance=str(row["host"])), icon="list-check"))
    if row["ap_group"] is not None:
        book = address("/cahier", {}, groupe=str(row["ap_group"]))
        board = address("/groupes", {}, date=row["on_day"].isoformat(), bande=str(row["band"]))
        found += [
            link_button("Cahier", book, icon="journal-text"),
            link_button("Groupe", board, icon="people"),
        ]
    return html.Div(found, className="ag-links")


def _gestures(
    services: Services, row: Mapping, rows: object, versions: list[dict], *, past: bool
) -> list[Component]:
    """Return the gestures that mean something for a session as it stands."""
    key, guest = str(row["session"]), row["host"] != row["session"]
    loose = not row["called"] and row["state"] != "held"
    found = []
    if not loose:
        words = "L’appel est fait" if row["called"] else "La séance est notée tenue"
        found.append(html.P(f"{words}{NBSP}: son jour et son heure ne changent plus.", className="s muted"))
    if loose and not guest:
        found.append(fold("Déplacer ou reporter", "calendar-event", _move(services, key, row, rows)))
    if not guest:
        found.append(fold("Changer de salle", "door-open", _room(services, key, row, rows)))
        found.append(fold("Remplacer l’adulte", "person-badge", _adults(services, key, row, rows)))
    if loose and row["ap_group"] is not None:
        found.append(fold("Réunir à une autre séance", "intersect", _join(services, key, row, rows)))
    if loose and row["state"] != "not_held":
        found.append(fold("Ne pas tenir", "slash-circle", _cancel(services, key)))
    if loose and past and not guest:
        found.append(_at_once("hold", key, "Noter tenue, sans appel", "check2"))
    if loose and (row["by_hand"] or row["state"] == "not_held") and row["why"] != "SUSP":
        found.append(_at_once("restore", key, "Rétablir comme prévu", "arrow-repeat"))
    if row["action"] is not None:
        opens = ids.opens("change-action", row["action"])
        found.append(
            html.Button(
                "Modifier l’action, toutes ses dates", type="button", className="btn btn-outline", **opens
            )
        )
    if _undoable(versions) and not row["called"]:
        together = versions[0]["together"]
        more = f" ({count(together, 'séance')})" if together > 1 else ""
        found.append(_at_once("undo", key, f"Annuler le dernier geste{more}", "arrow-counterclockwise"))
    return [html.Div(found, className="ag-gestures")]


def _undoable(versions: list[dict]) -> bool:
    return versions[0]["by_hand"] or (len(versions) > 1 and versions[1]["by_hand"])


def _at_once(gesture: str, key: str, verb: str, icon: str) -> Component:
    return html.Div(gesture_form(gesture, key, [], verb=verb, icon=icon), className="ag-once")


def _move(services: Services, key: str, row: Mapping, rows: object) -> list[Component]:
    parts = [
        entry("move", "day", "Jour", row["on_day"].isoformat(), kind="date"),
        entry("move", "hour", "Début", row["starts_at"], kind="time"),
        entry("move", "minutes", "Minutes", row["minutes"], kind="number"),
        select(
            "move",
            "room",
            "Salle",
            [(NOTHING, "à fixer"), *room_options(services, row, rows)],
            str(row["room"] or ""),
        ),
    ]
    return gesture_form("move", key, parts, verb="Déplacer", icon="calendar-event", kind="primary")


def _room(services: Services, key: str, row: Mapping, rows: object) -> list[Component]:
    known = [(NOTHING, "à fixer"), *room_options(services, row, rows)]
    parts = [select("room", "room", "Salle, pour cette séance", known, str(row["room"] or ""))]
    return gesture_form("room", key, parts, verb="Changer de salle", icon="door-open", kind="primary")


def _adults(services: Services, key: str, row: Mapping, rows: object) -> list[Component]:
    known = adult_options(services, row, rows)
    first, second = [*map(str, row["staff"]), "", ""][:2]
    group = [(GROUP_ADULTS, "Les adultes du groupe")] if row["ap_group"] is not None else []
    parts = [
        select("staff", "first", "Qui anime, pour cette séance", [*group, *known], first),
        select("staff", "second", "Avec (facultatif)", [(NOTHING, "personne d’autre"), *known], second),
    ]
    return gesture_form("staff", key, parts, verb="Remplacer", icon="person-badge", kind="primary")


def _join(services: Services, key: str, row: Mapping, rows: object) -> list[Component]:
    known = host_options(services, row, rows)
    if not known:
        return [html.P("Aucune autre séance ne se tient à cette heure.", className="s muted")]
    about = "Ses élèves vont dans l’autre séance, pour cette fois seulement ; chacun garde son groupe."
    parts = [html.P(about, className="s muted"), select("join", "host", "Avec", known)]
    return gesture_form("join", key, parts, verb="Réunir", icon="intersect", kind="primary")


def _cancel(services: Services, key: str) -> list[Component]:
    reasons = list(services.reference.session_reasons.select("code", "label").iter_rows())
    parts = [select("cancel", "why", "Motif", reasons)]
    return gesture_form("cancel", key, parts, verb="Ne pas tenir", icon="slash-circle", kind="primary")


def _history(versions: list[dict]) -> Component:
    """Return what was said of the session, newest first."""
    lines = [
        html.Li([html.Span(_version_words(row)), html.Span(_signature(row), className="xs muted")])
        for row in versions
    ]
    return fold(f"Historique ({len(versions)})", "clock-history", [html.Ol(lines, className="ag-history")])


def _signature(row: Mapping) -> str:
    return f"{moment(row['recorded_at'])}, {row['recorded_by']}"


def _version_words(row: Mapping) -> str:
    told = [f"{day_words(row['on_day'])}, {hour(row['starts_at'])}"]
    told += [row["room_code"]] if row["room_code"] else []
    told += [row["staff_names"]] if row["staff_names"] else []
    if row["joins_code"] is not None:
        told.append(f"avec {row['joins_code']}")
    told.append({"held": "tenue", "not_held": "non tenue", "planned": "prévue"}[row["state"]])
    return " · ".join(told) + ("" if row["by_hand"] else " (d’après le calendrier)")
