"""Proposes who is asked to assess what: by discipline first, few competencies each, two adults if possible."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

import polars as pl

from apdash.reference import Reference

EVERYONE = "tous"
PRINCIPAL = "professeur principal"
# Minutes are counted: six competencies are 30 seconds a student at the first bilan, three are enough later.
MOST_AT_FIRST = 6
MOST_LATER = 3


def proposed_expectations(
    reference: Reference, *, services: pl.DataFrame, principals: pl.DataFrame, kind: str
) -> pl.DataFrame:
    """Return who could assess what: division, staff, competency, in that order.

    services: division, staff, words (subject and discipline, as the school writes them); principals: division,
    staff; kind: of the bilan. An adult is asked for at most 6 competencies of a division at an initial bilan, 3 at
    the others; what everybody can observe goes to those who are asked the least.
    """
    most = MOST_AT_FIRST if kind == "initial" else MOST_LATER
    families = _families(reference, services, principals)
    rows = [
        (division, staff, code)
        for division, adults in families.items()
        for staff, code in _of_division(reference, adults, most=most)
    ]
    schema = {"division": pl.Int64, "staff": pl.Int64, "competency": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("division", "staff", "competency")


def _families(
    reference: Reference, services: pl.DataFrame, principals: pl.DataFrame
) -> dict[int, dict[int, set[str]]]:
    """Return, by division then adult, the families of competencies they can speak of."""
    words = family_words(reference)
    found: dict[int, dict[int, set[str]]] = {}
    for division, adult, text in services.select("division", "staff", "words").iter_rows():
        found.setdefault(division, {}).setdefault(adult, set()).update(families_in(text, words))
    for division, adult in principals.select("division", "staff").iter_rows():
        found.setdefault(division, {}).setdefault(adult, set()).add(PRINCIPAL)
    return found


def family_words(reference: Reference) -> list[tuple[str, str]]:
    """Return the families of disciplines with the words that tell them, for `families_in`."""
    return [
        (family, _plain(word)) for family, word in reference.families.select("family", "word").iter_rows()
    ]


def families_in(text: str, words: list[tuple[str, str]]) -> set[str]:
    """Return the families a subject or a discipline speaks of, as the school writes it."""
    plain = _plain(text)
    return {family for family, word in words if word in plain}


def _of_division(
    reference: Reference, adults: dict[int, set[str]], *, most: int
) -> Iterator[tuple[int, str]]:
    asked: Counter[int] = Counter()
    rows = reference.competencies.select("code", "assessors").rows()
    own = [(code, who) for code, who in rows if EVERYONE not in who]
    shared = [(code, who) for code, who in rows if EVERYONE in who]
    for code, who in own:
        yield from _ask(
            code, _fewest(asked, (a for a, kinds in adults.items() if kinds & set(who)), most), asked
        )
    for code, who in shared:
        named = [adult for adult, kinds in adults.items() if kinds & set(who)]
        yield from _ask(code, _fewest(asked, [*named, *adults], most), asked)


def _fewest(asked: Counter[int], adults: Iterable[int], most: int) -> list[int]:
    """Return the two adults asked the least so far, among those who can still be asked."""
    able = [adult for adult in dict.fromkeys(adults) if asked[adult] < most]
    return sorted(able, key=lambda adult: asked[adult])[:2]


def _ask(code: str, adults: list[int], asked: Counter[int]) -> Iterator[tuple[int, str]]:
    for adult in adults:
        asked[adult] += 1
        yield adult, code


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.upper())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
