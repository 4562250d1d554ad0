"""Accounts: who may enter, as what, and which adult they are."""

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import button, card
from apdash.labels import ROLES
from apdash.pages.page import Params
from apdash.rights import Role, Viewer
from apdash.services import Services
from apdash.store.queries import calendar
from apdash.store.queries.accounts import accounts


def layout(services: Services, viewer: Viewer, year: int, params: Params) -> list[Component]:
    """Return the accounts there are, and the form of a new one; for the direction."""
    rows = [
        _account(row, own=row["login"] == viewer.login) for row in accounts(services.store, viewer).to_dicts()
    ]
    head = html.Tr([html.Th(words, scope="col") for words in ("Nom", "Identifiant", "Rôle", "Entrée", "")])
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="tbl settings-table")
    return [
        card("Comptes", html.Div(table, className="scroll-x")),
        _new(services),
        _forgotten(services, viewer),
    ]


def _account(row: dict, *, own: bool) -> Component:
    action = "Fermer" if row["active"] else "Rouvrir"
    change = (
        None if own else button(f"{action} ce compte", {"account": row["id"], "active": not row["active"]})
    )
    entry = "fermée" if not row["active"] else "par mot de passe" if row["has_password"] else "démonstration"
    cells = [
        html.Th(row["name"], scope="row"),
        html.Td(row["login"], **{"data-label": "Identifiant"}),
        html.Td(ROLES[row["role"]], **{"data-label": "Rôle"}),
        html.Td(entry, **{"data-label": "Entrée"}),
    ]
    return html.Tr([*cells, html.Td(change, className="num")])


def _new(services: Services) -> Component:
    adults = [
        {"value": str(row["id"]), "label": f"{row['last_name']} {row['first_name']}".strip()}
        for row in calendar.staff(services.store).to_dicts()
    ]
    roles = [{"value": role.value, "label": ROLES[role]} for role in Role]
    fields = [
        _labelled("Nom affiché", dbc.Input(id="account-name", placeholder="Mme Vasseur")),
        _labelled("Nouvel identifiant", dbc.Input(id="account-login", autocomplete="off")),
        _labelled("Rôle", dbc.Select(roles, value="teacher", id="account-role")),
        _labelled(
            "Adulte de l’établissement",
            dbc.Select([{"value": "", "label": ""}, *adults], value="", id="account-staff"),
        ),
        _labelled(
            "Premier mot de passe",
            dbc.Input(id="account-password", type="password", autocomplete="new-password"),
        ),
    ]
    note = "Au moins 12 caractères. Un enseignant sans adulte choisi ne verrait aucun élève."
    foot = [
        button("Ajouter le compte", "add-account", icon="person-plus"),
        html.Span(note, className="s muted"),
    ]
    return card(
        "Nouveau compte", [html.Div(fields, className="fields"), html.Div(foot, className="form-foot")]
    )


def _forgotten(services: Services, viewer: Viewer) -> Component:
    logins = [
        {"value": row["login"], "label": f"{row['name']} ({row['login']})"}
        for row in accounts(services.store, viewer).to_dicts()
    ]
    fields = [
        _labelled("Compte", dbc.Select([{"value": "", "label": ""}, *logins], value="", id="password-login")),
        _labelled(
            "Nouveau mot de passe", dbc.Input(id="password-new", type="password", autocomplete="new-password")
        ),
    ]
    foot = button("Changer le mot de passe", "change-password", icon="key")
    return card(
        "Mot de passe oublié", [html.Div(fields, className="fields"), html.Div(foot, className="form-foot")]
    )


def _labelled(words: str, field: Component) -> Component:
    return html.Div([dbc.Label(words, html_for=field.id, className="form-label"), field])
