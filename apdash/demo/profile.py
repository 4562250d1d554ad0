"""What a student can do, hidden behind what adults see: correlated traits, then one value per competency."""

from dataclasses import dataclass, replace
from functools import cache
from random import Random

from apdash.demo.files import rows

TRAITS = ("langue", "nombre", "métier", "travail", "projet", "confiance")
# Part of each trait that comes from general ease at school, and from engagement.
_EASE = {"langue": 0.7, "nombre": 0.65, "métier": 0.4, "travail": 0.35, "projet": 0.2, "confiance": 0.3}
_ENGAGEMENT = {
    "langue": 0.1,
    "nombre": 0.1,
    "métier": 0.35,
    "travail": 0.65,
    "projet": 0.5,
    "confiance": 0.25,
}
_OWN = 0.35  # spread of what is peculiar to a student and a competency


@dataclass(frozen=True, slots=True)
class Profile:
    """A student's hidden mastery of each competency, around 0, and what goes with it."""

    mastery: dict[str, float]
    work: float
    project: float
    confidence: float
    presence: float  # chance of being there on a given day

    def disengaged(self) -> "Profile":
        """Return the profile of somebody who is about to leave."""
        lower = {code: value - 0.5 for code, value in self.mastery.items()}
        return replace(self, mastery=lower, work=self.work - 1.2, project=self.project - 0.8, presence=0.75)


def draw_profile(draw: Random, track: str) -> Profile:
    """Return somebody's profile; track: the filière, which attracts different strengths."""
    ease, engagement = draw.gauss(0, 1), draw.gauss(0, 1)
    traits = {name: _trait(draw, name, ease, engagement) for name in TRAITS}
    offsets = _offsets(track)
    mastery = {
        code: level
        + sum(weight * traits[name] for name, weight in rests_on)
        + offsets.get(code, 0)
        + draw.gauss(0, _OWN)
        for code, level, rests_on in _competencies()
    }
    absence = min(0.3, max(0.01, 0.05 - 0.035 * traits["travail"] + 0.02 * draw.gauss(0, 1)))
    return Profile(mastery, traits["travail"], traits["projet"], traits["confiance"], 1 - absence)


def _trait(draw: Random, name: str, ease: float, engagement: float) -> float:
    shared = _EASE[name] * ease + _ENGAGEMENT[name] * engagement
    own = (1 - _EASE[name] ** 2 - _ENGAGEMENT[name] ** 2) ** 0.5
    return shared + own * draw.gauss(0, 1)


@cache
def _competencies() -> tuple[tuple[str, float, tuple[tuple[str, float], ...]], ...]:
    """Return each competency with its usual level and the traits it rests on."""
    return tuple(
        (
            row["compétence"],
            float(row["niveau"]),
            tuple((name, float(row[name])) for name in TRAITS if float(row[name])),
        )
        for row in rows("traits")
    )


@cache
def _offsets(track: str) -> dict[str, float]:
    return {row["compétence"]: float(row["écart"]) for row in rows("filieres") if row["filière"] == track}
