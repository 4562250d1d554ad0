"""What people ask for in a band: pins, bans, pairs and caps. No reason is ever asked nor kept."""

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from apdash.errors import ApdashError
from apdash.reference import Reference
from apdash.rights import CONSOLE, Action, Viewer
from apdash.store.queries.bands import band_slots, band_staff, statements, students_in_band
from apdash.store.queries.groups import members
from apdash.store.store import Store, Transaction

KINDS = ("pin", "ban", "together", "apart", "cap")


@dataclass(frozen=True, slots=True)
class Statement:
    """One demand. pin: this place; ban: slot, need or staff left empty means any; cap: at most so many in a group."""

    kind: str
    students: tuple[int, ...]
    slot: int | None = None
    need: str | None = None
    staff: int | None = None
    at_most: int | None = None
    by_direction: bool = False


@dataclass(frozen=True, slots=True)
class Stated:
    """A demand that was recorded, and what looks strange about it, in French."""

    statement: int
    warnings: tuple[str, ...]


def add_statement(
    store: Store, viewer: Viewer, reference: Reference, *, band: int, statement: Statement, now: datetime
) -> Stated:
    """Record a demand; keeping apart is the direction's, and hidden from everybody else.

    Raises `ApdashError` when it cannot be understood or stands already; what is merely strange is a warning.
    """
    secret = statement.by_direction or statement.kind == "apart"
    viewer.require(Action.KEEP_APART if secret else Action.CONSTRAIN)
    with store.write() as tx:
        _check(tx, reference, band=band, statement=statement, on=now)
        warnings = strange(tx, viewer, band=band, statement=statement, on=now.date())
        created = int(tx.read("select nextval('ids') as id").item())
        row = {
            "id": created, "band": band, "kind": statement.kind, "students": sorted(statement.students),
            "slot": statement.slot, "need": statement.need, "staff": statement.staff, "at_most": statement.at_most,
            "by_direction": secret, "made_at": now, "made_by": viewer.login,
        }  # fmt: skip
        names = ", ".join(row)
        values = ", ".join(f"${name}" for name in row)
        tx.run(f"insert into statement ({names}) values ({values})", **row)
    return Stated(created, tuple(warnings))


def end_statement(store: Store, viewer: Viewer, *, statement: int, now: datetime) -> None:
    """End a demand: it no longer holds, and stays readable in past proposals."""
    viewer.require(Action.CONSTRAIN)
    with store.write() as tx:
        row = tx.read(
            "select by_direction from statement where id = $statement and ended_at is null",
            statement=statement,
        )
        # A hidden statement is as unknown as one that never was.
        if row.is_empty() or (row["by_direction"].item() and not viewer.can(Action.KEEP_APART)):
            raise ApdashError("Demande inconnue.", "Elle a déjà été levée, ou n’existe pas.")
        tx.run("update statement set ended_at = $now where id = $statement", now=now, statement=statement)


def undo_last(store: Store, viewer: Viewer, *, band: int, since: datetime, now: datetime) -> bool:
    """End the last place this person fixed or forbade since a moment, and bring back what it had replaced.

    False when there is none.
    """
    viewer.require(Action.CONSTRAIN)
    with store.write() as tx:
        row = tx.read(
            """
            select id, made_at, students from statement
            where band = $band and ended_at is null and kind in ('pin', 'ban') and made_at > $since
                and made_by = $login and not by_direction
            order by made_at desc, id desc limit 1
            """,
            band=band,
            since=since,
            login=viewer.login,
        )
        if row.is_empty():
            return False
        last = row.row(0, named=True)
        tx.run("update statement set ended_at = $now where id = $last", now=now, last=last["id"])
        tx.run(
            """
            update statement set ended_at = null
            where band = $band and ended_at = $made_at and students = $students::bigint[] and not by_direction
            """,
            band=band,
            made_at=last["made_at"],
            students=last["students"],
        )
    return True


def _check(tx: Transaction, reference: Reference, *, band: int, statement: Statement, on: datetime) -> None:
    """Raise `ApdashError` when the demand names what is not in the band, or lacks a part."""
    if statement.kind not in KINDS:
        raise ApdashError("Demande refusée.", f"« {statement.kind} » n’est pas une sorte de demande.")
    check_shape(statement)
    slots = band_slots(tx, band=band)["slot"].to_list()
    if statement.slot is not None and statement.slot not in slots:
        raise ApdashError("Demande refusée.", "Ce créneau n’est pas dans la bande.")
    if statement.need is not None and statement.need not in reference.needs["code"].to_list():
        raise ApdashError("Demande refusée.", f"« {statement.need} » n’est pas un besoin connu.")
    known = tx.read("select id from staff")["id"].to_list()
    if statement.staff is not None and statement.staff not in known:
        raise ApdashError("Demande refusée.", "Cet adulte n’est pas connu.")
    members = students_in_band(tx, band=band, on=on.date())["student"].to_list()
    if set(statement.students) - set(members):
        raise ApdashError("Demande refusée.", "Un des élèves n’est pas dans une division de la bande.")
    _check_new(tx, band=band, statement=statement)


