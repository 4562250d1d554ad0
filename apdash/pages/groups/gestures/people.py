"""What the dialogs say of a group, a student, an adult: read again at each gesture."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from apdash.errors import ApdashError
from apdash.pages.gestures.form import Option
from apdash.pages.groups.words import group_words, place_words, student_words
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.bands import band_staff
from apdash.store.queries.calendar import staff
from apdash.store.queries.groups import groups_in_force
from apdash.store.queries.intensities import intensities_of_student
from apdash.store.queries.students import student_on


def group_on(services: Services, viewer: Viewer, group: int, on: date) -> Mapping:
    """Return a group as it is on a day; raises `ApdashError` when it is not open then."""
    rows = groups_in_force(services.store, viewer, on=on).filter(pl.col("ap_group") == group)
    if rows.is_empty():
        raise ApdashError(
            "Groupe fermé.", "Il n’est pas ouvert ce jour-là : choisissez une autre date en haut de page."
        )
    return rows.row(0, named=True)


def student_named(services: Services, viewer: Viewer, student: int, on: date) -> str:
    """Return the name of a student; raises `ApdashError` when this person may not see them."""
    rows = student_on(services.store, viewer, student=student, on=on)
    if rows.is_empty():
        raise ApdashError("Élève introuvable.", "Il n’est pas inscrit à cette date.")
    return student_words(rows.row(0, named=True))


def places(services: Services, viewer: Viewer, *, slot: int, on: date, student: int) -> list[Option]:
    """Return the groups that meet at an hour, the strongest need of the student first."""
    values = dict(
        intensities_of_student(services.store, viewer, student=student)
        .drop_nulls("value")
        .select("need", "value")
        .iter_rows()
    )
    sizes = dict(services.reference.needs.select("code", "max_size").iter_rows())
    rows = groups_in_force(services.store, viewer, on=on).filter(
        (pl.col("slot") == slot) & ~pl.col("suspended") & pl.col("merged_into").is_null()
    )
    ranked = sorted(rows.to_dicts(), key=lambda row: (-values.get(row["need"], -1), row["code"]))
    return [(str(row["ap_group"]), _place_words(row, values, sizes)) for row in ranked]


def neighbours(services: Services, viewer: Viewer, group: Mapping, on: date) -> list[Option]:
    """Return the other groups that meet at the hour of a group."""
    rows = groups_in_force(services.store, viewer, on=on).filter(
        (pl.col("slot") == group["slot"])
        & (pl.col("ap_group") != group["ap_group"])
        & ~pl.col("suspended")
        & pl.col("merged_into").is_null()
    )
    return [
        (str(row["ap_group"]), f"{group_words(row)} · {place_words(row)} · {row['size']} élèves")
        for row in rows.iter_rows(named=True)
    ]


def adults(services: Services, viewer: Viewer, group: Mapping, on: date) -> list[Option]:
    """Return the adults who may come: those free at the hour who agreed to the need first, those already busy last."""
    slot = pl.col("slot") == group["slot"]
    free = band_staff(services.store, band=group["band"]).filter(slot)
    able = set(free.filter(pl.col("needs").list.contains(group["need"]))["staff"])
    known = set(free["staff"])
    busy: dict[int, str] = {}
    for row in groups_in_force(services.store, viewer, on=on).filter(slot).iter_rows(named=True):
        busy |= dict.fromkeys(row["staff"], row["code"])

    def told(row: Mapping) -> tuple[int, str]:
        if row["id"] in busy:
            return 3, f", anime {busy[row['id']]} à cette heure"
        if row["id"] in able:
            return 0, ", libre à cette heure, anime cet atelier"
        return (1, ", libre à cette heure") if row["id"] in known else (2, "")

    rows = staff(services.store).filter(~pl.col("id").is_in(group["staff"])).to_dicts()
    return [
        (str(row["id"]), f"{row['title']} {row['last_name']} {row['first_name']}".strip() + told(row)[1])
        for row in sorted(rows, key=lambda row: told(row)[0])
    ]


def _place_words(row: Mapping, values: Mapping[str, int], sizes: Mapping[str, int]) -> str:
    value = f" · besoin {values[row['need']]}" if row["need"] in values else ""
    most = f" / {sizes[row['need']]}" if row["need"] in sizes else ""
    return f"{group_words(row)}{value} · {row['size']}{most} · {place_words(row)}"
