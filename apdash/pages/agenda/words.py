"""How the page names hours, states and places of sessions."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from apdash.labels import DAYS, NBSP, hour, short_day

State = tuple[str, str, str]  # words, kind of badge, icon


def span_words(starts: time, minutes: int) -> str:
    """Return `10 h 10 – 11 h 05`."""
    ends = (datetime.combine(date.min, starts) + timedelta(minutes=minutes)).time()
    return f"{hour(starts)} – {hour(ends)}"


def day_words(day: date) -> str:
    """Return `mardi 24 nov.`."""
    return f"{DAYS[day.weekday()]} {short_day(day)}"


def what_words(row: Mapping) -> str:
    """Return `2AP03 Atelier calcul`, or the label of a common action."""
    return f"{row['code']} {row['name']}" if row["ap_group"] is not None else row["label"]


def place_words(row: Mapping, places: Mapping[int, str]) -> str:
    """Return adults and room: `Mme Rousseau · B12`; for a common action, where it is. places: action -> place."""
    where = ", ".join(filter(None, [places.get(row["action"], ""), row["room_code"]]))
    return f"{row['staff_names'] or 'adulte à désigner'} · {where or 'salle à fixer'}"


def state_of(row: Mapping, *, today: date, hosts: Mapping[int, str], reasons: Mapping[str, str]) -> State:
    """Return what a session has become: words, kind of badge, icon. hosts: session -> how it is named."""
    if row["state"] == "not_held":
        why = reasons.get(row["why"], "")
        words = "Non tenue, non remplacée" if row["why"] == "INT" else f"Non tenue{NBSP}: {why.lower()}"
        return (words if why else "Non tenue"), "watch", "slash-circle"
    if row["host"] != row["session"]:
        return f"Avec {hosts.get(row['host'], 'une autre séance')}", "acc", "intersect"
    if row["called"]:
        done = row["called"] >= row["expected"]
        words = "Appel fait" if done else f"Appel commencé{NBSP}: {row['called']} sur {row['expected']}"
        return words, "acc" if done else "watch", "check2-all" if done else "hourglass-split"
    if row["state"] == "held":
        return "Tenue", "acc", "check2"
    if row["on_day"] < today:
        return "Appel à faire", "watch", "exclamation-circle"
    return "Prévue", "", "calendar3"


def change_words(row: Mapping) -> str:
    """Return what somebody decided about where and when it is: moved, added; nothing when as planned."""
    if row["action"] is not None:
        return ""
    if row["planned_on"] is None:
        return "Ajoutée"
    if row["host"] == row["session"] and row["planned_on"] != row["on_day"]:
        return f"Déplacée du {day_words(row['planned_on'])}"
    return ""


def hosts_of(rows: list[Mapping]) -> dict[int, str]:
    """Return how each session is named when another joins it: its code, or its label."""
    return {row["session"]: row["code"] or row["label"] for row in rows}
