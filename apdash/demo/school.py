"""The fictional school: divisions, adults, calendar and bands, at the size asked for."""

from dataclasses import dataclass, replace
from datetime import date

from apdash.demo.chance import stream
from apdash.demo.files import rows
from apdash.demo.names import full_name
from apdash.errors import ApdashError

UAI_NUMBER = "9990590"  # no département 999: nobody's number
NAME = "Lycée professionnel des Trois-Écluses"
TODAY = date(2026, 11, 18)
CURRENT = 2026
STUDENTS = 288
SMALLEST = 48
_NOT_REPEATED = ("DIR", "ORI")


@dataclass(frozen=True, slots=True)
class Division:
    """A division, the same from year to year; sizes: students at the end of each year, or today."""

    code: str
    label: str
    grade: str
    track: str
    family: str
    mef: str
    mef_label: str
    comes_from: str
    girls: float
    sizes: dict[int, int]
    mark: str = ""  # tells the copies of a larger school apart


@dataclass(frozen=True, slots=True)
class Adult:
    """Somebody who works in the school. profile: which line of attendus.csv they assess."""

    key: str
    number: int
    title: str
    last_name: str
    first_name: str
    job: str
    discipline: str
    discipline_code: str
    subjects: tuple[str, ...]
    divisions: tuple[str, ...]
    leads: str
    profile: str
    needs: tuple[str, ...]
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A weekly hour of a band, with the adults free then (key, cost) and the rooms."""

    band: str
    label: str
    divisions: tuple[str, ...]
    years: tuple[int, ...]
    code: str
    day: str
    at: str
    minutes: int
    adults: tuple[tuple[str, int], ...]
    rooms: tuple[str, ...]
    needs_open: int  # at most, in the whole band


@dataclass(frozen=True, slots=True)
class School:
    """Everything about the school but its students and its calendar."""

    uai: str
    divisions: tuple[Division, ...]
    adults: tuple[Adult, ...]
    slots: tuple[Slot, ...]
    rooms: tuple[tuple[str, int, str], ...]

    def staff_of(self, year: int) -> tuple[Adult, ...]:
        """Return the adults who work here that year."""
        return tuple(adult for adult in self.adults if year in adult.years)


def plan_school(students: int = STUDENTS) -> School:
    """Return the school with that many students today: smaller divisions, or more of them.

    Raises `ApdashError` when there would be fewer than four students in a division.
    """
    if students < SMALLEST:
        raise ApdashError("Trop peu d’élèves.", f"L’école de démonstration en compte au moins {SMALLEST}.")
    copies = max(1, round(students / STUDENTS))
    divisions = _sized([d for copy in range(copies) for d in _divisions(_mark(copy))], students)
    adults = [adult for copy in range(copies) for adult in _adults(copy)]
    slots = [slot for copy in range(copies) for slot in _slots(_mark(copy), divisions)]
    rooms = [
        (row["salle"] + _mark(copy), int(row["capacité"]), row["type"])
        for copy in range(copies)
        for row in rows("salles")
    ]
    numbered = [replace(adult, number=800001 + index) for index, adult in enumerate(adults)]
    return School(_uai(), tuple(divisions), tuple(numbered), tuple(slots), tuple(rooms))


def _mark(copy: int) -> str:
    """Return what tells the codes of a larger school apart: nothing for the first set, then 2, 3..."""
    return str(copy + 1) if copy else ""


def _uai() -> str:
    return UAI_NUMBER + "ABCDEFGHJKLMNPRSTUVWXYZ"[int(UAI_NUMBER) % 23]


def _divisions(mark: str) -> list[Division]:
    return [
        Division(
            code=row["code"] + mark,
            label=f"{row['libellé']} {mark}".strip(),
            grade=row["niveau"],
            track=row["filière"],
            family=row["famille"],
            mef=row["mef"],
            mef_label=row["libellé mef"],
            comes_from=row["vient de"] + mark if row["vient de"] else "",
            girls=float(row["part de filles"]),
            sizes={year: int(row[f"effectif {year}"]) for year in (2024, 2025, CURRENT)},
            mark=mark,
        )
        for row in rows("divisions")
    ]


def _sized(divisions: list[Division], students: int) -> list[Division]:
    """Return the divisions with sizes in the same proportions, adding up to that many students today."""
    total = sum(division.sizes[CURRENT] for division in divisions)
    exact = [division.sizes[CURRENT] * students / total for division in divisions]
    missing = students - sum(int(size) for size in exact)
    rounded_up = sorted(range(len(exact)), key=lambda i: (int(exact[i]) - exact[i], i))[:missing]
    sized = []
    for index, division in enumerate(divisions):
        sizes = {year: round(size * students / total) for year, size in division.sizes.items()}
        sizes[CURRENT] = int(exact[index]) + (index in rounded_up)
        sized.append(replace(division, sizes=sizes))
    return sized


def _adults(copy: int) -> list[Adult]:
    mark = _mark(copy)
    kept = [row for row in rows("personnels") if not copy or row["fonction"] not in _NOT_REPEATED]
    adults = [_adult(row, mark) for row in kept]
    return adults if not copy else [_renamed(adult) for adult in adults]


def _adult(row: dict[str, str], mark: str) -> Adult:
    return Adult(
        key=row["clef"] + (f"-{mark}" if mark else ""),
        number=0,
        title=row["civilité"],
        last_name=row["nom"],
        first_name=row["prénom"],
        job=row["fonction"],
        discipline=row["discipline"],
        discipline_code=row["code discipline"],
        subjects=tuple(row["matières"].split()),
        divisions=tuple(code + mark for code in row["divisions"].split()),
        leads=row["professeur principal"] + mark if row["professeur principal"] else "",
        profile=row["bilan"],
        needs=tuple(row["besoins"].split()),
        years=tuple(int(year) for year in row["années"].split()),
    )


def _renamed(adult: Adult) -> Adult:
    """Return the same post held by somebody else, in a larger school."""
    draw = stream(0, "adult", adult.key)
    last_name, first_name = full_name(draw, "M" if adult.title == "M." else "F")
    return replace(adult, last_name=last_name, first_name=first_name)


def _slots(mark: str, divisions: list[Division]) -> list[Slot]:
    sizes = {division.code: division.sizes[CURRENT] for division in divisions}
    return [_slot(row, mark, sizes) for row in rows("bandes")]


def _slot(row: dict[str, str], mark: str, sizes: dict[str, int]) -> Slot:
    codes = tuple(code + mark for code in row["divisions"].split())
    key_end = f"-{mark}" if mark else ""
    free = [line for line in rows("disponibilites") if line["créneau"] == row["créneau"]]
    rooms = [line for line in rows("salles") if row["créneau"] in line["créneaux"].split()]
    # A smaller school has fewer adults free at once; the list begins with those it cannot do without.
    wanted = max(2, -(-sum(sizes[code] for code in codes) // int(row["élèves par adulte"])))
    return Slot(
        band=row["bande"] + (f".{mark}" if mark else ""),
        label=f"{row['libellé']} {mark}".strip(),
        divisions=codes,
        years=tuple(int(year) for year in row["années"].split()),
        code=row["créneau"],
        day=row["jour"],
        at=row["heure"],
        minutes=int(row["minutes"]),
        adults=tuple((line["personnel"] + key_end, int(line["coût"])) for line in free[:wanted]),
        rooms=tuple(line["salle"] + mark for line in rooms),
        needs_open=int(row["besoins ouverts"]),
    )
