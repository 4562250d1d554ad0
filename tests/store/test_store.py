"""The file: transactions, readers beside a writer, who may open it, and upgrades."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.store import Store, file_version, open_store
from apdash.store.store import MIGRATIONS

FIRST = "create table note (id integer primary key, words varchar not null);"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "school.duckdb")
    yield opened
    opened.close()


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_note.sql").write_text(FIRST, "utf-8")
    return folder


def settings(store: Store) -> dict[str, str]:
    return dict(store.read("select key, value from setting order by key").iter_rows())


def put(store: Store, key: str, value: str = "oui") -> None:
    with store.write() as tx:
        tx.run("insert into setting values ($key, $value)", key=key, value=value)


def count_in_thread(store: Store) -> int:
    """Return the number of settings another thread reads."""
    seen: list[int] = []
    thread = threading.Thread(
        target=lambda: seen.append(store.read("select count(*) as n from setting").item())
    )
    thread.start()
    thread.join(30)
    return seen[0]


def run_python(code: str, path: Path) -> str:
    """Run code in another process and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout


def test_a_transaction_that_ends_well_is_kept(store: Store) -> None:
    put(store, "today", "2026-11-18")
    assert settings(store) == {"today": "2026-11-18"}


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def fail_half_way() -> None:
        with store.write() as tx:
            tx.run("insert into setting values ('a', '1')")
            assert tx.read("select key from setting")["key"].to_list() == ["a"]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert settings(store) == {}
    put(store, "b")
    assert settings(store) == {"b": "oui"}


def test_a_refused_value_undoes_everything_and_speaks_french(store: Store) -> None:
    def write_twice() -> None:
        with store.write() as tx:
            tx.run("insert into setting values ('b', '1')")
            tx.run("insert into setting values ('a', '2')")

    put(store, "a")
    with pytest.raises(ApdashError, match="Cette ligne existe déjà"):
        write_twice()
    with pytest.raises(ApdashError, match="hors des limites"), store.write() as tx:
        tx.run("insert into school (uai, name) values ('pas un UAI', 'Lycée')")
    assert settings(store) == {"a": "oui"}


def test_a_commit_refused_by_the_engine_keeps_its_own_error(store: Store) -> None:
    # Two transactions at once cannot happen under the lock; an outside cursor stands for one.
    outside = store._connection.cursor()
    outside.execute("begin transaction")
    outside.execute("insert into setting values ('a', 'outside')")

    def write_beside() -> None:
        with store.write() as tx:
            tx.run("insert into setting values ('a', 'inside')")
            outside.execute("commit")

    with pytest.raises(duckdb.TransactionException, match="duplicate key"):
        write_beside()
    outside.close()
    put(store, "b")
    assert settings(store) == {"a": "outside", "b": "oui"}


def test_readers_do_not_see_a_transaction_before_it_is_kept(store: Store) -> None:
    with store.write() as tx:
        tx.run("insert into setting values ('a', '1')")
        assert store.read("select key from setting").is_empty()
        assert count_in_thread(store) == 0
    assert count_in_thread(store) == 1


def test_a_transaction_inside_another_is_refused(store: Store) -> None:
    with store.write() as tx:
        tx.run("insert into setting values ('outer', '1')")
        with pytest.raises(RuntimeError, match="already open"):
            put(store, "inner")
    assert settings(store) == {"outer": "1"}


