"""Strict reading of JSON: every refusal names the field and says what was expected, in French.

A path is written as a reader of the file would: `students[3].intensity.rem-lec`.
"""

import json
import math
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from optimizer.files.access import why_unreadable

_SHOWN = 60
_LONGEST = 1000


class FileError(ValueError):
    """A file that cannot be used: `path` of the field ("" for the whole file) and a French `message`."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path} : {message}" if path else message)
        self.path = path
        self.message = message


class ProblemError(FileError):
    """A problem refused before any solver starts."""


class SolutionError(FileError):
    """A solution file that cannot be read."""


class _Repeated(dict[str, object]):
    """A JSON object in which a key stands twice; `key` is the first one found so."""

    key: str = ""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            repeated = _Repeated(pairs)
            repeated.key = key
            return repeated
        seen.add(key)
    return dict(pairs)


def _integer(digits: str) -> int | float:
    """An integer; one of thousands of digits, that Python refuses to read, is beyond every field's range."""
    return int(digits) if len(digits) < _LONGEST else math.copysign(math.inf, -1 if digits[0] == "-" else 1)


def parsed(text: str | bytes, error: type[FileError]) -> object:
    """The JSON value of a text; what only `Reader` can refuse with its path is kept: repeated keys, NaN, Infinity.

    Raises `error` for anything that is not JSON (unending nesting, wrong encoding).
    """
    try:
        plain = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        return json.loads(plain, object_pairs_hook=_object, parse_int=_integer)
    except UnicodeDecodeError as wrong:
        raise error("", "fichier illisible : un texte en UTF-8 est attendu") from wrong
    except json.JSONDecodeError as wrong:
        place = f"ligne {wrong.lineno}, colonne {wrong.colno}"
        raise error("", f"fichier illisible : du JSON est attendu ({place})") from wrong
    except RecursionError as wrong:
        raise error("", "fichier illisible : trop de niveaux emboîtés") from wrong


def file_content(path: Path, error: type[FileError]) -> object:
    """The JSON value of a file; raises `error` when it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as wrong:
        raise error("", f"fichier « {path} » illisible ({why_unreadable(wrong)})") from wrong
    return parsed(content, error)


def shown(value: object) -> str:
    """A value as a refusal quotes it: short, on one line."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        text = type(value).__name__
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


class Reader:
    """Typed access to a parsed file; raises the file's own error, with the path of the field."""

    __slots__ = ("error",)

    def __init__(self, error: type[FileError]) -> None:
        self.error = error

    def refuse(self, path: str, expected: str, value: object) -> FileError:
        """The error to raise for a value that is not what was expected."""
        awaited = "attendue" if expected.startswith("une ") else "attendu"
        return self.error(path, f"{expected} {awaited}, {shown(value)} trouvé")

    def fields(
        self, value: object, path: str, *, required: Collection[str], optional: Collection[str] = ()
    ) -> Mapping[str, object]:
        """The object at `path`, holding every required key and no unknown one."""
        if not isinstance(value, dict):
            raise self.refuse(path, "un objet", value)
        self._no_repeat(value, path)
        for key in value:
            if key not in required and key not in optional:
                expected = ", ".join([*required, *optional])
                raise self.error(joined(path, key), f"clé inconnue ; clés attendues : {expected}")
        for key in required:
            if key not in value:
                raise self.error(joined(path, key), "champ absent, alors qu’il est obligatoire")
        return value

    def mapping(self, value: object, path: str) -> Mapping[str, object]:
        """The object at `path`, whatever its keys."""
        if not isinstance(value, dict):
            raise self.refuse(path, "un objet", value)
        self._no_repeat(value, path)
        return value

    def _no_repeat(self, value: dict[str, object], path: str) -> None:
        if isinstance(value, _Repeated):
            raise self.error(joined(path, value.key), "clé en double ; une seule est attendue")

    def items(self, value: object, path: str) -> list[tuple[object, str]]:
        """The list at `path`, each element with its own path."""
        if not isinstance(value, list):
            raise self.refuse(path, "une liste", value)
        return [(item, f"{path}[{place}]") for place, item in enumerate(value)]

    def text(self, value: object, path: str) -> str:
        """The non-empty text at `path`."""
        if not isinstance(value, str) or not value:
            raise self.refuse(path, "un texte non vide", value)
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as wrong:
            raise self.error(path, "texte attendu en Unicode valide") from wrong
        return value

    def flag(self, value: object, path: str) -> bool:
        """The boolean at `path`."""
        if not isinstance(value, bool):
            raise self.refuse(path, "true ou false", value)
        return value

    def integer(self, value: object, path: str, *, low: int = 0, high: int = 1_000_000) -> int:
        """The integer at `path`, from `low` to `high`; 3.0 and true are refused."""
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.refuse(path, f"un entier de {low} à {high}", value)
        return value

    def number(self, value: object, path: str, *, low: float = 0, high: float = 1_000_000) -> int | float:
        """The finite number at `path`, from `low` to `high`; an integer stays one."""
        plain = isinstance(value, int | float) and not isinstance(value, bool)
        if not plain or not low <= value <= high:
            raise self.refuse(path, f"un nombre de {low:g} à {high:g}", value)
        return value

    def known(self, value: object, path: str, known: Collection[str], *, where: str) -> str:
        """The identifier at `path`, one of `known` (the ids of the list `where`)."""
        if not isinstance(value, str) or value not in known:
            raise self.refuse(path, f"un identifiant de « {where} »", value)
        return value

    def known_list(self, value: object, path: str, known: Collection[str], *, where: str) -> tuple[str, ...]:
        """The identifiers of the list at `path`, each one of `known`, none twice."""
        found = [(self.known(item, at, known, where=where), at) for item, at in self.items(value, path)]
        self.distinct(found)
        return tuple(item for item, _ in found)

    def distinct(self, found: Iterable[tuple[object, str]]) -> None:
        """Refuse the second of two equal keys, given with their paths."""
        first: dict[object, str] = {}
        for key, path in found:
            if key in first:
                raise self.error(path, f"doublon de {first[key]} ; une valeur unique est attendue")
            first[key] = path


def joined(path: str, key: str) -> str:
    """The path of a key inside the object at `path`."""
    clean = str(key).encode("utf-8", "replace").decode("utf-8")
    return f"{path}.{clean}" if path else clean
