"""The roll of a session: who was there, that it was held, what was done. Nothing is overwritten.

What is said of a student carries the key its sender gave it: sent again, it is written once. It also carries the keys
of what its sender had before their eyes: when something else has been said meanwhile, nothing is written and both are
told. The roll of groups that share a session is that of the one that hosts the others.
"""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from apdash.errors import ApdashError
from apdash.readable import checked_words
from apdash.rights import Action, Viewer
from apdash.store.commands.records import retire, revise
from apdash.store.queries.rolls import others_of_band, roll_call, session_head
from apdash.store.store import Store, Transaction

# What is said of students. presence: null takes back what was said; seen: keys of what stood when it was said (""
# for nothing), null when it prevails whatever stands.
ENTRIES = {
    "student": pl.Int64,
    "presence": pl.String,
    "minutes_late": pl.Int64,
    "entry": pl.String,
    "seen": pl.List(pl.String),
}
# Rolls written many at a time. recorded_at and recorded_by are told by each row.
CALLS = {
    "session": pl.Int64,
    "student": pl.Int64,
    "presence": pl.String,
    "minutes_late": pl.Int64,
    "source": pl.String,
    "entry": pl.String,
    "recorded_at": pl.Datetime,
    "recorded_by": pl.String,
}
STATES = {
    "id": pl.Int64,
    "state": pl.String,
    "why": pl.String,
    "done": pl.String,
    "recorded_at": pl.Datetime,
    "recorded_by": pl.String,
}
_KEY = ("session", "student")
_CONFLICTS = {
    "student": pl.Int64,
    "presence": pl.String,
    "minutes_late": pl.Int64,
    "entry": pl.String,
    "recorded_at": pl.Datetime,
    "by_name": pl.String,
}


@dataclass(frozen=True, slots=True)
class RollAnswer:
    """What became of entries. written: their keys, those written by an earlier sending included.

    conflicts: what somebody else said meanwhile, a row a student; refused: student, why.
    """

    written: tuple[str, ...]
    conflicts: pl.DataFrame
    refused: pl.DataFrame


def record_roll(
    store: Store, viewer: Viewer, *, session: int, entries: pl.DataFrame, now: datetime
) -> RollAnswer:
    """Write what is said of students at a session, in one transaction. entries: a frame of `ENTRIES`.

    Raises `ApdashError` for whoever does not lead it, and for a session to come or cancelled.
    """
    with store.write() as tx:
        head = _callable(tx, viewer, session=session, now=now)
        called = {row["student"]: row for row in roll_call(tx, viewer, session=session).to_dicts()}
        others = set(others_of_band(tx, viewer, session=session)["student"])
        sent = entries.unique("student", keep="last", maintain_order=True).to_dicts()
        known = _already(tx, session=head["session"], keys=[row["entry"] for row in sent])
        refused = [row for row in sent if row["student"] not in called and row["student"] not in others]
        rest = [row for row in sent if row not in refused]
        fates = [(row, _fate(row, called.get(row["student"]), known)) for row in rest]
        _write(tx, viewer, head["session"], [row for row, fate in fates if fate == "write"], now=now)
    told = [called[row["student"]] for row, fate in fates if fate == "conflict"]
    why = "n’est pas dans cette bande ce jour-là"
    return RollAnswer(
        written=tuple(row["entry"] for row, fate in fates if fate != "conflict"),
        conflicts=pl.DataFrame(
            [[row[name] for name in _CONFLICTS] for row in told], _CONFLICTS, orient="row"
        ),
        refused=pl.DataFrame(
            [[row["student"], why] for row in refused], {"student": pl.Int64, "why": pl.String}, orient="row"
        ),
    )


def hold_session(store: Store, viewer: Viewer, *, session: int, now: datetime) -> None:
    """Say that a session was held; said twice, it is written once. Raises `ApdashError` as `record_roll`."""
    with store.write() as tx:
        head = _callable(tx, viewer, session=session, now=now)
        if head["state"] != "held":
            _say(tx, viewer, head["session"], {"state": "held"}, now=now)


def tell_done(
    store: Store, viewer: Viewer, *, session: int, words: str, seen: str | None, now: datetime
) -> str | None:
    """Write what was done at a session; return instead what somebody else wrote since `seen` was read.

    seen: the words its sender had before their eyes, null to write over any. Raises `ApdashError` for more than 200
    characters, and as `record_roll`.
    """
    words = checked_words(words)
    with store.write() as tx:
        head = _callable(tx, viewer, session=session, now=now)
        if head["done"] == words:
            return None
        if seen is not None and head["done"] != seen:
            return head["done"]
        _say(tx, viewer, head["session"], {"done": words}, now=now)
    return None