def test_threads_writing_the_same_row_lose_nothing(store: Store) -> None:
    put(store, "count", "0")

    def add_one_hundred_times() -> None:
        for _ in range(100):
            with store.write() as tx:
                tx.run("update setting set value = cast(value as integer) + 1 where key = 'count'")

    threads = [threading.Thread(target=add_one_hundred_times) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert settings(store) == {"count": "600"}


def test_threads_read_while_others_write(store: Store) -> None:
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for index in range(30):
                if number % 2:
                    put(store, f"{number}-{index}")
                else:
                    store.read("select key from setting where key <> $key order by key", key="x")
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert len(settings(store)) == 120


def test_rows_of_a_frame_are_inserted_with_their_types(store: Store) -> None:
    rows = pl.DataFrame(
        {
            "year": [2026, 2026],
            "code": ["G1", "G2"],
            "label": ["Un", "Deux"],
            "divisions": [["2TNE", "2MRC"], []],
        }
    )
    with store.write() as tx:
        tx.insert("official_group", rows)
        tx.insert("official_group", rows.clear())
    read = store.read("select year, code, label, divisions from official_group order by code")
    assert read.rows() == [(2026, "G1", "Un", ["2TNE", "2MRC"]), (2026, "G2", "Deux", [])]


def test_enumerations_come_back_as_text(store: Store) -> None:
    with store.write() as tx:
        tx.run(
            "insert into user_account (login, name, role, created_at) values ('a', 'A', 'pilot', $now)",
            now=datetime(2026, 9, 1),
        )
    frame = store.read("select role from user_account order by role")
    assert frame.schema == {"role": pl.String}
    assert frame["role"].to_list() == ["pilot"]


def test_an_empty_answer_keeps_its_columns_and_types(store: Store) -> None:
    frame = store.read(
        "select id, born_on, sex, last_name from student where last_name = $name", name="Personne"
    )
    assert frame.is_empty()
    assert frame.schema == {"id": pl.Int64, "born_on": pl.Date, "sex": pl.String, "last_name": pl.String}


def test_a_forked_child_can_neither_read_nor_write(store: Store) -> None:
    # A real fork would warn about threads: the process the store remembers is changed instead.
    store._pid = os.getpid() + 1
    try:
        with pytest.raises(RuntimeError, match="after the fork"):
            store.read("select 1 as one")
        with pytest.raises(RuntimeError, match="after the fork"), store.write():
            pass
        store.close()  # does nothing in the child: the file belongs to the parent
    finally:
        store._pid = os.getpid()
    put(store, "still", "open")
    assert settings(store) == {"still": "open"}


OPEN = """
import os, sys
from pathlib import Path
from apdash.errors import ApdashError
from apdash.store import open_store
try:
    store = open_store(Path(sys.argv[1]))
    print(store.read("select count(*) as n from setting").item())
except ApdashError as error:
    print(error)
sys.stdout.flush()
os._exit(0)
"""


def test_a_second_process_reads_in_french_that_the_file_is_in_use(store: Store) -> None:
    words = run_python(OPEN, store.path)
    assert words.startswith("La base est déjà ouverte. Un autre programme utilise school.duckdb.")
    put(store, "a")
    store.close()
    assert run_python(OPEN, store.path).strip() == "1"


CRASH = """
import os, sys
from pathlib import Path
from apdash.store import open_store
store = open_store(Path(sys.argv[1]))
for index in range(20):
    with store.write() as tx:
        tx.run("insert into setting values ($key, 'oui')", key=str(index))
print("kept", flush=True)
transaction = store.write()
transaction.__enter__().run("insert into setting values ('half', 'oui')")
os._exit(1)
"""


def test_a_crash_keeps_what_was_committed_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "crashed.duckdb"
    assert run_python(CRASH, path) == "kept\n"
    store = open_store(path)
    assert sorted(settings(store)) == sorted(str(index) for index in range(20))
    store.close()


@pytest.mark.parametrize("data", [b"du texte" * 1000, b"", b"SQLite format 3\x00" + bytes(4096)])
@pytest.mark.parametrize("name", ["autre.duckdb", "block-lock.duckdb"])
def test_a_file_of_another_kind_is_refused_and_left_alone(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ApdashError, match=r"La base ne s’ouvre pas\. .*duckdb"):
        open_store(path)
    assert path.read_bytes() == data


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "abîmé.duckdb"
    open_store(path).close()
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(ApdashError, match="La base ne s’ouvre pas"):
        open_store(path)


def test_the_tables_of_another_program_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "autre.duckdb"
    with duckdb.connect(str(path)) as other:
        other.execute("create table customer (id integer)")
    with pytest.raises(ApdashError, match="Ce n’est pas une base APdash"):
        open_store(path)
    with duckdb.connect(str(path)) as other:
        assert other.execute("select table_name from duckdb_tables()").fetchall() == [("customer",)]


def test_a_file_made_by_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "school.duckdb"
    store = open_store(path)
    with store.write() as tx:
        tx.run("insert into schema_version values (999, $now)", now=datetime(2030, 1, 1))
    store.close()
    with pytest.raises(ApdashError, match=r"plus récente .* en version 999"):
        open_store(path)


def test_a_new_file_says_what_its_tables_are_for(store: Store) -> None:
    rows = store.read(
        "select table_name, comment from duckdb_tables() where comment is not null order by table_name"
    )
    comments = dict(rows.iter_rows())
    assert {"setting", "assessment", "membership", "ap_group", "intensity"} <= comments.keys()
    assert store.read("select max(version) as version from schema_version").item() >= 1


def test_migrations_apply_in_order_with_a_copy_of_the_file_aside(tmp_path: Path, migrations: Path) -> None:
    path = tmp_path / "school.duckdb"
    store = open_store(path, migrations=migrations)
    with store.write() as tx:
        tx.run("insert into note values (1, 'avant')")
    store.close()
    (migrations / "0010_last.sql").write_text("update note set words = words || ', dix'", "utf-8")
    (migrations / "0002_next.sql").write_text(
        "alter table note add column size integer; update note set words = words || ', deux'", "utf-8"
    )
    store = open_store(path, migrations=migrations)
    assert store.read("select id, words, size from note").rows() == [(1, "avant, deux, dix", None)]
    versions = store.read("select version from schema_version order by version")
    assert versions["version"].to_list() == [1, 2, 10]
    store.close()
    (copy,) = tmp_path.glob("school.v1-*.duckdb")
    (migrations / "0010_last.sql").unlink()
    (migrations / "0002_next.sql").unlink()
    old = open_store(copy, migrations=migrations)
    assert old.read("select * from note").rows() == [(1, "avant")]
    old.close()


def test_a_file_of_the_first_version_is_opened_with_its_students_and_a_copy_aside(tmp_path: Path) -> None:
    first = tmp_path / "migrations"
    first.mkdir()
    shutil.copy(MIGRATIONS / "0001_schema.sql", first)
    path = tmp_path / "school.duckdb"
    store = open_store(path, migrations=first)
    with store.write() as tx:
        tx.run(
            "insert into student (id, siecle_id, last_name, first_name, created_on) "
            "values (7, '900103', 'DIALLO-PETIT', 'Aïssatou', '2025-09-01')"
        )
    store.close()
    store = open_store(path)
    kept = store.read("select id, siecle_id, last_name, family_name from student").rows()
    assert kept == [(7, "900103", "DIALLO-PETIT", None)]
    with store.write() as tx:
        tx.run("update student set family_name = 'DIALLO' where siecle_id = '900103'")
    store.close()
    (copy,) = tmp_path.glob("school.v1-*.duckdb")
    assert file_version(copy) == 1
    assert file_version(path) >= 2


def test_a_file_up_to_date_is_not_copied(tmp_path: Path, migrations: Path) -> None:
    for _ in range(2):
        open_store(tmp_path / "school.duckdb", migrations=migrations).close()
    assert [file.name for file in tmp_path.glob("school*")] == ["school.duckdb"]


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path, migrations: Path) -> None:
    path = tmp_path / "school.duckdb"
    store = open_store(path, migrations=migrations)
    with store.write() as tx:
        tx.run("insert into note values (1, 'avant')")
    store.close()
    broken = migrations / "0002_broken.sql"
    broken.write_text(
        "alter table note add column size integer; insert into note values (1, 'double', 2)", "utf-8"
    )
    with pytest.raises(duckdb.Error):
        open_store(path, migrations=migrations)
    broken.unlink()
    store = open_store(path, migrations=migrations)
    assert store.read("select * from note").rows() == [(1, "avant")]
    assert store.read("select version from schema_version")["version"].to_list() == [1]
    store.close()
    assert len(list(tmp_path.glob("school.v1-*.duckdb"))) == 1
