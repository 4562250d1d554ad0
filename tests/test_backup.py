"""Copies of the school file: whole, checked, and never at the cost of what was there."""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from apdash.backup import back_up, restore
from apdash.errors import ApdashError
from apdash.store import open_store


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str, str], Path]:
    """A function that makes a school file holding one word."""

    def make_file(name: str, word: str) -> Path:
        store = open_store(tmp_path / name)
        with store.write() as tx:
            tx.run("insert into setting values ('word', $word)", word=word)
        store.close()
        return tmp_path / name

    return make_file


def word_in(path: Path) -> str:
    store = open_store(path)
    word = store.read("select value from setting where key = 'word'").item()
    store.close()
    return word


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_backup_holds_everything(tmp_path: Path, make: Callable[[str, str], Path]) -> None:
    db = make("school.duckdb", "lundi")
    back_up(db, tmp_path / "copies" / "lundi.duckdb")
    assert word_in(tmp_path / "copies" / "lundi.duckdb") == "lundi"
    assert names(tmp_path / "copies") == ["lundi.duckdb"]
    assert word_in(db) == "lundi"


def test_a_backup_replaces_nothing(tmp_path: Path, make: Callable[[str, str], Path]) -> None:
    db = make("school.duckdb", "mardi")
    old = make("old.duckdb", "lundi")
    with pytest.raises(ApdashError, match="existe déjà"):
        back_up(db, old)
    assert word_in(old) == "lundi"


def test_a_file_that_is_absent_or_of_another_kind_is_not_backed_up(tmp_path: Path) -> None:
    (tmp_path / "notes.duckdb").write_text("des notes")
    for name in ("absent.duckdb", "notes.duckdb"):
        with pytest.raises(ApdashError):
            back_up(tmp_path / name, tmp_path / "copy.duckdb")
    assert names(tmp_path) == ["notes.duckdb"]


def test_restoring_keeps_the_former_file_aside(tmp_path: Path, make: Callable[[str, str], Path]) -> None:
    db, copy = make("school.duckdb", "mardi"), make("copy.duckdb", "lundi")
    aside = restore(copy, db)
    assert word_in(db) == "lundi"
    assert aside is not None
    assert aside.name.startswith("school.avant-")
    assert word_in(aside) == "mardi"
    assert word_in(copy) == "lundi"


def test_restoring_where_there_was_nothing(tmp_path: Path, make: Callable[[str, str], Path]) -> None:
    copy = make("copy.duckdb", "lundi")
    assert restore(copy, tmp_path / "new" / "school.duckdb") is None
    assert word_in(tmp_path / "new" / "school.duckdb") == "lundi"


def test_a_damaged_file_can_be_replaced(tmp_path: Path, make: Callable[[str, str], Path]) -> None:
    copy, db = make("copy.duckdb", "lundi"), tmp_path / "school.duckdb"
    db.write_bytes(b"illisible" * 1000)
    aside = restore(copy, db)
    assert aside is not None
    assert aside.read_bytes() == b"illisible" * 1000
    assert word_in(db) == "lundi"


@pytest.mark.parametrize("content", [b"une image" * 500, b""])
def test_what_is_no_school_file_replaces_nothing(
    tmp_path: Path, make: Callable[[str, str], Path], content: bytes
) -> None:
    db, bad = make("school.duckdb", "mardi"), tmp_path / "bad.duckdb"
    bad.write_bytes(content)
    with pytest.raises(ApdashError, match=r"La base ne s’ouvre pas\. bad\.duckdb"):
        restore(bad, db)
    assert word_in(db) == "mardi"
    assert names(tmp_path) == ["bad.duckdb", "school.duckdb"]


def test_a_newer_copy_replaces_nothing(tmp_path: Path, make: Callable[[str, str], Path]) -> None:
    db, copy = make("school.duckdb", "mardi"), make("copy.duckdb", "lundi")
    store = open_store(copy)
    with store.write() as tx:
        tx.run("insert into schema_version values (999, $now)", now=datetime(2030, 1, 1))
    store.close()
    with pytest.raises(ApdashError, match="plus récente"):
        restore(copy, db)
    assert word_in(db) == "mardi"


HOLD = """
import os, sys
from pathlib import Path
from apdash.store import open_store
store = open_store(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
os._exit(0)
"""


def test_a_file_being_served_is_neither_backed_up_nor_replaced(
    tmp_path: Path, make: Callable[[str, str], Path]
) -> None:
    db, copy = make("school.duckdb", "mardi"), make("copy.duckdb", "lundi")
    command = [sys.executable, "-c", HOLD, str(db)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "open\n"
        with pytest.raises(ApdashError, match="déjà ouverte"):
            back_up(db, tmp_path / "other.duckdb")
        with pytest.raises(ApdashError, match="déjà ouverte"):
            restore(copy, db)
        server.communicate("")
    assert word_in(db) == "mardi"
    assert names(tmp_path) == ["copy.duckdb", "school.duckdb"]
