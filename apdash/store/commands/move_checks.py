"""What stands in the way of putting a student in a group: what forbids it, and what is to be accepted knowingly."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from apdash import labels
from apdash.reference import Reference
from apdash.rights import CONSOLE, Action, Viewer
from apdash.store.queries.bands import placements, statements, students_in_band
from apdash.store.queries.groups import groups_in_force, members
from apdash.store.queries.need_periods import need_periods
from apdash.store.store import Store, Transaction

HIDDEN_RULE = "Une règle posée par la direction s’y oppose."


@dataclass(frozen=True, slots=True)
class Checks:
    """What was found, in French sentences. blocks: the gesture is refused; warnings: it is to be confirmed."""

    blocks: tuple[str, ...]
    warnings: tuple[str, ...]


def move_checks(
    store: Store | Transaction, viewer: Viewer, reference: Reference, *, student: int, group: int, on: date
) -> Checks:
    """Return what stands in the way of a student entering a group on a day; changes nothing."""
    viewer.require(Action.CHANGE_GROUPS)
    target = groups_in_force(store, CONSOLE, on=on).filter(pl.col("ap_group") == group)
    if target.is_empty():
        return Checks((f"Ce groupe n’est pas ouvert le {labels.day(on)}.",), ())
    row = target.row(0, named=True)
    blocks = _blocks(store, row, student=student, on=on)
    if blocks:
        return Checks(tuple(blocks), ())
    seated = members(store, CONSOLE, on=on, band=row["band"])
    need = reference.needs.filter(pl.col("code") == row["need"]).row(0, named=True)
    warnings = _size_warnings(store, row, need, seated, student=student, on=on)
    warnings += _need_warnings(store, reference, row, need, seated, student=student, on=on)
    ruled, hidden = _statement_warnings(store, viewer, row, seated, student=student)
    return Checks(tuple(hidden), tuple(warnings + ruled))


def _blocks(store: Store | Transaction, row: dict, *, student: int, on: date) -> list[str]:
    found = []
    if row["suspended"]:
        found.append(f"Le groupe {row['code']} est suspendu le {labels.day(on)}.")
    if row["merged_into"] is not None:
        found.append(f"Le groupe {row['code']} est fusionné avec {row['merged_into_code']} à cette date.")
    place = students_in_band(store, band=row["band"], on=on).filter(pl.col("student") == student)
    if place.is_empty():
        return [*found, f"L’élève n’est dans aucune division de la bande {row['band_code']} à cette date."]
    away = placements(store, band=row["band"]).filter(
        (pl.col("division") == place["division"].item())
        & (pl.col("starts_on") <= on)
        & (pl.col("ends_on") >= on)
    )
    if away.height:
        back = labels.day(away["ends_on"].max())  # type: ignore[arg-type]
        found.append(f"L’élève est en PFMP jusqu’au {back} : choisissez une date à son retour.")
    inside = members(store, CONSOLE, on=on, band=row["band"])
    if inside.filter((pl.col("student") == student) & (pl.col("own_group") == row["ap_group"])).height:
        found.append(f"L’élève est déjà dans le groupe {row['code']}.")
    return found


def _size_warnings(
    store: Store | Transaction, row: dict, need: dict, seated: pl.DataFrame, *, student: int, on: date
) -> list[str]:
    found = []
    size = row["size"] + 1
    if size > need["max_size"]:
        found.append(f"Le groupe {row['code']} aurait {size} élèves, pour {need['max_size']} au plus.")
    if row["capacity"] is not None and size > row["capacity"]:
        found.append(f"La salle {row['room_code']} tient {row['capacity']} élèves, ils seraient {size}.")
    people = students_in_band(store, band=row["band"], on=on)
    mine = people.filter(pl.col("student") == student)["division"].item()
    bound = (
        need["max_division_share"]
        or store.read("select max_division_share from band where id = $band", band=row["band"]).item()
    )
    same = seated.filter((pl.col("ap_group") == row["ap_group"]) & (pl.col("division") == mine)).height + 1
    if not need["reception"] and people["division"].n_unique() >= 3 and same > bound * size:
        found.append(f"{same} des {size} élèves viendraient de la même division.")
    return found


def _need_warnings(
    store: Store | Transaction,
    reference: Reference,
    row: dict,
    need: dict,
    seated: pl.DataFrame,
    *,
    student: int,
    on: date,
) -> list[str]:
    found = _leaving_warnings(store, reference, row, seated, student=student, on=on)
    if need["reception"]:
        return found
    people = students_in_band(store, band=row["band"], on=on).filter(pl.col("student") == student)
    if need["grades"] and people["grade"].item() not in need["grades"]:
        found.append("Cet atelier n’est pas prévu pour le niveau de l’élève.")
    value = _last_intensity(store, student=student, need=need["code"])
    if value is None:
        found.append("Aucun bilan n’établit ce besoin pour cet élève : il est à confirmer.")
    elif value < reference.rules.floor:
        found.append(
            f"Le dernier bilan place ce besoin à {value}, sous le plancher de {reference.rules.floor:g}."
        )
    year = store.read("select year from band where id = $band", band=row["band"]).item()
    worn = need_periods(store, year=year, on=on).filter(
        (pl.col("student") == student) & (pl.col("need") == need["code"])
    )
    if worn.height and worn["need_periods"].item() >= need["max_periods"]:
        found.append(f"L’élève travaille ce besoin depuis {worn['need_periods'].item()} périodes.")
    elsewhere = seated.filter(
        (pl.col("student") == student) & (pl.col("need") == need["code"]) & (pl.col("slot") != row["slot"])
    ).height
    if elsewhere >= need["max_per_student"]:
        found.append("L’élève travaille déjà ce besoin à un autre créneau.")
    return found


def _leaving_warnings(
    store: Store | Transaction,
    reference: Reference,
    row: dict,
    seated: pl.DataFrame,
    *,
    student: int,
    on: date,
) -> list[str]:
    left = seated.filter((pl.col("student") == student) & (pl.col("slot") == row["slot"]))
    if left.is_empty():
        return []
    group, code = left.select("ap_group", "code").row(0)
    need = reference.needs.filter(pl.col("code") == left["need"].item()).row(0, named=True)
    remaining = seated.filter(pl.col("ap_group") == group).height - 1
    if remaining >= need["min_size"]:
        return []
    return [
        f"Le groupe {code} n’aurait plus que {labels.count(remaining, 'élève')}, pour {need['min_size']} au moins."
    ]


def _last_intensity(store: Store | Transaction, *, student: int, need: str) -> int | None:
    rows = store.read(
        """
        select i.value from intensity i
        where i.student = $student and i.need = $need
        order by i.computed_at desc, i.review desc
        limit 1
        """,
        student=student,
        need=need,
    )
    return rows.item() if rows.height else None


def _statement_warnings(
    store: Store | Transaction, viewer: Viewer, row: dict, seated: pl.DataFrame, *, student: int
) -> tuple[list[str], list[str]]:
    """Return (warnings, blocks): a rule of the direction forbids, and says nothing more, to anybody else."""
    warnings, blocks = [], []
    inside = set(seated.filter(pl.col("ap_group") == row["ap_group"])["student"].to_list())
    for demand in statements(store, CONSOLE, band=row["band"]).iter_rows(named=True):
        if student not in demand["students"] or not _breaks(demand, row, inside, student=student):
            continue
        if demand["by_direction"] and not viewer.can(Action.KEEP_APART):
            blocks.append(HIDDEN_RULE)
        else:
            warnings.append(_demand_words(demand))
    return warnings, sorted(set(blocks))


def _breaks(demand: dict, row: dict, inside: set[int], *, student: int) -> bool:
    """True when a demand about the student would not hold any more."""
    others = set(demand["students"]) - {student}
    same_slot = demand["slot"] in (None, row["slot"])
    match demand["kind"]:
        case "pin":
            return demand["slot"] == row["slot"] and demand["need"] != row["need"]
        case "ban":
            adult = demand["staff"] is None or demand["staff"] in row["staff"]
            return same_slot and demand["need"] in (None, row["need"]) and adult
        case "together":
            return not others <= inside
        case "apart":
            return bool(others & inside)
        case _:
            in_scope = same_slot and demand["need"] in (None, row["need"])
            return in_scope and len(others & inside) + 1 > demand["at_most"]


def _demand_words(demand: dict) -> str:
    names = labels.listed(list(demand["names"]))
    match demand["kind"]:
        case "pin":
            return f"Une demande épingle {names} à un autre besoin à ce créneau."
        case "ban":
            return f"Une demande exclut cette place pour {names}."
        case "together":
            return f"Une demande garde ensemble {names}."
        case "apart":
            return f"Une règle de la direction sépare {names}."
        case _:
            return f"Une demande limite à {demand['at_most']} dans un groupe : {names}."