def write_rolls(tx: Transaction, *, calls: pl.DataFrame, states: pl.DataFrame) -> None:
    """Write the rolls and the states of many sessions at once; nothing is checked.

    calls: a frame of `CALLS`; states: of `STATES`, null where the session keeps what it says. Each row replaces what
    stood at its own `recorded_at`.
    """
    calls, states = _shaped(calls, CALLS), _shaped(states, STATES)
    _replace(tx, "attendance", _KEY, calls)
    tx.insert("attendance", calls)
    said = tx.read(
        """
        select s.* exclude (state, why, done, recorded_at, recorded_by, replaced_at), s.state::varchar as old_state,
            s.why as old_why, s.done as old_done
        from session s
        where s.replaced_at is null and s.id in (select unnest($sessions::bigint[]))
        order by s.id
        """,
        sessions=states["id"].to_list(),
    ).join(states, on="id")
    changed = said.with_columns(
        pl.coalesce(name, f"old_{name}").alias(name) for name in ("state", "why", "done")
    ).drop("old_state", "old_why", "old_done")
    # Somebody decided that it would not be held: planning leaves it alone.
    changed = changed.with_columns(by_hand=pl.col("by_hand") | (pl.col("state") == "not_held"))
    _replace(tx, "session", ("id",), changed)
    tx.insert("session", changed)


def _shaped(rows: pl.DataFrame, schema: dict) -> pl.DataFrame:
    return rows.select(pl.col(name).cast(kind) for name, kind in schema.items())


def _replace(tx: Transaction, table: str, key: tuple[str, ...], rows: pl.DataFrame) -> None:
    values = ", ".join(f"unnest(${name}) as {name}" for name in (*key, "recorded_at"))
    same = " and ".join(f"t.{name} = x.{name}" for name in key)
    if rows.height:
        tx.run(
            f"update {table} as t set replaced_at = x.recorded_at from (select {values}) as x "
            f"where {same} and t.replaced_at is null",
            **{name: rows[name].to_list() for name in (*key, "recorded_at")},
        )


def _callable(tx: Transaction, viewer: Viewer, *, session: int, now: datetime) -> dict:
    """Return the session whose roll may be called now by this person."""
    viewer.require(Action.CALL_ROLL)
    head = session_head(tx, viewer, session=session)
    if head["on_day"] > now.date():
        raise ApdashError("Séance à venir.", "L’appel se fait le jour de la séance, ou après.")
    if head["state"] == "not_held":
        raise ApdashError(
            "Séance non tenue.", "Elle est notée comme n’ayant pas eu lieu : rétablissez-la d’abord."
        )
    return head


def _already(tx: Transaction, *, session: int, keys: list[str]) -> set[tuple[int, str]]:
    """Return the students and keys of these entries that an earlier sending has written."""
    found = tx.read(
        """
        select distinct student, entry from attendance
        where session = $session and entry in (select unnest($keys::varchar[]))
        """,
        session=session,
        keys=keys,
    )
    return set(found.iter_rows())


def _fate(row: dict, current: dict | None, known: set[tuple[int, str]]) -> str:
    """Return write, same (already so, or already written) or conflict."""
    stands = current or {"presence": None, "minutes_late": None, "entry": ""}
    if (row["student"], row["entry"]) in known:
        return "same"
    if (row["presence"], row["minutes_late"]) == (stands["presence"], stands["minutes_late"]):
        return "same"
    if row["seen"] is not None and stands["entry"] not in row["seen"]:
        return "conflict"
    return "write"


def _write(tx: Transaction, viewer: Viewer, session: int, rows: list[dict], *, now: datetime) -> None:
    frame = pl.DataFrame(rows, schema=ENTRIES).with_columns(session=pl.lit(session, pl.Int64)).drop("seen")
    said = pl.col("presence").is_not_null()
    retire(tx, "attendance", _KEY, frame.filter(~said), now=now)
    called = frame.filter(said).with_columns(source=pl.lit("roll"))
    revise(tx, "attendance", _KEY, called, viewer=viewer, now=now)


def _say(tx: Transaction, viewer: Viewer, session: int, changes: dict[str, str], *, now: datetime) -> None:
    row = tx.read(
        "select * exclude (recorded_at, recorded_by, replaced_at) from session where id = $id and replaced_at is null",
        id=session,
    )
    rows = row.with_columns(pl.lit(value).alias(name) for name, value in changes.items())
    revise(tx, "session", ("id",), rows, viewer=viewer, now=now)
