"""The calendar from the command line: the sessions of some days, holidays from a file."""

import re
import shutil
from pathlib import Path

import pytest

from apdash.cli import main
from apdash.demo import make_demo
from tests.imports.test_holidays import TABLE

LATER = TABLE.replace(b"2027-01-03T23", b"2027-01-05T23")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "demo.duckdb"
    make_demo(path, students=60)
    return path


def test_sessions_are_listed_by_day_and_band(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    span = ["--from", "2026-11-23", "--to", "2026-11-27"]
    assert main(["sessions", "--db", str(demo), *span]) == 0
    every = capsys.readouterr()
    assert re.match(r"2026-11-2\d \d\d:\d\d  \w+ .* : .*, \d+\xa0élèves?, ", every.out)
    assert main(["sessions", "--db", str(demo), *span, "--band", "2-A"]) == 0
    some = capsys.readouterr()
    assert 0 < len(some.out.splitlines()) < len(every.out.splitlines())
    assert main(["sessions", "--db", str(demo), "--from", "2026-11-23", "--to", "2026-11-20"]) == 1
    assert main(["sessions", "--db", str(demo), "--band", "9-Z"]) == 1
    assert "Bande inconnue" in capsys.readouterr().err


def test_holidays_are_tried_then_taken(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy, file = tmp_path / "copy.duckdb", tmp_path / "calendrier.csv"
    shutil.copy2(demo, copy)
    file.write_bytes(LATER)
    for more, last in ((["--dry-run"], "rien n’a été écrit"), ([], "Vacances enregistrées")):
        assert main(["calendar", "import", str(file), "--db", str(copy), *more]) == 0
        told = capsys.readouterr().out
        assert "+ Vacances de Noël : du 19\xa0déc. 2026 au 5\xa0janv. 2027" in told
        assert last in told
    assert main(["calendar", "import", str(file), "--db", str(copy)]) == 0
    assert "+ " not in capsys.readouterr().out
    file.write_bytes(b"INE;Nom")
    assert main(["calendar", "import", str(file), "--db", str(copy)]) == 1
    assert "Fichier non reconnu" in capsys.readouterr().err
    assert main(["calendar", "import", str(tmp_path / "rien.csv"), "--db", str(copy)]) == 1
