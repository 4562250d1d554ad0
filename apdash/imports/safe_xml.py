"""Reads XML from anybody: streamed, without entities, within limits, keeping only what is asked for.

A `Record` names an element by its path under the root (`*` stands for any tag) and the cells kept from it:
"@ID" an attribute, "A/B" the text of a descendant, "../@ID" an attribute of the parent ("../../@ID" one above).
Whatever is not named is never kept, not even for a moment longer than the parser needs to skip it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from xml.parsers import expat

from apdash.errors import ApdashError

MAX_DEPTH = 40
MAX_ROWS = 60_000  # of one kind; a large school has under 3,000 students and 20,000 services
MAX_TEXT = 300
MAX_ELEMENTS = 1_000_000
MAX_TOKEN = 1024 * 1024  # bytes of one tag: beyond, the parser would start it again and again
_CHUNK = 64 * 1024
_PROLOG = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_EIGHT_BITS = re.compile(r"^(iso-?8859-\d+|latin-?\d|windows-125\d|cp125\d)$", re.IGNORECASE)
_BOM = b"\xef\xbb\xbf"
_TRUNCATED = {3, 5, 20}  # no element, unclosed token, unclosed CDATA section


@dataclass(frozen=True, slots=True)
class Record:
    """An element to read. strict: any other tag beside it is told as unexpected."""

    path: str
    cells: tuple[str, ...]
    strict: bool = False


@dataclass(slots=True)
class Found:
    """The elements met, per record path: one dict per element, the names of its cells plus "line"."""

    rows: dict[str, list[dict[str, str | int]]]
    unexpected: list[tuple[int, str]] = field(default_factory=list)
    re_encoded: bool = False


def root_of(name: str, data: bytes) -> str:
    """Return the tag of the root, reading no further; raises `ApdashError` when there is none."""
    tags: list[str] = []
    read = 0
    parser = _parser(data)
    parser.StartElementHandler = lambda tag, _attributes: tags.append(tag)
    for piece in _pieces(data, 4096):
        _feed(name, parser, piece)
        read += len(piece)
        _check_token(name, parser, read)
        if tags:
            return tags[0]
    _feed(name, parser, b"", last=True)
    return tags[0]


def read_records(name: str, data: bytes, *, records: tuple[Record, ...]) -> Found:
    """Return the elements of `records` met in the file.

    Raises `ApdashError` with the line for malformed or truncated XML, and for any declaration of entities.
    """
    parser = _parser(data)
    found = Found(
        {record.path: [] for record in records},
        re_encoded=_encoding(data) == "utf-8" and _claims_8_bits(data),
    )
    _listen(name, parser, records, found)
    read = 0
    for piece in _pieces(data, _CHUNK):
        _feed(name, parser, piece)
        read += len(piece)
        _check_token(name, parser, read)
    _feed(name, parser, b"", last=True)
    return found


def _listen(name: str, parser: expat.XMLParserType, records: tuple[Record, ...], found: Found) -> None:
    """Attach the three handlers; they share the stack of open elements and the records being read."""
    by_depth = _by_depth(records)
    elements = count(1)
    strict = {tuple(r.path.split("/")[:-1]): r.path.split("/")[-1] for r in records if r.strict}
    path: list[str] = []
    attributes: list[dict[str, str]] = []
    reading: list[tuple[int, Record, dict[str, str | int]]] = []

    def start(tag: str, values: dict[str, str]) -> None:
        path.append(tag)
        attributes.append(values)
        if len(path) > MAX_DEPTH or next(elements) > MAX_ELEMENTS:
            raise _refused(name, parser, "les balises sont trop nombreuses ou trop imbriquées")
        expected = strict.get(tuple(path[1:-1])) if len(path) > 1 else None
        if expected and tag != expected and len(found.unexpected) < 100:
            found.unexpected.append((parser.CurrentLineNumber, tag[:40]))
        for record, pattern in by_depth.get(len(path) - 1, ()):
            if _matches(pattern, path):
                reading.append((len(path), record, _opened(record, attributes, parser.CurrentLineNumber)))

    def text(value: str) -> None:
        for depth, _record, row in reading:
            key = "/".join(path[depth:])
            if key != "line" and key in row and len(row[key]) < MAX_TEXT:  # type: ignore[arg-type]
                row[key] = (row[key] + value)[:MAX_TEXT]  # type: ignore[operator]

    def end(_tag: str) -> None:
        while reading and reading[-1][0] == len(path):
            _depth, record, row = reading.pop()
            if len(found.rows[record.path]) >= MAX_ROWS:
                raise _refused(name, parser, "il répète trop de fois la même balise")
            found.rows[record.path].append(
                {k: v.strip() if isinstance(v, str) else v for k, v in row.items()}
            )
        path.pop()
        attributes.pop()

    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, text, end


def _by_depth(records: tuple[Record, ...]) -> dict[int, list[tuple[Record, list[str]]]]:
    grouped: dict[int, list[tuple[Record, list[str]]]] = {}
    for record in records:
        pattern = record.path.split("/")
        grouped.setdefault(len(pattern), []).append((record, pattern))
    return grouped


def _matches(pattern: list[str], path: list[str]) -> bool:
    return all(want in ("*", tag) for want, tag in zip(pattern, path[1:], strict=True))


def _opened(record: Record, attributes: list[dict[str, str]], line: int) -> dict[str, str | int]:
    """Return the row of a record that opens: its attributes read, its texts empty."""
    row: dict[str, str | int] = {"line": line}
    for cell in record.cells:
        above = cell.count("../")
        holder = attributes[-1 - above] if above < len(attributes) else {}
        row[cell] = holder.get(cell.rsplit("@", 1)[1], "")[:MAX_TEXT] if "@" in cell else ""
    return row


def _parser(data: bytes) -> expat.XMLParserType:
    parser = expat.ParserCreate(_encoding(data))
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def doctype(*_: object) -> None:
        raise ApdashError(
            "Fichier refusé.",
            f"Ligne {parser.CurrentLineNumber} : il déclare un DOCTYPE ou des entités, ce qu’aucun export "
            "officiel ne fait. Refaites l’export.",
        )

    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = doctype
    return parser


def _encoding(data: bytes) -> str | None:
    """Return utf-8 when the bytes say so against the prolog (saved again by an editor), else None: the prolog's."""
    if data.startswith(_BOM):
        return "utf-8"
    if not _claims_8_bits(data) or data.isascii():
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _claims_8_bits(data: bytes) -> bool:
    prolog = _PROLOG.match(data[:300].removeprefix(_BOM))
    return bool(prolog and _EIGHT_BITS.match(prolog[1].decode("ascii")))


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    start = len(_BOM) if data.startswith(_BOM) else 0
    while data[start : start + 1] in (b" ", b"\t", b"\r", b"\n"):
        start += 1
    for offset in range(start, len(data), size):
        yield data[offset : offset + size]


def _feed(name: str, parser: expat.XMLParserType, piece: bytes, *, last: bool = False) -> None:
    try:
        parser.Parse(piece, last)
    except expat.ExpatError as error:
        words = (
            "il s’arrête avant la fin (fichier tronqué)"
            if error.code in _TRUNCATED
            else "le XML est mal formé"
        )
        raise _refused(name, parser, words, line=error.lineno) from error
    except (LookupError, ValueError) as error:
        raise _refused(name, parser, "l’encodage annoncé est inconnu") from error


def _check_token(name: str, parser: expat.XMLParserType, read: int) -> None:
    """Refuse a tag that does not end, long before all of it is in memory."""
    if read - max(parser.CurrentByteIndex, 0) > MAX_TOKEN:
        raise _refused(name, parser, "une balise ne se termine pas")


def _refused(name: str, parser: expat.XMLParserType, words: str, *, line: int | None = None) -> ApdashError:
    return ApdashError(
        "Fichier XML illisible.",
        f"{name}, ligne {line or parser.CurrentLineNumber} : {words}. Refaites l’export sans ouvrir le fichier "
        "dans un autre logiciel.",
    )
