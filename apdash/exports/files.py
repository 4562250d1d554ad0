"""Every export: what it is called, and its bytes for a day."""

from dataclasses import dataclass
from datetime import date

from apdash.errors import ApdashError
from apdash.exports.bulletins import bulletin_bytes
from apdash.exports.calendar import calendar_bytes
from apdash.exports.lists import door_rows, edt_rows, gepi_activity_rows, gepi_group_rows, left_out
from apdash.exports.siecle import siecle_bytes
from apdash.exports.tables import csv_bytes, xlsx_bytes
from apdash.labels import NBSP, count, listed
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.queries.groups import groups_in_force, members
from apdash.store.queries.lists import dated_memberships, session_events


@dataclass(frozen=True, slots=True)
class Export:
    """One kind of file. label: in French, for menus and the command line."""

    label: str
    extension: str
    media_type: str


_CSV, _XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXPORTS: dict[str, Export] = {
    "edt": Export("listes datées pour EDT et Pronote, CSV Windows-1252", "csv", _CSV),
    "edt-utf8": Export("les mêmes en CSV UTF-8", "csv", _CSV),
    "edt-xlsx": Export("les mêmes en XLSX", "xlsx", _XLSX),
    "gepi-aid": Export("élèves des activités pour GEPI (AID)", "csv", _CSV),
    "gepi-groupes": Export("groupes à créer dans GEPI", "csv", _CSV),
    "siecle": Export("groupes pour SIECLE, format non publié, à tester", "xml", "application/xml"),
    "portes": Export("listes à afficher aux portes, XLSX", "xlsx", _XLSX),
    "bulletins": Export("lignes des bulletins, par division, CSV UTF-8", "csv", _CSV),
    "calendrier": Export("calendrier des séances, sans nom d’élève", "ics", "text/calendar"),
}
# What a file cannot do without, a student apart, and its name after « faute ».
_NEEDED: dict[str, tuple[list[str], str]] = {
    "gepi-aid": (["ine"], "d’INE"),
    "siecle": (["siecle_id", "born_on"], "de numéro SIECLE ou de date de naissance"),
}
_NAMED = 20
KINDS: dict[str, str] = {kind: export.label for kind, export in EXPORTS.items()}


def write_export(
    services: Services,
    viewer: Viewer,
    *,
    kind: str,
    on: date,
    band: int | None = None,
    until: date | None = None,
) -> bytes:
    """Return the bytes of an export as it stands from a day on, until another or the end, for one band or all.

    Raises `ApdashError` for an unknown kind, for whoever may not export, or when there is nothing to write.
    """
    viewer.require(Action.EXPORT)
    if kind not in EXPORTS:
        raise ApdashError("Export inconnu.", f"« {kind} » n’existe pas : {', '.join(EXPORTS)}.")
    if until is not None and until < on:
        raise ApdashError("Dates inversées.", "La fin vient avant le début.")
    year, last = _year(services, on)
    if kind == "bulletins":
        return bulletin_bytes(services, viewer, year=year, on=on)
    if kind == "calendrier":
        return _calendar(services, year=year, on=on, last=min(last, until or last), band=band)
    if kind in ("portes", "gepi-groupes"):
        return _in_force(services, viewer, kind=kind, on=on, band=band)
    rows = dated_memberships(services.store, viewer, year=year, first=on, last=until, band=band)
    _check_some(rows.height)
    match kind:
        case "siecle":
            return siecle_bytes(rows, uai=_school(services), year=year, on=on, last=last)
        case "gepi-aid":
            return csv_bytes(gepi_activity_rows(rows), encoding="utf-8-sig")
        case "edt-xlsx":
            return xlsx_bytes(edt_rows(rows), title="Groupes", made_at=services.now())
        case _:
            return csv_bytes(edt_rows(rows), encoding="cp1252" if kind == "edt" else "utf-8-sig")


def export_notes(
    services: Services,
    viewer: Viewer,
    *,
    kind: str,
    on: date,
    band: int | None = None,
    until: date | None = None,
) -> str:
    """Return what is to be said beside an export: how many students it had to leave out, who, and why; else nothing."""
    if kind not in _NEEDED:
        return ""
    needed, lack = _NEEDED[kind]
    year, _ = _year(services, on)
    rows = dated_memberships(services.store, viewer, year=year, first=on, last=until, band=band)
    people = left_out(rows, needed=needed)
    if not people:
        return ""
    absent = count(len(people), "élève n’est pas dans ce fichier", "élèves ne sont pas dans ce fichier")
    more = len(people) - _NAMED
    named = [*people[:_NAMED], count(more, "autre")] if more > 0 else people
    return f"{absent}, faute {lack}{NBSP}: {listed(named)}."


def file_name(kind: str, on: date) -> str:
    """Return the name of the file to download: `apdash-edt-2026-11-23.csv`."""
    return f"apdash-{kind}-{on.isoformat()}.{EXPORTS[kind].extension}"


def _in_force(services: Services, viewer: Viewer, *, kind: str, on: date, band: int | None) -> bytes:
    groups = groups_in_force(services.store, viewer, on=on, band=band)
    _check_some(groups.height)
    seated = members(services.store, viewer, on=on, band=band)
    if kind == "portes":
        return xlsx_bytes(door_rows(seated, groups), title="Portes", made_at=services.now())
    return csv_bytes(gepi_group_rows(seated, groups), encoding="utf-8-sig")


def _calendar(services: Services, *, year: int, on: date, last: date, band: int | None) -> bytes:
    rows = session_events(services.store, year=year, first=on, last=last, band=band)
    _check_some(rows.height)
    return calendar_bytes(rows, school=_school(services), made_at=services.now())


def _check_some(height: int) -> None:
    if not height:
        raise ApdashError("Rien à exporter.", "Aucun groupe n’est en vigueur ce jour-là ni après.")


def _year(services: Services, on: date) -> tuple[int, date]:
    rows = services.store.read(
        "select year, ends_on from school_year where starts_on <= $on order by year desc limit 1", on=on
    )
    if rows.is_empty():
        raise ApdashError("Aucune année scolaire.", "Importez d’abord les fichiers de SIECLE et de STS-web.")
    return rows.row(0)


def _school(services: Services) -> str:
    rows = services.store.read("select uai from school order by uai limit 1")
    if rows.is_empty():
        raise ApdashError("Établissement inconnu.", "Importez d’abord un fichier qui porte son UAI.")
    return str(rows.item())
