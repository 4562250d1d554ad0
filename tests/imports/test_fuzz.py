"""Whatever is done to a file, the answer is rows or a refusal in words: never a crash."""

import contextlib
import io
import zipfile
from functools import cache

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apdash.errors import ApdashError
from apdash.imports import ImportFile, Kind
from apdash.imports.ival import figures_of, read_ival
from apdash.imports.matching import people_of
from apdash.imports.proposal import proposed_mapping
from apdash.imports.recognition import opened
from apdash.imports.scales import levels_of
from apdash.imports.steps import READERS
from apdash.imports.tables import read_table
from apdash.reference import Reference, load_reference
from apdash.services import Services
from apdash.settings import REFERENCE
from tests.imports.builders import SAMPLES, bring, look, official_samples, open_review, sample

NAMES = sorted(path.name for path in SAMPLES.iterdir())
PIECES = [
    b"<",
    b">",
    b"&",
    b"\x00",
    b"\xff\xfe",
    b"</ELEVE>",
    b"<!DOCTYPE x>",
    b'"',
    b";",
    b"\t",
    b"\r\n",
    b"PK\x03\x04",
]


@cache
def reference() -> Reference:
    return load_reference(REFERENCE)


@cache
def workbook() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for line, cells in enumerate(
            (("Nom", "Prénom", "Lire"), ("AUBRÉE", "Maëlle", 3), ("LEBŒUF", "Loïc", "Abs"))
        ):
            sheet.write_row(line, 0, cells)
        sheet.write_formula("D2", "=C2*2", None, 6)
    return target.getvalue()


def read_whole(name: str, data: bytes) -> None:
    """Read a file as far as it can be without the store."""
    kind, content = opened(ImportFile(name, data))
    if kind == Kind.IVAL:
        figures_of(read_ival(ImportFile(name, content)), uai="9990001X", source=name)
        return
    if kind != Kind.TABLE:
        READERS[kind](name, content)
        return
    table = read_table(ImportFile(name, data))
    mapping = proposed_mapping(reference(), table, divisions=["2AGO1", "2MEL"])
    people_of(table, mapping)
    for column in mapping.values:
        levels_of(reference(), table.rows[column.header], column)


@st.composite
def mutations(draw: st.DrawFn, data: bytes) -> bytes:
    """A file with bytes changed, cut away or put in."""
    changed = bytearray(data)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(changed) - 1, 0)))
        kind = draw(st.sampled_from(["byte", "cut", "insert", "truncate", "repeat"]))
        if kind == "byte" and changed:
            changed[at] = draw(st.integers(0, 255))
        elif kind == "cut":
            del changed[at : at + draw(st.integers(1, 60))]
        elif kind == "insert":
            changed[at:at] = draw(st.sampled_from(PIECES))
        elif kind == "truncate":
            del changed[at:]
        else:
            changed[at:at] = changed[at : at + draw(st.integers(1, 200))]
    return bytes(changed)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_damaged_file_gives_rows_or_a_refusal(name: str, data: st.DataObject) -> None:
    damaged = data.draw(mutations(sample(name).data))
    with contextlib.suppress(ApdashError):
        read_whole(name, damaged)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_workbook_gives_rows_or_a_refusal(data: st.DataObject) -> None:
    with contextlib.suppress(ApdashError):
        read_whole("x.xlsx", data.draw(mutations(workbook())))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_workbook_whose_inside_is_damaged_gives_rows_or_a_refusal(data: st.DataObject) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as source, zipfile.ZipFile(target, "w") as changed:
        names = source.namelist()
        victim = data.draw(st.sampled_from(names))
        for name in names:
            content = source.read(name)
            changed.writestr(name, data.draw(mutations(content)) if name == victim else content)
    with contextlib.suppress(ApdashError):
        read_whole("x.xlsx", target.getvalue())


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=400))
def test_any_bytes_give_rows_or_a_refusal(data: bytes) -> None:
    with contextlib.suppress(ApdashError):
        read_whole("x", data)


@settings(max_examples=60, deadline=None)
@given(text=st.text(alphabet=st.sampled_from("Nom;Prénom\t,\"'\n=+AB12/%. é"), max_size=120))
def test_any_table_gives_rows_or_a_refusal(text: str) -> None:
    with contextlib.suppress(ApdashError):
        read_whole("x", ("Nom;Prénom;Lire\n" + text).encode())


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_previewed_or_refused(services: Services, data: st.DataObject) -> None:
    if services.store.read("select uai from school").is_empty():
        bring(services, *official_samples())
        open_review(services.store)
    name = data.draw(st.sampled_from(NAMES))
    with contextlib.suppress(ApdashError):
        look(services, ImportFile(name, data.draw(mutations(sample(name).data))))
