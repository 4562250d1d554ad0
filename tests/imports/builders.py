"""Small official files, made one student at a time, so that a test shows only what it is about."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from apdash.imports import ImportFile, ImportOptions, Preview, commit, preview
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store import Store

SAMPLES = Path(__file__).parent / "samples"
NOW = datetime(2025, 9, 22, 8, 30)


@dataclass(frozen=True)
class Child:
    """A student of a SIECLE file; more: further tags; structures: (code, type), one inner tuple a list."""

    number: str = "1"
    last: str = "AUBRÉE"
    first: str = "Maëlle"
    born: str = "14/03/2010"
    ine: str = "990000001AA"
    mef: str = "24730001310"
    lists: tuple[tuple[tuple[str, str], ...], ...] = ((("2AGO1", "D"),),)
    more: str = ""
    name_tag: str = "NOM_DE_FAMILLE"
    entered: str = "01/09/2025"


def children(count: int, division: str = "2AGO1", *, start: int = 1) -> tuple[Child, ...]:
    """Different students of one division."""
    return tuple(
        Child(
            number=str(900_000 + rank), last=f"ÉLÈVE{chr(65 + rank % 26)}{'B' * (rank // 26)}", first=f"Prénom{rank}",
            ine=f"{rank:09d}AA", born=f"{1 + rank % 28:02d}/{1 + rank % 12:02d}/2010", lists=(((division, "D"),),),
        )
        for rank in range(start, start + count)
    )  # fmt: skip


@dataclass(frozen=True)
class Roster:
    """A SIECLE file of students."""

    people: tuple[Child, ...] = ()
    uai: str = "9990001X"
    year: int = 2025
    day: str = "22/09/2025"
    list_tag: str = "STRUCTURES_ELEVE"
    encoding: str = "ISO-8859-15"
    prolog: str | None = None
    extra: str = field(default="")

    def on(self, day: str, *people: Child) -> "Roster":
        """The same file, later, with these students."""
        return replace(self, day=day, people=people)

    def file(self, name: str = "eleves.xml") -> ImportFile:
        """Return the file, encoded."""
        text = "\n".join(self._lines())
        return ImportFile(name, text.encode(self.encoding))

    def _lines(self) -> list[str]:
        head = self.prolog if self.prolog is not None else f'<?xml version="1.0" encoding="{self.encoding}"?>'
        return [
            head, '<BEE_ELEVES VERSION="3.0"><PARAMETRES>', f"<UAJ>{self.uai}</UAJ>",
            f"<ANNEE_SCOLAIRE>{self.year}</ANNEE_SCOLAIRE><DATE_EXPORT>{self.day}</DATE_EXPORT>",
            "</PARAMETRES><DONNEES><ELEVES>", *(self._child(child) for child in self.people), "</ELEVES><STRUCTURES>",
            *(self._list(child, one) for child in self.people for one in child.lists),
            f"</STRUCTURES>{self.extra}</DONNEES></BEE_ELEVES>",
        ]  # fmt: skip

    def _child(self, child: Child) -> str:
        return (
            f'<ELEVE ELEVE_ID="{child.number}"><ID_NATIONAL>{child.ine}</ID_NATIONAL>'
            f"<{child.name_tag}>{child.last}</{child.name_tag}><PRENOM>{child.first}</PRENOM>"
            f"<DATE_NAISS>{child.born}</DATE_NAISS><DATE_ENTREE>{child.entered}</DATE_ENTREE>"
            f"<CODE_MEF>{child.mef}</CODE_MEF>"
            f"{child.more}</ELEVE>"
        )

    def _list(self, child: Child, structures: tuple[tuple[str, str], ...]) -> str:
        inner = "".join(
            f"<STRUCTURE><CODE_STRUCTURE>{code}</CODE_STRUCTURE><TYPE_STRUCTURE>{kind}</TYPE_STRUCTURE></STRUCTURE>"
            for code, kind in structures
        )
        return f'<{self.list_tag} ELEVE_ID="{child.number}">{inner}</{self.list_tag}>'


def sample(name: str) -> ImportFile:
    """Return one of the sample files."""
    return ImportFile(name, (SAMPLES / name).read_bytes())


def official_samples() -> list[ImportFile]:
    """Return the four official files of the sample school."""
    return [sample(name) for name in (
        "ElevesAvecAdresses.xml", "Structures.xml", "Nomenclature.xml", "sts_emp_9990001X_2025.xml")]  # fmt: skip


def csv(text: str, name: str = "tableau.csv") -> ImportFile:
    """Return a CSV, UTF-8."""
    return ImportFile(name, text.encode("utf-8"))


def look(services: Services, *files: ImportFile, **options: object) -> Preview:
    """Preview files as the console, with options by name."""
    return preview(services, CONSOLE, files=list(files), options=ImportOptions(**options))


def bring(
    services: Services, *files: ImportFile, now: datetime = NOW, confirm: bool = False, **options: object
) -> Preview:
    """Preview and commit files as the console; return the preview."""
    seen = look(services, *files, **options)
    commit(services, CONSOLE, seen, now=now, confirm_departures=confirm)
    return seen


def open_review(store: Store, *, year: int = 2025) -> int:
    """Open a bilan for the whole school and return its id."""
    with store.write() as tx:
        tx.run(
            "insert into period (id, year, code, label, starts_on, ends_on) "
            "values (1000, $year, 'P0', 'Accueil', $first, $last)",
            year=year, first=f"{year}-09-01", last=f"{year}-10-03",
        )  # fmt: skip
        tx.run(
            "insert into review (id, year, code, label, kind, period, opens_on, closes_on) "
            "values (1001, $year, 'B0', 'Bilan initial', 'initial', 1000, $first, $last)",
            year=year, first=f"{year}-09-15", last=f"{year}-10-01",
        )  # fmt: skip
    return 1001


def row_counts(store: Store) -> dict[str, int]:
    """Return how many rows each table holds."""
    tables = store.read("select table_name from duckdb_tables() order by table_name")["table_name"].to_list()
    return {table: store.read(f"select count(*) as n from {table}").item() for table in tables}


def whys(frame: pl.DataFrame, who: str) -> list[str]:
    """Return what a preview says of somebody."""
    return frame.filter(pl.col("who") == who)["why"].to_list()


def enrolments(store: Store, last_name: str) -> list[tuple]:
    """Return (division, starts_on, ends_on) of a student as text, in order."""
    return store.read(
        """
        select d.code, e.starts_on::varchar, e.ends_on::varchar from enrolment e
        join student s on s.id = e.student left join division d on d.id = e.division
        where s.last_name = $last_name order by e.starts_on, e.id
        """,
        last_name=last_name,
    ).rows()
