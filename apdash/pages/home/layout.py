"""The home page, by role: what waits for me, the year, the entry of the bilan, what comes next."""

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import card, page_head, today_badge
from apdash.components.states import empty
from apdash.labels import count
from apdash.pages.aims import questions_card
from apdash.pages.home.next_sessions import day_card
from apdash.pages.home.side import next_dates, progress_card
from apdash.pages.home.tasks import Task, tasks
from apdash.pages.home.year_line import year_line
from apdash.pages.page import Params
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.queries import calendar
from apdash.store.queries import reviews as review_queries


def layout(services: Services, viewer: Viewer, params: Params) -> Component:
    """Return the home page of this person."""
    year = calendar.current_year(services.store, services.today())
    head = page_head(f"Bonjour {viewer.name}", right=today_badge(services.today()))
    if year is None:
        return html.Div([head, _nothing_yet(viewer)], className="page")
    waiting = tasks(services, viewer, year)
    left = [
        _waiting_card(waiting),
        questions_card(services, viewer),
        _year_card(services, year),
        progress_card(services, viewer, year),
    ]
    right = [day_card(services, viewer), next_dates(services, viewer, year)]
    columns = [html.Div(left, className="col-lg-8 stack"), html.Div(right, className="col-lg-4 stack")]
    return html.Div([head, html.Div(columns, className="row g-3 home-cards")], className="page")


def _nothing_yet(viewer: Viewer) -> Component:
    if not viewer.can(Action.IMPORT):
        return html.Div(empty("Rien à montrer encore", "La direction prépare l’année."), className="card")
    action = dcc.Link("Importer les fichiers du lycée", href="/importer", className="btn btn-primary")
    words = "Élèves, divisions et adultes viennent des fichiers SIECLE et STS que vous avez déjà."
    return html.Div(empty("Cette base est encore vide", words, action), className="card")


def _waiting_card(waiting: list[Task]) -> Component:
    if not waiting:
        return card(
            "Ce qui vous attend",
            empty("Rien ne vous attend", "Tout ce qui vous revient est fait.", icon="check2-circle"),
        )
    rows = [_task(task, first=number == 0) for number, task in enumerate(waiting)]
    return card("Ce qui vous attend", rows, sub=count(len(waiting), "action"))


def _task(task: Task, *, first: bool) -> Component:
    icon = html.Span(
        html.I(className=f"bi bi-{task.icon}", **{"aria-hidden": "true"}), className=f"ic {task.kind}"
    )
    what = html.Div(
        [html.Div(task.title, className="b"), html.Div(task.words, className="s soft")], className="what"
    )
    button = dcc.Link(
        task.action, href=task.href, className="btn btn-primary" if first else "btn btn-outline"
    )
    return html.Div([icon, what, html.Span(task.due, className="s muted nw"), button], className="todo")


def _year_card(services: Services, year: int) -> Component:
    periods = calendar.periods(services.store, year=year)
    if periods.is_empty():
        return card("L’année", empty("Aucune période", "Elles se saisissent dans les réglages."))
    dates = next(row for row in calendar.school_years(services.store).to_dicts() if row["year"] == year)
    line = year_line(
        periods,
        review_queries.reviews(services.store, year=year),
        first=dates["starts_on"],
        last=dates["ends_on"],
        today=services.today(),
    )
    return card("L’année", line, sub="périodes et bilans ; losange plein : bilan clos")
