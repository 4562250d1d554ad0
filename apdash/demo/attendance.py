"""Three years of sessions: held or not, who was there, what was done; two rolls of this week are still to call."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import polars as pl

from apdash.demo.calendar_plan import school_year
from apdash.demo.chance import stream
from apdash.demo.people import Person
from apdash.demo.school import CURRENT, TODAY
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands.attendance import CALLS, STATES, write_rolls

_NOT_HELD, _REASONS = 0.02, ("INT", "INT", "INT", "EVE", "SORTIE", "EXAM", "SALLE")
_TOLD, _FROM_OBJECTIVE = (
    0.86,
    0.3,
)  # sessions that say what was done, and of them by the objective of the group
_LATE, _EXCUSED = 0.035, 0.45  # of those who come; of those who do not
_MISSED = 1.4  # an hour of support is missed more than a day of class: 92 % come


def call_rolls(services: Services, people: list[Person], *, seed: int, until: date = TODAY) -> None:
    """Write the rolls of every session before a day, each at the end of its hour."""
    sessions = _sessions(services, before=until)
    left = _still_to_call(services, sessions, until=until)
    states = [_state(services, row, seed=seed) for row in sessions if row["id"] not in left]
    held = {row["id"] for row in states if row["state"] == "held"}
    presences = {person.number: person.profile.presence for person in people}
    places = services.store.read(
        """
        select p.host as session, p.student, cast(s.siecle_id as bigint) as number
        from session_places(timestamp '9999-12-31') p join student s on s.id = p.student
        order by p.host, s.siecle_id
        """
    )
    ended = {row["id"]: row for row in sessions}
    calls = [
        _call(ended[session], student, number, presences.get(number, 0.95), seed=seed)
        for session, student, number in places.iter_rows()
        if session in held
    ]
    with services.store.write() as tx:
        write_rolls(tx, calls=pl.DataFrame(calls, CALLS), states=pl.DataFrame(states, STATES))


def _sessions(services: Services, *, before: date) -> list[dict]:
    """Return the planned sessions of groups before a day that somebody was expected at; at: when the roll is called."""
    rows = services.store.read(
        """
        select s.id, g.code, g.need, g.objective, s.on_day, s.starts_at, s.minutes, s.recorded_at
        from session s join ap_group g on g.id = s.ap_group
        where s.replaced_at is null and s.state = 'planned' and s.joins is null and s.on_day < $before
            and s.id in (select host from session_places(timestamp '9999-12-31'))
        order by s.on_day, s.starts_at, g.code, s.id
        """,
        before=before,
    ).to_dicts()
    return [row | {"at": _called_at(row)} for row in rows]


def _called_at(row: dict) -> datetime:
    """Return the end of the hour; later when the session itself was planned after it."""
    end = datetime.combine(row["on_day"], row["starts_at"]) + timedelta(minutes=row["minutes"] - 5)
    return max(end, row["recorded_at"] + timedelta(seconds=1))


def _still_to_call(services: Services, sessions: list[dict], *, until: date) -> set[int]:
    """Return two sessions of this week: one of the teacher whose door the demonstration opens, one of somebody else."""
    monday = until - timedelta(days=until.weekday())
    week = [row["id"] for row in sessions if row["on_day"] >= monday]
    mine = services.store.read(
        """
        select s.id from session s
        join group_staff gs on gs.ap_group = s.ap_group and gs.replaced_by is null and gs.starts_on <= s.on_day
            and (gs.ends_on is null or gs.ends_on >= s.on_day)
        join user_account u on u.staff = gs.staff and u.role = 'teacher'
        where s.replaced_at is null
        """
    )["id"].to_list()
    first = [one for one in week if one in mine][:1]
    others = [one for one in reversed(week) if one not in mine]
    return set(first + others[: 2 - len(first)])


def _state(services: Services, row: dict, *, seed: int) -> dict:
    draw = stream(seed, "séance", row["code"], row["on_day"], row["starts_at"])
    said = {
        "id": row["id"],
        "recorded_at": row["at"],
        "recorded_by": CONSOLE.login,
        "why": None,
        "done": None,
    }
    if draw.random() < _NOT_HELD:
        return said | {"state": "not_held", "why": draw.choice(_REASONS)}
    words = draw.choice(list(_activities(services, row["need"])) or [""])
    if draw.random() < _FROM_OBJECTIVE and row["objective"]:
        words = row["objective"]
    told = draw.random() < _TOLD and words
    return said | {"state": "held", "done": f"{words[0].upper()}{words[1:]}" if told else None}


def _activities(services: Services, need: str) -> Iterator[str]:
    axis = services.reference.needs.filter(code=need)["axis"]
    yield from services.reference.activities.filter(pl.col("axis").is_in(axis.implode()))["text"]


def _call(row: dict, student: int, number: int, presence: float, *, seed: int) -> dict:
    draw = stream(seed, "appel", number, row["on_day"], row["starts_at"])
    there, nuance, minutes = draw.random(), draw.random(), draw.choice((5, 5, 10, 10, 15, 20))
    late = there < _chance(presence) and nuance < _LATE
    said = (
        "late"
        if late
        else "present"
        if there < _chance(presence)
        else "excused"
        if nuance < _EXCUSED
        else "absent"
    )
    return {
        "session": row["id"], "student": student, "presence": said, "minutes_late": minutes if late else None,
        "source": "roll" if school_year(row["on_day"]) == CURRENT else "import", "entry": f"demo-{row['id']}-{student}",
        "recorded_at": row["at"], "recorded_by": CONSOLE.login,
    }  # fmt: skip


def _chance(presence: float) -> float:
    return 1 - _MISSED * (1 - presence)
