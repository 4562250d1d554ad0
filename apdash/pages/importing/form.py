"""The fields that change how the files are read: their values as shown, and what they decide once sent back."""

from collections.abc import Mapping
from datetime import date

from apdash.errors import ApdashError
from apdash.imports import ColumnMapping, ImportOptions, TableKind
from apdash.imports.merge import school_year_of
from apdash.imports.values import DEFAULT_ASSESSOR
from apdash.pages.importing.draft import Look
from apdash.pages.importing.roles import Answer, answer_of, corrected
from apdash.rights import Viewer
from apdash.services import Services

ON, REVIEW, ASSESSOR, SOURCE, UAI, YEAR = "on", "review", "assessor", "source", "uai", "year"
FIRST, LAST = "first", "last"
TEST = "test"
BLANK = (
    "-"  # what a choice that is not made is called: a native list takes an empty value for no choice at all
)
_COLUMN_FIELDS = ("role", "scale", "cuts", "out_of")
Values = Mapping[str, str]


def column_field(part: str, at: int) -> str:
    """Return the name of a field of a column: role, scale, cuts or out_of, of the column at a place."""
    return f"{part}:{at}"


def place_field(siecle_id: str) -> str:
    """Return the name of the field that chooses the division of a student."""
    return f"place:{siecle_id}"


def shown_values(services: Services, viewer: Viewer, look: Look) -> dict[str, str]:
    """Return name -> value of every field, as the page shows them."""
    preview, options = look.preview, look.options
    assessor = shown_assessor(viewer, look)
    values = {
        ON: (options.on or (preview.on if preview else None) or services.today()).isoformat(),
        REVIEW: str((preview.plan.review if preview else options.review) or ""),
        ASSESSOR: TEST if assessor.startswith("test:") else assessor,
        SOURCE: assessor.removeprefix("test:") if assessor.startswith("test:") else "",
        UAI: options.uai or "",
        YEAR: str(options.year or school_year_of(services.today())),
        **_span(look),
    }
    if preview is not None and not preview.two_divisions.is_empty():
        rows = preview.two_divisions.select("siecle_id", "division").iter_rows()
        values |= {
            place_field(number): options.choices.get(number, division or BLANK) for number, division in rows
        }
    if look.table is not None and look.proposal is not None:
        for at, header in enumerate(look.table.headers):
            answer = answer_of(look.proposal.mapping, header)
            values |= {
                column_field("role", at): answer.role or BLANK,
                column_field("scale", at): answer.scale or BLANK,
                column_field("cuts", at): answer.cuts,
                column_field("out_of", at): answer.out_of,
            }
    return values


def _span(look: Look) -> dict[str, str]:
    """Return the days whose sessions a list of absences speaks of: decided, else those of its lines."""
    seen = look.preview.plan.span if look.preview else None
    days = (look.options.first, look.options.last) if seen is None else seen
    return {name: day.isoformat() if day else "" for name, day in zip((FIRST, LAST), days, strict=True)}


def shown_assessor(viewer: Viewer, look: Look) -> str:
    """Return whose values those of a table are taken for: decided, remembered, one's own, or the table's."""
    remembered = look.proposal.mapping.assessor if look.proposal else ""
    own = f"staff:{viewer.staff}" if viewer.staff is not None else DEFAULT_ASSESSOR
    return look.options.assessor or remembered or own


def is_as_shown(services: Services, viewer: Viewer, look: Look, given: Values) -> bool:
    """True when no field was changed since the preview."""
    shown = shown_values(services, viewer, look)
    return all(value.split() == shown.get(name, value).split() for name, value in given.items())


def decided(
    services: Services, viewer: Viewer, look: Look, given: Values
) -> tuple[ColumnMapping | None, ImportOptions]:
    """Return what the fields decide; raises `ApdashError` naming the one that cannot be understood."""
    shown = shown_values(services, viewer, look)
    values = {name: "" if value == BLANK else value for name, value in {**shown, **given}.items()}
    choices = {
        name.partition(":")[2]: value for name, value in values.items() if name.startswith("place:") and value
    }
    mapping = _mapping(services, look, values)
    valued = mapping is not None and mapping.kind == TableKind.ASSESSMENTS
    options = ImportOptions(
        on=_day(values[ON]) if values[ON] != shown[ON] else look.options.on,
        other_year=look.options.other_year,
        choices=choices,
        review=_whole(values[REVIEW]),
        assessor=_assessor(values) if valued and ASSESSOR in given else look.options.assessor,
        uai=values[UAI].strip() or None,
        year=_whole(values[YEAR]),
        first=_day(values[FIRST]) if values[FIRST] != shown[FIRST] else look.options.first,
        last=_day(values[LAST]) if values[LAST] != shown[LAST] else look.options.last,
    )
    return mapping, options


def _mapping(services: Services, look: Look, values: Values) -> ColumnMapping | None:
    if look.table is None or look.proposal is None:
        return None
    answers = [
        Answer(header, **{part: values[column_field(part, at)] for part in _COLUMN_FIELDS})
        for at, header in enumerate(look.table.headers)
    ]
    return corrected(services.reference, look.table, look.proposal.mapping, answers)


def _assessor(values: Values) -> str:
    if values[ASSESSOR] != TEST:
        return values[ASSESSOR]
    name = values[SOURCE].strip()
    return f"test:{name[:60]}" if name else DEFAULT_ASSESSOR


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ApdashError("Date illisible.", "Une date s’écrit jour, mois, année.") from error


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
