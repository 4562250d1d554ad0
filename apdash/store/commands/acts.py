"""Acts: every change of who is where is one row, one transaction, and can be taken back.

The versions an act replaces are marked with its id, and those it makes carry it.
"""

from datetime import date, datetime

from apdash import labels
from apdash.errors import ApdashError
from apdash.rights import Action, Viewer
from apdash.store.commands.planning import plan_sessions
from apdash.store.commands.versions import TABLES, replace_rows
from apdash.store.store import Store, Transaction

ACT_WORDS = {
    "adopt": "mise en vigueur",
    "move": "changement d’élève",
    "staff": "changement d’adulte",
    "suspend": "suspension",
    "merge": "fusion",
    "prolong": "prolongation",
    "arrival": "arrivée",
    "departure": "départ",
    "agreement": "accord de l’élève",
    "undo": "annulation",
    "import": "import",
}


def record_act(
    tx: Transaction,
    viewer: Viewer,
    *,
    kind: str,
    effective_on: date,
    now: datetime,
    band: int | None = None,
    reason: str = "",
    words: str = "",
    proposal: int | None = None,
    undoes: int | None = None,
) -> int:
    """Write the row of an act and return its id."""
    act = int(tx.read("select nextval('ids') as id").item())
    tx.run(
        """
        insert into act (id, kind, band, effective_on, reason, words, proposal, undoes, recorded_at, recorded_by)
        values ($act, $kind, $band, $effective_on, $reason, $words, $proposal, $undoes, $now, $login)
        """,
        act=act,
        kind=kind,
        band=band,
        effective_on=effective_on,
        reason=reason,
        words=words,
        proposal=proposal,
        undoes=undoes,
        now=now,
        login=viewer.login,
    )
    return act


def undo_act(store: Store, viewer: Viewer, *, act: int, now: datetime) -> int:
    """Take an act back: what it replaced is true again. Returns the id of the undoing act.

    Raises `ApdashError` naming the later acts that rest on it; they are to be undone first.
    """
    viewer.require(Action.CHANGE_GROUPS)
    with store.write() as tx:
        rows = tx.read("select kind, band, effective_on, proposal, undoes from act where id = $act", act=act)
        if rows.is_empty():
            raise ApdashError("Geste inconnu.", "Il n’existe pas : rechargez la page.")
        row = rows.row(0, named=True)
        if is_undone(tx, act):
            raise ApdashError("Déjà annulé.", "Ce geste a été annulé : il n’y a rien à reprendre.")
        _check_still_true(tx, act)
        undo = record_act(
            tx, viewer, kind="undo", effective_on=row["effective_on"], now=now, band=row["band"],
            proposal=row["proposal"], undoes=act,
        )  # fmt: skip
        for table in TABLES:
            columns = ", ".join(table.columns)
            old = tx.read(f"select {columns} from {table.name} where act = $act", act=act)
            new = tx.read(f"select {columns} from {table.name} where replaced_by = $act", act=act)
            replace_rows(tx, table, act=undo, old=old, new=new)
        if row["proposal"] is not None:
            state = "undone" if _adopts(tx, act, row) else "in_force"
            tx.run(
                "update proposal set state = $state, decided_at = $now, decided_by = $login where id = $proposal",
                state=state,
                now=now,
                login=viewer.login,
                proposal=row["proposal"],
            )
        check_consistency(tx, after=act)
        if row["band"] is not None:
            plan_sessions(tx, viewer, band=row["band"], now=now)
    return undo


def is_undone(tx: Store | Transaction, act: int) -> bool:
    """True when the act was taken back, and that was not itself taken back since."""
    undoings = tx.read("select id from act where undoes = $act order by id", act=act)["id"].to_list()
    return any(not is_undone(tx, undoing) for undoing in undoings)


def _adopts(tx: Transaction, act: int, row: dict[str, object]) -> bool:
    """True when undoing this act takes a proposal out of force: an adoption, or the undoing of an undoing."""
    steps, kind, undoes = 0, row["kind"], row["undoes"]
    while kind == "undo" and undoes is not None:
        kind, undoes = tx.read("select kind, undoes from act where id = $act", act=undoes).row(0)
        steps += 1
    return steps % 2 == 0


def _check_still_true(tx: Transaction, act: int) -> None:
    """Raise `ApdashError` when a version the act made, or one with the same content, is no longer current."""
    later: set[int] = set()
    made = 0
    for table in TABLES:
        columns = list(table.columns)
        names = ", ".join(columns)
        mine = tx.read(f"select {names}, replaced_by from {table.name} where act = $act", act=act)
        made += mine.height
        made += tx.read(f"select 1 as x from {table.name} where replaced_by = $act", act=act).height
        current = tx.read(f"select {names} from {table.name} where replaced_by is null")
        lost = mine.join(current, on=columns, how="anti", nulls_equal=True)
        later |= set(lost["replaced_by"].to_list())
    if not made:
        raise ApdashError("Rien à annuler.", "Ce geste n’a déplacé personne.")
    if later:
        raise ApdashError("Annulation impossible.", _resting_words(tx, sorted(later)))


def check_consistency(tx: Transaction, *, after: int | None = None) -> None:
    """Raise `ApdashError` when a student is in two groups at one slot, or somebody is in a group that never opened.

    after: the act that was undone, so that the later acts in the way can be named.
    """
    rows = tx.read(
        """
        select m.act
        from membership m
        where m.replaced_by is null and not exists (
            select 1 from group_state s where s.ap_group = m.ap_group and s.replaced_by is null
        )
        union
        select g.act
        from group_staff g
        where g.replaced_by is null and not exists (
            select 1 from group_state s where s.ap_group = g.ap_group and s.replaced_by is null
        )
        union
        select s.act
        from group_state s
        where s.replaced_by is null and s.merged_into is not null and not exists (
            select 1 from group_state t where t.ap_group = s.merged_into and t.replaced_by is null
        )
        union
        select greatest(a.act, b.act) as act
        from membership a
        join ap_group ga on ga.id = a.ap_group
        join membership b on b.student = a.student and b.id > a.id
        join ap_group gb on gb.id = b.ap_group and gb.slot = ga.slot
        where a.replaced_by is null and b.replaced_by is null
            and a.starts_on <= coalesce(b.ends_on, date '9999-12-31')
            and b.starts_on <= coalesce(a.ends_on, date '9999-12-31')
        order by act
        """
    )
    if rows.is_empty():
        return
    if after is not None:
        raise ApdashError("Annulation impossible.", _resting_words(tx, rows["act"].to_list()))
    raise ApdashError("Changement refusé.", "Un élève serait dans deux groupes à la même heure.")


def _resting_words(tx: Transaction, acts: list[int]) -> str:
    rows = tx.read(
        """
        select kind, effective_on, recorded_by from act
        where id in (select unnest($acts::bigint[]))
        order by id desc
        """,
        acts=acts,
    )
    told = [
        f"{ACT_WORDS[kind]} du {labels.day(on)} ({login})"
        for kind, on, login in rows.unique(maintain_order=True).iter_rows()
    ]
    return f"D’autres gestes reposent sur celui-ci, à annuler d’abord : {' ; '.join(told)}."
