"""Opens the DuckDB file and hands out reads and transactions; the only place that holds a connection."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import polars.selectors as cs

from apdash.errors import ApdashError

MIGRATIONS = Path(__file__).parent / "migrations"
# Files stay readable by the previous major version of the engine: a way back if a school needs one.
STORAGE_VERSION = "v1.5.0"
# Nothing is fetched from another host: given a file of another kind, the engine would look for a reader of it online.
_CONFIG = {
    "storage_compatibility_version": STORAGE_VERSION,
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
IN_USE = "La base est déjà ouverte."  # title of the refusal while another program holds the file
_HELD_ELSEWHERE = ("could not set lock", "used by another process")


class Transaction:
    """One set of changes: all of them are kept, or none."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def run(self, sql: str, **params: Any) -> None:  # noqa: ANN401 - whatever the engine can bind
        """Execute one statement that changes rows."""
        self._connection.execute(sql, params or None)

    def read(self, sql: str, **params: Any) -> pl.DataFrame:  # noqa: ANN401
        """Return the rows of a query, seen from inside the transaction."""
        return _frame(self._connection, sql, params)

    def insert(self, table: str, rows: pl.DataFrame) -> None:
        """Insert the rows of a frame whose columns are named as those of the table.

        Raises `ApdashError` when the table refuses a value.
        """
        if rows.is_empty():
            return
        columns = ", ".join(rows.columns)
        values = ", ".join(f"unnest(${name})" for name in rows.columns)
        params = {name: rows[name].to_list() for name in rows.columns}
        self._connection.execute(f"insert into {table} ({columns}) select {values}", params)


class Store:
    """One DuckDB file: many readers, one writer at a time, in the process that opened it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        self.path = path
        self._connection = connection
        self._lock = threading.RLock()
        self._pid = os.getpid()
        self._writing = False

    def read(self, sql: str, **params: Any) -> pl.DataFrame:  # noqa: ANN401
        """Return the rows of a query; parameters are named, `$like_this`."""
        return _frame(self._cursor(), sql, params)

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Open the one transaction of the moment: committed when the block ends well, undone when it raises.

        Raises `RuntimeError` inside another one of the same thread: two transactions would not see each other.
        """
        self._check_process()
        with self._lock:
            if self._writing:
                raise RuntimeError(
                    "A transaction is already open here; pass it on instead of opening another."
                )
            cursor = self._cursor()
            cursor.execute("begin transaction")
            self._writing = True
            try:
                yield Transaction(cursor)
                cursor.execute("commit")
            except BaseException as error:
                # A commit that failed has already been undone: nothing to roll back then.
                with suppress(duckdb.TransactionException):
                    cursor.execute("rollback")
                if isinstance(error, duckdb.ConstraintException):
                    raise ApdashError("Valeur refusée.", _constraint_words(error)) from error
                raise
            finally:
                self._writing = False
                cursor.close()

    def close(self) -> None:
        """Write everything to the file and let it go."""
        if self._pid == os.getpid():
            self._connection.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        self._check_process()
        return self._connection.cursor()

    def _check_process(self) -> None:
        # A forked child shares the file without the engine knowing: its writes would be acknowledged and lost.
        if self._pid != os.getpid():
            raise RuntimeError("The store was opened in another process; open it after the fork.")


