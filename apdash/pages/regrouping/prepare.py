"""Step 1, « Préparer »: is everything there to look for groups?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import card, link_button
from apdash.components.marks import axis_mark, badge
from apdash.components.states import empty, notice
from apdash.labels import NBSP, count, day, done, number, short_day


@dataclass(frozen=True, slots=True)
class Readiness:
    """What the step shows.

    divisions(division, code, students, closed_at, share: entries made / expected or null, unsure)
    meetings(code, slot_code, sessions, possible) · placements(code, starts_on, ends_on)
    staff(slot_code, name, cost, needs) · rooms(slot_code, code, capacity) · slots: code -> name
    needs: code -> (short name, axis)
    """

    first: date
    last: date
    divisions: pl.DataFrame
    meetings: pl.DataFrame
    placements: pl.DataFrame
    staff: pl.DataFrame
    rooms: pl.DataFrame
    slots: Mapping[str, str]
    needs: Mapping[str, tuple[str, str]]


def warnings(ready: Readiness) -> list[Component]:
    """Return what would make the search wrong or impossible, the gravest first."""
    found = []
    late = ready.divisions.filter(pl.col("closed_at").is_null())
    if late.height:
        codes = ", ".join(late["code"].to_list())
        found.append(
            notice(
                "alert",
                f"Le bilan n’est pas clos pour {codes}",
                "Sans clôture, la recherche se sert de leur bilan d’avant. Clôturez-le, même incomplet : la page "
                "Bilans dit ce que cela coûte.",
                [link_button("Ouvrir les bilans", "/bilans")],
            )
        )
    empty_slots = [
        name for code, name in ready.slots.items() if code not in ready.staff["slot_code"].to_list()
    ]
    if empty_slots:
        found.append(
            notice(
                "alert", f"Aucun adulte n’est libre {' ni '.join(empty_slots)}", "Sans adulte, aucun groupe."
            )
        )
    gone = ready.meetings.group_by("code", maintain_order=True).agg(pl.col("sessions").max())
    gone = gone.filter(pl.col("sessions") < 2)
    if gone.height:
        codes = ", ".join(gone["code"].to_list())
        found.append(
            notice(
                "watch",
                f"En PFMP presque toute la période : {codes}",
                "Avec moins de deux séances, ces élèves gardent leur groupe et n’entrent pas dans la recherche.",
            )
        )
    unsure = int(ready.divisions["unsure"].sum() or 0)
    if unsure:
        found.append(
            notice(
                "watch",
                f"{count(unsure, 'élève')} à confirmer",
                "Trop peu d’évaluations pour calculer au moins un besoin : il ne compte pas pour eux, ni dans un "
                "sens ni dans l’autre.",
            )
        )
    return found


def review_card(ready: Readiness, *, href: str) -> Component:
    """Return the state of the bilan, a line a division."""
    rows = [
        html.Tr(
            [
                html.Th(row["code"], scope="row"),
                html.Td(number(row["students"]), className="num"),
                html.Td("–" if row["share"] is None else done(row["share"]), className="num"),
                html.Td(number(row["unsure"]) if row["unsure"] else "aucun", className="num"),
                html.Td(_closed(row)),
            ]
        )
        for row in ready.divisions.iter_rows(named=True)
    ]
    head = ["Division", "Élèves", "Saisies reçues", "À confirmer", "Clôture"]
    return card(
        "Le bilan",
        _table(head, rows, numbers=(1, 2, 3)),
        sub="ce que l’équipe a évalué, division par division",
        right=dcc.Link("Voir les bilans", href=href),
    )


def _closed(row: Mapping[str, object]) -> Component:
    if row["closed_at"] is None:
        return badge("à clore", kind="alert", icon="exclamation-triangle-fill")
    return badge(f"clos le {short_day(row['closed_at'])}", icon="check-circle")  # type: ignore[arg-type]


def meetings_card(ready: Readiness) -> Component:
    """Return how many meetings each division can attend at each slot of the coming period, and why fewer."""
    codes = list(ready.slots)
    counts = {(r["code"], r["slot_code"]): r for r in ready.meetings.iter_rows(named=True)}
    rows = [
        html.Tr(
            [
                html.Th(division, scope="row"),
                *[html.Td(_sessions(counts.get((division, slot))), className="num") for slot in codes],
                html.Td(_away(ready, division), className="soft"),
            ]
        )
        for division in ready.divisions["code"].to_list()
    ]
    head = ["Division", *[ready.slots[code].capitalize() for code in codes], "Absences prévues"]
    return card(
        "Les séances de la période",
        _table(head, rows, numbers=range(1, len(codes) + 1)),
        sub=f"du {short_day(ready.first)} au {day(ready.last)}, vacances et PFMP déduites",
    )


def _sessions(row: Mapping[str, int] | None) -> Component | str:
    if row is None:
        return "–"
    words = f"{row['sessions']} sur {row['possible']}"
    if 2 * row["sessions"] < row["possible"]:
        return html.B(words)
    return words


def _away(ready: Readiness, division: str) -> str:
    spans = ready.placements.filter(
        (pl.col("code") == division)
        & (pl.col("starts_on") <= ready.last)
        & (pl.col("ends_on") >= ready.first)
    )
    words = []
    for start, end in spans.select("starts_on", "ends_on").iter_rows():
        if start <= ready.first:
            words.append(f"en PFMP jusqu’au {short_day(end)}")
        elif end >= ready.last:
            words.append(f"en PFMP à partir du {short_day(start)}")
        else:
            words.append(f"en PFMP du {short_day(start)} au {short_day(end)}")
    return ", ".join(words) or "présente toute la période"


def adults_card(ready: Readiness) -> Component:
    """Return, slot by slot, the adults with the needs they agreed to lead, and the rooms."""
    if ready.staff.is_empty():
        return card("Adultes et salles", empty("Aucun adulte", "Ajoutez-les à la bande, dans les réglages."))
    blocks = []
    for code, name in ready.slots.items():
        adults = ready.staff.filter(pl.col("slot_code") == code)
        rooms = ready.rooms.filter(pl.col("slot_code") == code)
        blocks.append(
            html.Div(
                [
                    html.H3(
                        [
                            name.capitalize(),
                            html.Span(f" · {count(adults.height, 'adulte')}", className="muted"),
                        ]
                    ),
                    html.Ul(
                        [_adult(ready, row) for row in adults.iter_rows(named=True)], className="rg-adults"
                    ),
                    html.P(_rooms(rooms), className="s muted mt-2"),
                ]
            )
        )
    return card(
        "Adultes et salles", html.Div(blocks, className="rg-slots"), sub="et ce que chacun accepte d’animer"
    )


def _adult(ready: Readiness, row: Mapping[str, object]) -> Component:
    needs = [ready.needs[need] for need in row["needs"] if need in ready.needs]  # type: ignore[attr-defined]
    marks = [html.Span([axis_mark(axis), label], className="badge2") for label, axis in needs]
    cost = badge("heure supplémentaire", kind="watch", icon="clock") if row["cost"] else None
    nothing = html.Span("n’a pas encore choisi de besoin", className="s muted")
    return html.Li(
        [html.Span([row["name"], cost], className="who"), html.Span(marks or nothing, className="what")]
    )


def _rooms(rooms: pl.DataFrame) -> str:
    if rooms.is_empty():
        return "Salles\u00a0: non limitées."
    words = [f"{code} ({capacity})" for code, capacity in rooms.select("code", "capacity").iter_rows()]
    return f"Salles (places){NBSP}: " + ", ".join(words) + "."


def _table(head: list[str], rows: list[Component], *, numbers: range | tuple[int, ...]) -> Component:
    titles = [
        html.Th(title, scope="col", className="num" if index in numbers else "")
        for index, title in enumerate(head)
    ]
    table = html.Table([html.Thead(html.Tr(titles)), html.Tbody(rows)], className="tbl")
    return html.Div(table, className="scroll-x", tabIndex=0)
