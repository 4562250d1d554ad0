"""Reads the holidays of a zone from the ministry's calendar: a CSV file of its open data, or an ICS file.

In the open data a span goes from the first day off to the day class begins again, both at midnight in Paris and
written in universal time.
"""

import re
from collections import Counter
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from icalendar import Calendar, Event

from apdash.alphabet import folded
from apdash.errors import ApdashError
from apdash.imports.delimited import text_rows
from apdash.labels import school_year

MOST = 5 * 1024 * 1024
_PARIS = ZoneInfo("Europe/Paris")
_NEEDED = ("description", "start_date", "end_date", "zones")
_OFF = re.compile(
    r"\b(vacances|pont|ferie|fete|jour de l.an|toussaint|armistice|noel|hiver|paques|printemps|ascension|pentecote|"
    r"victoire|travail|nationale|assomption|ete|fermeture|pas de cours)\b"
)
_NOT_OFF = re.compile(r"^\W*(pre-?rentree|rentree|debut|reprise|fin des cours)\b")
_ZONES = re.compile(r"\bzones?\s+([abc](?:\s*(?:,|et|/|-|&)\s*[abc]\b)*)")
Span = tuple[str, date, date]


def read_holidays(
    name: str, data: bytes, *, zone: str | None, year: int, first: date, last: date
) -> pl.DataFrame:
    """Return the holidays of a zone between the first and the last day of a school year: label, starts_on, ends_on.

    Raises `ApdashError` when the zone is not known, when the file is neither of the two, or has nothing for that year.
    """
    if zone not in ("A", "B", "C"):
        raise ApdashError("Zone inconnue.", "Choisissez d’abord la zone de vacances de l’établissement.")
    if len(data) > MOST:
        raise ApdashError(
            "Fichier trop grand.", f"{name} dépasse 5 Mo : ce n’est pas un calendrier scolaire."
        )
    is_calendar = data.lstrip(b"\xef\xbb\xbf \r\n").upper().startswith(b"BEGIN:VCALENDAR")
    read = _from_calendar if is_calendar else _from_table
    spans = [
        (label, max(starts, first), min(ends, last))
        for label, starts, ends in read(name, data, zone=zone, year=year)
        if starts <= last and ends >= first
    ]
    if not spans:
        words = f"{name} n’a aucune vacance de la zone {zone} en {school_year(year)}."
        raise ApdashError("Rien pour cette année.", words)
    return pl.DataFrame(
        _apart(spans), schema={"label": pl.String, "starts_on": pl.Date, "ends_on": pl.Date}, orient="row"
    )


def _from_table(name: str, data: bytes, *, zone: str, year: int) -> list[Span]:
    rows = text_rows(name, data)
    titles = [folded(cell) for cell in rows[0][1]] if rows else []
    if any(wanted not in titles for wanted in _NEEDED):
        raise _unknown(name)
    spans = []
    for line, cells in rows[1:]:
        row = dict(zip(titles, cells, strict=False))
        for_students = not folded(row.get("population", "")).startswith("enseignant")
        of_year = row.get("annee_scolaire", "") in ("", school_year(year))
        mine = folded(row.get("zones", "")) == f"zone {zone.lower()}"
        if for_students and of_year and mine and not _NOT_OFF.match(folded(row["description"])):
            starts = _day(name, line, row["start_date"])
            again = _day(name, line, row.get("end_date") or row["start_date"])
            spans.append((row["description"], starts, max(starts, again - timedelta(days=1))))
    return spans


def _day(name: str, line: int, text: str) -> date:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        words = f"{name}, ligne {line} : « {text[:30]} » n’est pas une date."
        raise ApdashError("Date illisible.", words) from error
    return (moment.astimezone(_PARIS) if moment.tzinfo else moment).date()


def _from_calendar(name: str, data: bytes, *, zone: str, year: int) -> list[Span]:
    try:
        events = Calendar.from_ical(data).walk("VEVENT")
        spans = [_span(event) for event in events if _is_off(event, zone)]
    except (ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        raise _unknown(name) from error
    if not spans:
        raise _unknown(name)
    return spans


def _is_off(event: Event, zone: str) -> bool:
    """True for days off that concern a zone: of those that name some, only when it is among them."""
    title = folded(str(event.get("summary", "")))
    told = " ".join(folded(str(event.get(part, ""))) for part in ("summary", "location", "description"))
    zones = {letter for found in _ZONES.findall(told) for letter in re.findall(r"\b[abc]\b", found)}
    return bool(_OFF.search(title)) and not _NOT_OFF.match(title) and (not zones or zone.lower() in zones)


def _span(event: Event) -> Span:
    """Return a label without its zone, the first and the last day; an event ends the day before its end."""
    starts = event.decoded("dtstart")
    ends = event.decoded("dtend") if "dtend" in event else starts
    first = _local(starts)
    last = _local(ends)
    if not isinstance(ends, datetime) or _clock(ends) == time(0):
        last -= timedelta(days=1)
    label = re.sub(r"\s*[-–:(,]*\s*zones?\s+[ABC].*$", "", str(event["summary"]), flags=re.IGNORECASE).strip()
    return label or "Vacances", first, max(first, last)


def _local(moment: date) -> date:
    if not isinstance(moment, datetime):
        return moment
    return (moment.astimezone(_PARIS) if moment.tzinfo else moment).date()


def _clock(moment: datetime) -> time:
    return (moment.astimezone(_PARIS) if moment.tzinfo else moment).time()


def _apart(spans: list[Span]) -> list[Span]:
    """Return spans that do not overlap, in order: of those that do, what most places of the zone have."""
    kept: list[Span] = []
    counted = Counter(spans)
    for span in sorted(counted, key=lambda one: (-counted[one], one[1], one[0])):
        if all(span[2] < other[1] or span[1] > other[2] for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda one: one[1])


def _unknown(name: str) -> ApdashError:
    return ApdashError(
        "Fichier non reconnu.",
        f"{name} n’est pas un calendrier scolaire : un CSV aux colonnes {', '.join(_NEEDED)}, ou un fichier ICS.",
    )
