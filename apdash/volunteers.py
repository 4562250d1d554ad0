"""Proposes which needs adults could lead, from what they teach: for each to confirm, never taken as their wish."""

import polars as pl

from apdash.expectations import EVERYONE, PRINCIPAL, families_in, family_words
from apdash.reference import Reference

TEACHES = "ENS"


def proposed_volunteers(
    reference: Reference, *, staff: pl.DataFrame, services: pl.DataFrame, principals: pl.DataFrame
) -> pl.DataFrame:
    """Return who could lead what by « qui peut animer »: staff, need, in the order of `staff` then of the needs.

    staff: id, job, discipline; services: staff, words; principals: staff. Needs open to everybody are proposed to
    the teachers for whom there is nothing else.
    """
    known = _families(reference, staff, services, principals)
    needs = list(reference.needs.filter("in_band").select("code", "leaders").iter_rows())
    rows: list[tuple[int, str]] = []
    for adult, job in staff.select("id", "job").iter_rows():
        own = [code for code, leaders in needs if known[adult] & set(leaders)]
        shared = [code for code, leaders in needs if EVERYONE in leaders] if job == TEACHES else []
        rows += [(adult, code) for code in own or shared]
    return pl.DataFrame(rows, schema={"staff": pl.Int64, "need": pl.String}, orient="row")


def _families(
    reference: Reference, staff: pl.DataFrame, services: pl.DataFrame, principals: pl.DataFrame
) -> dict[int, set[str]]:
    words = family_words(reference)
    found = {adult: families_in(text, words) for adult, text in staff.select("id", "discipline").iter_rows()}
    for adult, text in services.select("staff", "words").iter_rows():
        if adult in found:
            found[adult] |= families_in(text, words)
    for adult in principals["staff"].to_list():
        if adult in found:
            found[adult].add(PRINCIPAL)
    return found
