"""The import page: files, then the preview, then what was written. What is under way stays on the server."""

from dash import html
from dash.development.base_component import Component

from apdash.components.frame import card, page_head
from apdash.components.states import notice
from apdash.components.steps import Step, steps
from apdash.imports import KIND_WORDS, Kind
from apdash.labels import day, moment, school_year
from apdash.pages.importing import ids, result_card
from apdash.pages.importing.changes_card import changes_card
from apdash.pages.importing.columns_card import columns_card
from apdash.pages.importing.decide_card import decide_card
from apdash.pages.importing.draft import Draft, Look, held
from apdash.pages.importing.files_card import drop_zone, files_card, help_card
from apdash.pages.importing.words import finding
from apdash.pages.page import Params
from apdash.rights import CONSOLE, Viewer
from apdash.services import Services
from apdash.store.queries.imports import recent_imports
from apdash.store.queries.journal import account_names

_LABELS = ("Fichiers", "Aperçu", "Résultat")
_PROMISE = "Rien n’est écrit avant votre accord : vous verrez d’abord, ligne à ligne, ce qui changerait."
_RECENT = 6


def layout(services: Services, viewer: Viewer, params: Params) -> Component:
    """Return the step this person's import has come to."""
    draft = held(services, viewer)
    if draft and draft.look:
        return _page(2, finding(draft.look), _lead(draft.look), _preview(services, viewer, draft))
    if draft and draft.done and (draft.waiting or params.get("apercu") == draft.version):
        body = html.Div(result_card.result_card(draft), className="im-result")
        return _page(3, result_card.title(draft), result_card.next_words(draft), body)
    if draft and draft.received and not draft.done:
        refused = "Aucun de ces fichiers ne peut être importé"
        return _page(1, refused, _PROMISE, _again(draft))
    expired = draft is None and "apercu" in params
    return _page(1, "Importer les fichiers du lycée", _PROMISE, _start(services, expired))


def _page(at: int, title: str, lead: str, body: Component) -> Component:
    numbered = [
        Step(label, ids.PATH if number == at else None, now=number == at, done=number < at)
        for number, label in enumerate(_LABELS, start=1)
    ]
    return html.Div([page_head(title, lead), steps(numbered), body], className="page importing")


def _start(services: Services, expired: bool) -> Component:
    told = (
        notice(
            "watch",
            "L’aperçu a expiré",
            "Les fichiers ne sont gardés que 30 minutes. Rien n’a été écrit : redonnez-les.",
        )
        if expired
        else None
    )
    left = [told, html.Section(drop_zone(), className="card im-start"), _recent(services)]
    return html.Div([html.Div(left, className="stack"), help_card()], className="im-two")


def _again(draft: Draft) -> Component:
    return html.Div([files_card(draft), help_card()], className="im-two")


def _preview(services: Services, viewer: Viewer, draft: Draft) -> Component:
    look = draft.look
    left = [
        files_card(draft),
        columns_card(services, viewer, look),
        changes_card(services.reference, look.preview) if look.preview else None,
    ]
    right = decide_card(services, viewer, draft)
    return html.Div(
        [html.Div(left, className="stack"), html.Aside(right, className="im-side")], className="im-two"
    )


def _lead(look: Look) -> str:
    if look.preview is None:
        return "Rien n’est écrit."
    effect = "" if look.preview.plan.review else f", effet le {day(look.preview.on)}"
    if look.preview.plan.span:
        first, last = look.preview.plan.span
        effect = f", séances du {day(first)} au {day(last)}"
    return f"Année {school_year(look.preview.year)}{effect}. Rien n’est encore écrit."


def _recent(services: Services) -> Component | None:
    rows = recent_imports(services.store, most=_RECENT).to_dicts()
    if not rows:
        return None
    known = {kind.value: words for kind, words in KIND_WORDS.items()}
    names = {CONSOLE.login: CONSOLE.name, **account_names(services.store)}
    head = html.Tr([html.Th(title, scope="col") for title in ("Fichier", "Contenu", "Importé")])
    body = [
        html.Tr(
            [
                html.Th(row["file_name"], scope="row"),
                html.Td(known.get(row["kind"], known[Kind.TABLE.value]), **{"data-label": "Contenu"}),
                html.Td(
                    f"{moment(row['imported_at'])}, {names.get(row['imported_by'], row['imported_by'])}",
                    **{"data-label": "Importé"},
                ),
            ]
        )
        for row in rows
    ]
    table = html.Table([html.Thead(head), html.Tbody(body)], className="tbl im-rows")
    return card("Derniers imports", table)
