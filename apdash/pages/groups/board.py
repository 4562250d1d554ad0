"""The groups of a day, hour after hour, and the students who have none."""

from collections.abc import Mapping

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import button, card, link_button
from apdash.components.states import empty
from apdash.labels import NBSP, count, day, long_day
from apdash.pages.gestures import opens
from apdash.pages.groups.asked import Asked
from apdash.pages.groups.cards import away_note, group_card, joined_line, move_button, student_chip
from apdash.pages.groups.picture import Picture
from apdash.pages.groups.words import in_order, sentence, slot_words, student_words


def title(at: Asked, picture: Picture) -> str:
    """Return the finding of the day: how many groups, for how many students."""
    groups = picture.groups.filter(pl.col("merged_into").is_null())
    if picture.groups.is_empty():
        return f"Aucun groupe en vigueur le {day(at.on)}"
    students = picture.seated["student"].n_unique()
    told = count(groups.height, "groupe")
    if at.mine:
        return f"Vous animez {told}, {count(students, 'élève')}"
    if at.division is not None:
        code = picture.divisions.filter(division=at.division)["code"].to_list()
        return f"Les {count(students, 'élève')} de {''.join(code)} sont dans {told}"
    where = picture.band_code(at.band)
    if not picture.may_change:
        return f"Vos {count(students, 'élève')} sont dans {told}{f' de {where}' if where else ''}"
    return f"{told} en vigueur{f' pour {where}' if where else ''}, {count(students, 'élève')}"


def lead(at: Asked, picture: Picture) -> str:
    """Return the day, and what is unusual about it."""
    away = picture.seated.filter(picture.seated["away_until"].is_not_null())["student"].n_unique()
    facts = [
        (int(picture.groups["suspended"].sum()), "groupe suspendu", "groupes suspendus"),
        (picture.groups["merged_into"].count(), "groupe réuni à un autre", "groupes réunis à un autre"),
        (away, "élève en PFMP", "élèves en PFMP"),
        (0 if picture.groups.is_empty() else picture.lone["student"].n_unique(), "élève sans groupe",
         "élèves sans groupe"),
    ]  # fmt: skip
    told = [count(number, one, many) for number, one, many in facts if number]
    when = sentence(long_day(at.on))
    return f"{when}{NBSP}: {', '.join(told)}." if told else f"{when}."


def board(at: Asked, picture: Picture) -> list[Component]:
    """Return the cards of the day by hour, then the students without a group; why there is nothing when so."""
    if picture.groups.is_empty():
        return [_nothing(at, picture)]
    students = in_order(picture.seated.to_dicts(), "ap_group")
    hours = in_order(picture.groups.to_dicts(), "slot")
    return [*[_hour(rows, students, picture, at) for rows in hours.values()], *_without_group(picture)]


def header_actions(at: Asked, picture: Picture) -> list[Component]:
    """Return what may be done with all the groups of a band."""
    if not picture.may_change or at.band is None or picture.every.is_empty():
        return []
    attributes = opens("prolong", str(at.band))
    return [button("Prolonger les groupes", "groups-prolong", icon="calendar-plus", **attributes)]


def _hour(rows: list[Mapping], students: Mapping[int, list], picture: Picture, at: Asked) -> Component:
    """Return the cards of an hour, then a line a group that sits in another for a while."""
    first, joined = rows[0], [row for row in rows if row["merged_into"] is not None]
    apart = [row for row in rows if row["merged_into"] is None]
    seated = {one["student"] for row in apart for one in students.get(row["ap_group"], [])}
    where = "" if at.band is not None else f"{first['band_code']} · "
    sub = f"{count(len(apart), 'groupe')}, {count(len(seated), 'élève')}"
    cards = [
        group_card(
            row,
            students.get(row["ap_group"], []),
            picture,
            joined=[one for one in joined if one["merged_into"] == row["ap_group"]],
        )
        for row in apart
    ]
    told = html.Span(f" {sub}", className="gp-sub") if apart else None
    heading = html.H2([where + sentence(slot_words(first)), told], className="gp-hour")
    lines = [joined_line(row, picture) for row in joined]
    return html.Section([heading, html.Div(cards, className="gcards gp-cards"), *lines], className="gp-slot")


def _without_group(picture: Picture) -> list[Component]:
    if picture.lone.is_empty():
        return []
    chips = []
    for rows in in_order(picture.lone.to_dicts(), "student").values():
        one = rows[0]
        note = away_note(one) if one["away_until"] else html.Span(one["division_code"], className="pr")
        words = f"Placer {student_words(one)}"
        key = f"{one['student']}-{one['band']}"
        place = move_button("place", key, words, "box-arrow-in-right") if picture.may_change else None
        chips.append(student_chip(one, note=note, button=place, away=bool(one["away_until"])))
    number = picture.lone["student"].n_unique()
    hours = ", ".join(dict.fromkeys(picture.lone["slot_code"].to_list()))
    return [
        card(
            f"{sentence(count(number, 'élève'))} sans groupe",
            html.Ul(chips, className="chips gp-chips gp-wide"),
            sub=f"à une heure au moins de leur bande ({hours})",
            class_name="gp-lone",
        )
    ]


def _nothing(at: Asked, picture: Picture) -> Component:
    """Return why no group is shown, and where to go."""
    if at.mine and picture.every.height:
        return empty(
            "Vous n’animez aucun groupe ce jour-là",
            "Les groupes où sont vos élèves restent visibles.",
            link_button("Voir les groupes de mes élèves", at.href(miens="0")),
        )
    if picture.every.height:
        return empty(
            "Aucun groupe ne répond à ces filtres", None,
            link_button("Tout voir", at.href(creneau=None, division=None)),
        )  # fmt: skip
    first = next((one for one in reversed(picture.compositions)), None)
    if first is not None:
        words = f"La composition la plus récente vaut à partir du {day(first)}."
        return empty(
            "Pas de groupe ce jour-là", words, link_button("Voir ce jour", at.href(date=first.isoformat()))
        )
    action = link_button("Ouvrir le regroupement", "/regroupement") if picture.may_change else None
    return empty(
        "Aucune composition n’est encore en vigueur",
        "Les groupes apparaissent ici le jour où une proposition adoptée prend effet.",
        action,
    )