def check_shape(statement: Statement) -> None:
    """Raise `ApdashError` when a demand lacks a part its kind wants."""
    count, kind = len(set(statement.students)), statement.kind
    if count != len(statement.students):
        raise ApdashError("Demande refusée.", "Le même élève est cité deux fois.")
    if kind == "pin" and (count != 1 or statement.slot is None or statement.need is None):
        raise ApdashError(
            "Demande refusée.", "Fixer une place demande un seul élève, un créneau et un besoin."
        )
    if kind == "ban" and (
        count != 1 or (statement.slot, statement.need, statement.staff) == (None, None, None)
    ):
        raise ApdashError(
            "Demande refusée.", "Interdire demande un seul élève, et un créneau, un besoin ou un adulte."
        )
    if kind in ("together", "apart") and count != 2:
        raise ApdashError("Demande refusée.", "Choisissez exactement deux élèves.")
    if kind == "cap" and (count < 2 or statement.at_most is None or statement.at_most < 1):
        raise ApdashError(
            "Demande refusée.", "Un plafond demande au moins deux élèves et un nombre d’au moins 1."
        )


def _check_new(tx: Transaction, *, band: int, statement: Statement) -> None:
    same = tx.read(
        """
        select 1 as x from statement
        where band = $band and ended_at is null and by_direction = $secret and kind = $kind::statement_kind
            and students = $students::bigint[]
            and slot is not distinct from $slot::bigint and need is not distinct from $need::varchar
            and staff is not distinct from $staff::bigint and at_most is not distinct from $at_most::integer
        """,
        band=band,
        kind=statement.kind,
        students=sorted(statement.students),
        slot=statement.slot,
        need=statement.need,
        staff=statement.staff,
        at_most=statement.at_most,
        secret=statement.by_direction or statement.kind == "apart",
    )
    if same.height:
        raise ApdashError("Demande déjà posée.", "La même est déjà en cours.")


def strange(
    tx: Store | Transaction, viewer: Viewer, *, band: int, statement: Statement, on: date
) -> list[str]:
    """Return what a colleague would find strange in a demand, among the demands this person may see.

    on: the day of the groups that two students to be kept apart may share.
    """
    found: list[str] = []
    standing = statements(tx, viewer, band=band)
    mine = standing.filter(pl.col("students").list.sort() == pl.lit(sorted(statement.students)))
    if (
        statement.kind == "cap"
        and statement.at_most is not None
        and statement.at_most >= len(statement.students)
    ):
        found.append("Ce plafond n’exclut rien : il y a moins d’élèves cités que de places permises.")
    opposite = {"together": "apart", "apart": "together"}.get(statement.kind)
    if opposite and mine.filter(pl.col("kind") == opposite).height:
        found.append("Une demande contraire porte sur les deux mêmes élèves : aucune répartition ne tiendra.")
    if statement.kind == "apart" and viewer.can(Action.KEEP_APART):
        found += _together_now(tx, band=band, students=statement.students, on=on)
    if statement.kind == "pin":
        found += _strange_pin(tx, band=band, statement=statement, mine=mine)
    if statement.kind == "ban" and mine.filter(_contradicts(statement)).height:
        found.append(
            "Cet élève est épinglé à une place que cette demande exclut : aucune répartition ne tiendra."
        )
    if statement.kind == "ban" and statement.need is None and statement.staff is None:
        found.append("L’élève ne pourra être dans aucun groupe à ce créneau.")
    return found


def _together_now(tx: Store | Transaction, *, band: int, students: tuple[int, ...], on: date) -> list[str]:
    seated = members(tx, CONSOLE, on=on, band=band).filter(pl.col("student").is_in(students))
    shared = seated.group_by("code", "name", maintain_order=True).len().filter(pl.col("len") > 1)
    act = "changez l’un des deux de groupe, ou relancez la recherche"
    return [
        f"Ils sont aujourd’hui ensemble dans {code} {name} : {act}." for code, name, _ in shared.iter_rows()
    ]


def _strange_pin(
    tx: Store | Transaction, *, band: int, statement: Statement, mine: pl.DataFrame
) -> list[str]:
    found: list[str] = []
    elsewhere = (
        (pl.col("kind") == "pin") & (pl.col("slot") == statement.slot) & (pl.col("need") != statement.need)
    )
    if mine.filter(elsewhere).height:
        found.append(
            "Cet élève est déjà épinglé à un autre besoin au même créneau : aucune répartition ne tiendra."
        )
    barred = pl.col("kind") == "ban"
    for column, value in (("slot", statement.slot), ("need", statement.need), ("staff", statement.staff)):
        same = pl.col(column) == value if value is not None else pl.lit(False)
        barred &= pl.col(column).is_null() | same
    if mine.filter(barred).height:
        found.append("Une demande en cours exclut cette place : aucune répartition ne tiendra.")
    leaders = band_staff(tx, band=band).filter(
        (pl.col("slot") == statement.slot) & pl.col("needs").list.contains(statement.need)
    )
    if leaders.is_empty():
        found.append("Personne n’anime ce besoin à ce créneau.")
    elif statement.staff is not None and statement.staff not in leaders["staff"].to_list():
        found.append("Cet adulte n’anime pas ce besoin à ce créneau.")
    return found


def _contradicts(ban: Statement) -> pl.Expr:
    """Return the expression true for a pin that this ban forbids whatever the group."""
    found = pl.col("kind") == "pin"
    for column, value in (("slot", ban.slot), ("need", ban.need), ("staff", ban.staff)):
        if value is not None:
            found &= pl.col(column) == value
    return found