def open_store(path: Path, *, migrations: Path = MIGRATIONS) -> Store:
    """Open the file, creating or upgrading it first.

    Raises `ApdashError` when another program holds the file, when it is no APdash file, or when it was made
    by a newer version. Before an upgrade the file is copied beside itself, with its version and the time.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = _connect(path)
    try:
        if _pending(connection, path, migrations):
            connection = _upgrade(connection, path, migrations)
    except BaseException:
        connection.close()
        raise
    return Store(connection, path)


def file_version(path: Path) -> int:
    """Return the version of an APdash file, everything written into the one file, and let it go again.

    Raises `ApdashError` as `open_store` does, and when the file is absent or empty; nothing is upgraded.
    """
    if not path.is_file():
        raise ApdashError("Base introuvable.", f"{path} n’existe pas.")
    connection = _connect(path)
    try:
        _pending(connection, path, MIGRATIONS)
        version = _version(connection)
        connection.execute("checkpoint")
    finally:
        connection.close()
    if version is None:
        raise ApdashError("Ce n’est pas une base APdash.", f"{path.name} ne contient aucune table.")
    return version


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), config=_CONFIG)
    except duckdb.IOException as error:
        if any(words in str(error).lower() for words in _HELD_ELSEWHERE):
            raise ApdashError(
                IN_USE,
                f"Un autre programme utilise {path.name}. Fermez-le (une seule fenêtre d’APdash à la fois), "
                "puis recommencez.",
            ) from error
        raise ApdashError(
            "La base ne s’ouvre pas.", f"{path.name} : fichier illisible ou d’un autre logiciel."
        ) from error
    except duckdb.Error as error:
        raise ApdashError(
            "La base ne s’ouvre pas.", f"{path.name} : fichier abîmé ou d’un autre format."
        ) from error


def _pending(connection: duckdb.DuckDBPyConnection, path: Path, migrations: Path) -> list[tuple[int, Path]]:
    """Return the migrations still to apply, in order; refuse files that are newer or not ours."""
    version = _version(connection)
    known = _numbered(migrations)
    if version is None and connection.execute("select count(*) from duckdb_tables()").fetchone() != (0,):
        raise ApdashError("Ce n’est pas une base APdash.", f"{path.name} contient d’autres tables.")
    if version is not None and version > known[-1][0]:
        raise ApdashError(
            "Cette base vient d’une version plus récente d’APdash.",
            f"{path.name} est en version {version}, ce programme s’arrête à la version {known[-1][0]}. "
            "Mettez APdash à jour, ou restaurez une sauvegarde plus ancienne.",
        )
    return [(number, file) for number, file in known if number > (version or 0)]


def _upgrade(
    connection: duckdb.DuckDBPyConnection, path: Path, migrations: Path
) -> duckdb.DuckDBPyConnection:
    """Apply pending migrations, each in its transaction; return the connection to go on with."""
    version = _version(connection)
    if version is not None:
        connection.close()
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
        shutil.copy2(path, path.with_name(f"{path.stem}.v{version}-{stamp}{path.suffix}"))
        connection = _connect(path)
    for number, file in _pending(connection, path, migrations):
        connection.execute("begin transaction")
        try:
            connection.execute(file.read_text("utf-8"))
            connection.execute(
                "create table if not exists schema_version (version integer primary key, applied_at timestamp not null)"
            )
            connection.execute(
                "insert into schema_version values ($number, $now)", {"number": number, "now": datetime.now()}
            )
            connection.execute("commit")
        except BaseException:
            with suppress(duckdb.TransactionException):
                connection.execute("rollback")
            connection.close()
            raise
    return connection


def _version(connection: duckdb.DuckDBPyConnection) -> int | None:
    """Return the number of the last migration applied, or none; the first look into the file's contents."""
    try:
        tables = connection.execute("select table_name from duckdb_tables()").fetchall()
        if ("schema_version",) not in tables:
            return None
        row = connection.execute("select max(version) from schema_version").fetchone()
    except duckdb.Error as error:
        raise ApdashError("La base ne s’ouvre pas.", "Fichier abîmé ; restaurez une sauvegarde.") from error
    return row[0] if row else None


def _numbered(migrations: Path) -> list[tuple[int, Path]]:
    return sorted((int(file.name.split("_")[0]), file) for file in migrations.glob("[0-9]*.sql"))


def _frame(connection: duckdb.DuckDBPyConnection, sql: str, params: dict[str, Any]) -> pl.DataFrame:
    frame = pl.DataFrame(connection.sql(sql, params=params or None))
    return frame.with_columns(cs.categorical().cast(pl.String), cs.enum().cast(pl.String))


def _constraint_words(error: duckdb.ConstraintException) -> str:
    words = str(error)
    if "Duplicate key" in words or "unique" in words.lower():
        return "Cette ligne existe déjà."
    return "Une valeur est hors des limites permises."
