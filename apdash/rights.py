"""Who may do what: one table, enforced by commands; queries restrict rows with the same viewer."""

from dataclasses import dataclass
from enum import StrEnum

from apdash.errors import ApdashError


class Role(StrEnum):
    """What an account is for."""

    DIRECTION = "direction"
    PILOT = "pilot"
    TEACHER = "teacher"


class Action(StrEnum):
    """Gestures that change data or show more than one's own students."""

    ASSESS = "assess"  # one's own values, for divisions one sees
    INTERVIEW = "interview"
    CLOSE_REVIEW = "close_review"
    IMPORT = "import"
    SET_UP = "set_up"  # calendar, bands, rooms, who is free when
    REGROUP = "regroup"  # prepare, solve, adjust, propose
    VALIDATE = "validate"  # the direction's signature
    CHANGE_GROUPS = "change_groups"  # single acts on groups and memberships
    CONSTRAIN = "constrain"  # pins, bans, together, caps
    KEEP_APART = "keep_apart"
    EXPORT = "export"
    MANAGE_ACCOUNTS = "manage_accounts"
    PLAN_SESSIONS = "plan_sessions"  # move, cancel, replace, add sessions and common actions
    CALL_ROLL = "call_roll"  # of the sessions one leads; the direction and the pilot of any
    FOLLOW = "follow"  # programmes, objectives, workshop bilans of students one sees
    TUTOR = "tutor"  # one's own meetings; the direction and the pilot for others
    MANAGE_TUTORS = "manage_tutors"
    MANAGE_STAGES = "manage_stages"
    SEE_INDICATORS = "see_indicators"  # hours of everybody, vigilance, effect, success


_EVERYONE = frozenset(Role)
_PILOTS = frozenset({Role.DIRECTION, Role.PILOT})
_DIRECTION = frozenset({Role.DIRECTION})

MATRIX: dict[Action, frozenset[Role]] = {
    Action.ASSESS: _EVERYONE,
    Action.INTERVIEW: _EVERYONE,
    Action.CLOSE_REVIEW: _PILOTS,
    Action.IMPORT: _PILOTS,
    Action.SET_UP: _PILOTS,
    Action.REGROUP: _PILOTS,
    Action.VALIDATE: _DIRECTION,
    Action.CHANGE_GROUPS: _PILOTS,
    Action.CONSTRAIN: _PILOTS,
    Action.KEEP_APART: _DIRECTION,
    Action.EXPORT: _PILOTS,
    Action.MANAGE_ACCOUNTS: _DIRECTION,
    Action.PLAN_SESSIONS: _PILOTS,
    Action.CALL_ROLL: _EVERYONE,
    Action.FOLLOW: _EVERYONE,
    Action.TUTOR: _EVERYONE,
    Action.MANAGE_TUTORS: _PILOTS,
    Action.MANAGE_STAGES: _PILOTS,
    Action.SEE_INDICATORS: _PILOTS,
}

_WORDS = {_PILOTS: "à la direction et au pilote", _DIRECTION: "à la direction"}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking or acting. staff: their row in the table of adults, if they have one."""

    login: str
    name: str
    role: Role
    staff: int | None = None

    def can(self, action: Action) -> bool:
        """True when this person's role allows the gesture."""
        return self.role in MATRIX[action]

    def require(self, action: Action) -> None:
        """Raise `ApdashError` unless this person's role allows the gesture."""
        if not self.can(action):
            raise ApdashError("Geste réservé.", f"Il est réservé {_WORDS[MATRIX[action]]}.")


CONSOLE = Viewer(login="console", name="Ligne de commande", role=Role.DIRECTION)
