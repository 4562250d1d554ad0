"""The ten questions, as the students of the fictional school answer them."""

from random import Random

from apdash.demo.calendar_plan import ReviewPlan
from apdash.demo.chance import stream
from apdash.demo.people import Person
from apdash.demo.school import Division

# Places a track gives to those who did not ask for it.
_CHOSEN = {"TNE": 0.1, "GATL": -0.75, "MRC": -0.1, "ASSP": 0.55}
_WISHES = {
    "REM-LEC": "LIR", "REM-ECR": "ECR", "REM-MAT": "CAL", "REM-LVE": "LVE", "REM-PRO": "PRO", "REM-MET": "ORG",
    "ORI-CHX": "PRJ", "ORI-ENT": "DEM", "DEV-CNF": "CSS", "DEV-ENG": "RSP",
}  # fmt: skip
_LATER = {"APP-SUP": ("1re", "Tle"), "ORI-INS": ("Tle",)}
_TALENTS = ("EXPLIQUER", "ORGANISER", "FABRIQUER", "ACCUEILLIR", "CREER", "NUMERIQUE", "SPORT", "AUTRE")


def answers(person: Person, division: Division, *, plan: ReviewPlan, seed: int) -> dict[int, list[str]]:
    """Return the answers to the ten questions, as codes of entretien.csv; an empty list: prefers not to say."""
    draw = stream(seed, "interview", person.number, plan.year, plan.code)
    profile = person.profile
    chosen = 0.7 * profile.project + _CHOSEN[division.track] + draw.gauss(0, 0.5)
    work = profile.work + draw.gauss(0, 0.5)
    project = profile.project + draw.gauss(0, 0.4) + {"2de": -0.2, "1re": 0.1, "Tle": 0.4}[division.grade]
    told = {
        1: [_pick(chosen, "SUBI", "PARMI", "PREMIER")],
        2: [_pick(chosen + draw.gauss(0.2, 0.5), "AILLEURS", "NSP", "ICI")],
        3: [_pick(0.5 * chosen + 0.4 * work + 0.2, "RAREMENT", "PARFOIS", "SOUVENT")],
        4: [_pick(project, "PAS-ENCORE", "PEU-PRES", "EXEMPLES")],
        5: [_after(draw, person, division)],
        6: [_pick(project - 0.3, "RIEN", "IDEE", "CLAIRE")],
        7: [_pick(0.5 * work + 0.5 * profile.confidence + 0.1, "LAISSE", "ATTENDS", "CHERCHE")],
        8: [_pick(work, "JAMAIS", "DERNIER-MOMENT", "REGULIER")],
        9: _wishes(draw, person, division),
        10: draw.sample(_TALENTS, k=draw.choices((1, 2, 3), weights=(45, 40, 15))[0]),
    }
    return {question: [] if draw.random() < 0.025 else told[question] for question in told}


def _pick(value: float, low: str, middle: str, high: str) -> str:
    return low if value < -0.8 else (middle if value < 0.35 else high)


def _after(draw: Random, person: Person, division: Division) -> str:
    """Return the way wanted after the diploma: studies more often for those at ease, work in service trades."""
    ease = sum(person.profile.mastery.values()) / len(person.profile.mastery)
    unsure = 3.5 if division.grade == "2de" else 1.5
    weights = (3 + 2 * max(0.0, ease), 2.5, 1.5 + (division.track == "TNE"), 0.6, unsure)
    return draw.choices(("ETUDES", "EMPLOI", "APPRENTISSAGE", "AUTRE", "NSP"), weights=weights)[0]


def _wishes(draw: Random, person: Person, division: Division) -> list[str]:
    """Return up to two workshops: mostly what is felt as hard, now and then what one likes."""
    open_later = [need for need, grades in _LATER.items() if division.grade in grades]
    felt = sorted(_WISHES, key=lambda need: person.profile.mastery[_WISHES[need]] + draw.gauss(0, 0.7))
    if division.grade != "2de" and "ORI-CHX" in felt:
        felt.remove("ORI-CHX")
    wished = felt[: draw.choices((0, 1, 2), weights=(12, 38, 50))[0]]
    likes = draw.choice(["APP-CUL", "APP-CUL", *open_later])
    if wished and draw.random() < 0.3:
        wished[-1] = likes
    return wished
