"""The files: where to drop them, which ones to take, what each was recognised as."""

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import button, card
from apdash.imports import KIND_WORDS, MAX_FILE
from apdash.labels import NBSP
from apdash.pages.importing import ids
from apdash.pages.importing.draft import MEGABYTE, MOST_AT_ONCE, Draft, Received
from apdash.pages.importing.words import kind_words, weight

_SIECLE = "SIECLE › Exploitation › Exports standard › Exports XML génériques"
_STS = "STS-web › Mise à jour › Exports › Emplois du temps"
_WANTED = (
    ("Élèves sans adresses", _SIECLE, "qui est inscrit, dans quelle division"),
    ("Structures et Nomenclature", _SIECLE, "les divisions, les groupes, les formations en toutes lettres"),
    ("sts_emp_(UAI)_(année).xml", _STS, "les adultes, leurs services, les professeurs principaux"),
    (
        "Tableaux CSV, TSV ou XLSX",
        "Pronote, École directe, SACoche, un tableur",
        "évaluations, tests de positionnement, réponses à l’entretien, liste d’élèves",
    ),
)


def drop_zone(*, small: bool = False) -> Component:
    """Return the place where files are dropped or chosen; small: to add some."""
    words = "Ajouter des fichiers" if small else "Choisir des fichiers"
    limits = f"{MAX_FILE // MEGABYTE}{NBSP}Mo par fichier, {MOST_AT_ONCE // MEGABYTE}{NBSP}Mo en tout"
    inside = [
        html.I(className="bi bi-file-earmark-arrow-up", **{"aria-hidden": "true"}),
        html.Div("Déposez vos fichiers ici", className="b") if not small else None,
        button(words, "importing-choose", kind="outline"),
        html.Div(f"XML, zip, CSV, TSV ou XLSX{NBSP}; {limits}", className="s muted") if not small else None,
    ]
    upload = dcc.Upload(
        html.Div(inside, className="im-inside"),
        id=ids.UPLOAD,
        multiple=True,
        max_size=MOST_AT_ONCE,
        className="im-upload",
        className_active="im-upload over",
        className_reject="im-upload over",
    )
    status = html.Div(
        [
            html.Span(className="spinner-border spinner-border-sm", **{"aria-hidden": "true"}),
            html.Span(className="words"),
        ],
        className="im-reading",
        role="status",
    )
    refusal = html.Div(className="im-too-large", role="alert")
    return html.Div(
        [upload, status, refusal],
        id=ids.DROP,
        className=drop_class(),
        **{"data-most": str(MOST_AT_ONCE)},
    )


def drop_class(*, busy: bool = False) -> str:
    """Return the class of the drop zone."""
    return "im-drop busy" if busy else "im-drop"


def busy(name: str, words: str) -> Component:
    """Return a line that says what is being done, hidden until it is."""
    turning = html.Span(className="spinner-border spinner-border-sm", **{"aria-hidden": "true"})
    return html.Div([turning, words], id=name, hidden=True, className="im-busy", role="status")


def help_card() -> Component:
    """Return which exports to take and where they are."""
    lines = [
        html.Li(
            [
                html.Div(name, className="b"),
                html.Div(where, className="s"),
                html.Div(what, className="s muted"),
            ]
        )
        for name, where, what in _WANTED
    ]
    never = (
        "Adresses, responsables, téléphones, santé, bourses et sanctions ne sont jamais lus, "
        "même dans un fichier qui les contient."
    )
    return card(
        "Quels fichiers prendre",
        [html.Ul(lines, className="im-wanted"), html.P(never, className="s soft mt-2")],
        sub="le contenu compte, pas le nom",
    )


def files_card(draft: Draft) -> Component:
    """Return the files received: what each is, which are looked at, which wait, which are refused and why."""
    lines = [_line(draft, one) for one in draft.received]
    again = drop_zone(small=True)
    return card(
        "Fichiers",
        [html.Ul(lines, className="im-files"), again],
        right=button("Tout abandonner", ids.pressed("restart"), kind="quiet") if draft.received else None,
    )


def _line(draft: Draft, one: Received) -> Component:
    name = one.file.name
    look = draft.look
    if one.error:
        icon, state, kind = "x-octagon", f"{one.error.title} {one.error.message}", "bad"
    elif look and name in look.names:
        icon, state, kind = "check-circle", kind_words(look, look.names.index(name)), "now"
    else:
        icon, state, kind = "clock", f"{KIND_WORDS[one.kind]}{NBSP}: ensuite", "later"
    words = [
        html.Div(
            [html.Span(name, className="b"), html.Span(weight(len(one.file.data)), className="muted s")],
            className="im-name",
        ),
        html.Div(state, className="s"),
    ]
    remove = button(
        "Retirer",
        ids.pressed("remove", name),
        kind="quiet",
        icon="x-lg",
        **{"aria-label": f"Retirer {name}"},
    )
    mark = html.I(className=f"bi bi-{icon}", **{"aria-hidden": "true"})
    return html.Li([mark, html.Div(words, className="im-what"), remove], className=f"im-file {kind}")
