"""A list of absences makes the rolls of some days, once, and never over a roll called here."""

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.imports import ImportFile, ImportOptions, Preview, TableKind, commit, mapping_proposal, preview
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands.attendance import ENTRIES, hold_session, record_roll
from apdash.store.queries.rolls import roll_call
from apdash.store.queries.sessions import sessions
from tests.school_factory import P1, PILOT, School, adopted, make_school

FILE = Path(__file__).parent / "samples" / "absences_vie_scolaire.csv"
DAYS = ImportOptions(first=date(2026, 10, 5), last=date(2026, 10, 16))
NOW = datetime(2026, 10, 19, 8)


@pytest.fixture
def school(services: Services) -> School:
    """Two groups of four on Tuesdays; it is Monday 19 October, two sessions each have passed."""
    made = make_school(services.store)
    made.add_students("2TNE", 4)
    made.add_students("2MRC", 4)
    for name, need in (("lecture", "REM-LEC"), ("calcul", "REM-MAT")):
        made.add_staff(name, [need], ["mar-10"])
    made.know(made.students, {"REM-LEC": 60, "REM-MAT": 60})
    groups = [
        ("mar-10", "REM-LEC", "lecture", made.students[:4]),
        ("mar-10", "REM-MAT", "calcul", made.students[4:]),
    ]
    adopted(services, made, groups, on=P1[0], now=datetime(2026, 10, 1, 9))
    with services.store.write() as tx:
        tx.run("insert into setting values ('today', '2026-10-19')")
    return made


def looked(services: Services, data: bytes | None = None, options: ImportOptions = DAYS) -> Preview:
    file = ImportFile("absences.csv", data or FILE.read_bytes())
    return preview(services, CONSOLE, files=[file], options=options)


def table(*lines: str, titles: str = "Élève;Classe;Date;Début;Fin") -> bytes:
    return "\n".join([titles, *lines]).encode()


def session_of(services: Services, need: str, at: int = 0) -> int:
    found = sessions(services.store, PILOT, first=P1[0], last=P1[1])
    return found.filter(pl.col("need") == need)["session"][at]


def said(services: Services, session: int) -> list[tuple]:
    found = roll_call(services.store, PILOT, session=session)
    return found.select("last_name", "presence", "minutes_late").rows()


def test_columns_are_recognised_and_the_reason_is_never_read(services: Services, school: School) -> None:
    found = mapping_proposal(services, CONSOLE, file=ImportFile("absences.csv", FILE.read_bytes()))
    assert found.mapping.kind == TableKind.ABSENCES
    assert found.mapping.absences == {
        "kind": "Type", "day": "Date de début", "start": "Heure de début", "until": "Date de fin",
        "end": "Heure de fin", "excused": "Justifiée", "minutes": "Retard (min)",
    }  # fmt: skip
    assert found.never_read == ("Motif",)
    assert "Maladie" not in str(looked(services))


def test_everybody_was_there_but_those_of_the_list(services: Services, school: School) -> None:
    seen = looked(services)
    assert seen.plan.span == (DAYS.first, DAYS.last)
    assert seen.new.filter(subject="séance tenue").height == 4
    assert seen.new.filter(subject="présence")["after"].to_list() == [
        "absent", "excusé", "en retard, 12\u00a0min", "excusé"
    ]  # fmt: skip
    assert seen.refused.select("line", "why").rows() == [
        (8, "Élève introuvable dans la base."), (9, "Jour illisible ou absent.")
    ]  # fmt: skip
    assert seen.unchanged.select("line", "why").rows() == [
        (5, "Aucune séance d’AP de cet élève à cette heure.")
    ]
    assert "Parti avant la fin" in seen.warnings.filter(line=6)["why"].item()
    commit(services, CONSOLE, seen, now=NOW)
    assert said(services, session_of(services, "REM-LEC")) == [
        ("ABADIE", "absent", None), ("BOULANGER", "excused", None), ("COURTOIS", "late", 12),
        ("DELMAS", "present", None),
    ]  # fmt: skip
    assert said(services, session_of(services, "REM-LEC", 1))[0] == ("ABADIE", "excused", None)
    assert {row[1] for row in said(services, session_of(services, "REM-MAT"))} == {"present"}
    states = sessions(services.store, PILOT, first=P1[0], last=P1[1])["state"].to_list()
    assert states == ["held"] * 4 + ["planned"] * 6


def test_the_same_list_twice_writes_nothing_more(services: Services, school: School) -> None:
    commit(services, CONSOLE, looked(services), now=NOW)
    again = looked(services)
    assert (again.new.height, again.changed.height) == (0, 0)
    commit(services, CONSOLE, again, now=NOW)
    assert services.store.read("select count(*) as n from attendance").item() == 16


def test_a_corrected_list_changes_what_an_earlier_one_said(services: Services, school: School) -> None:
    commit(services, CONSOLE, looked(services), now=NOW)
    corrected = looked(services, table("ABADIE Zoé;2TNE;06/10/2026;10:00;11:00"))
    moved = corrected.changed.select("who", "before", "after").rows()
    assert moved == [
        ("BOULANGER Noé", "excusé", "présent"), ("COURTOIS Chloé", "en retard, 12\u00a0min", "présent"),
        ("ABADIE Zoé", "excusé", "présent"),
    ]  # fmt: skip
    commit(services, CONSOLE, corrected, now=NOW.replace(hour=9))
    assert said(services, session_of(services, "REM-LEC"))[1] == ("BOULANGER", "present", None)
    kept = services.store.read("select count(*) as n from attendance where replaced_at is not null").item()
    assert kept == 3


def test_a_roll_called_here_is_kept_and_the_difference_told(services: Services, school: School) -> None:
    session = session_of(services, "REM-LEC")
    rows = [(one, "present", None, f"k{one}", None) for one in school.students[:4]]
    reader = school.teacher("lecture")
    moment = datetime(2026, 10, 6, 10, 5)
    record_roll(
        services.store, reader, session=session, entries=pl.DataFrame(rows, ENTRIES, orient="row"), now=moment
    )
    hold_session(services.store, reader, session=session, now=moment)
    seen = looked(services)
    told = seen.warnings.filter(subject="présence")
    assert told.select("who", "before", "after").rows() == [
        ("ABADIE Zoé", "présent", "absent"), ("BOULANGER Noé", "présent", "excusé"),
        ("COURTOIS Chloé", "présent", "en retard, 12\u00a0min"),
    ]  # fmt: skip
    assert "gardé" in told["why"][0]
    commit(services, CONSOLE, seen, now=NOW)
    assert {row[1] for row in said(services, session)} == {"present"}


def test_a_roll_called_since_the_preview_stops_the_import(services: Services, school: School) -> None:
    seen = looked(services)
    hold_session(
        services.store, PILOT, session=session_of(services, "REM-LEC"), now=datetime(2026, 10, 6, 10, 5)
    )
    with pytest.raises(ApdashError, match="a changé"):
        commit(services, CONSOLE, seen, now=NOW)


def test_only_sessions_of_the_days_asked_for_that_are_over_are_touched(
    services: Services, school: School
) -> None:
    one_day = ImportOptions(first=date(2026, 10, 6), last=date(2026, 10, 6))
    seen = looked(services, options=one_day)
    assert seen.new.filter(subject="séance tenue").height == 2
    assert "Hors des jours choisis." in seen.unchanged["why"].to_list()
    with services.store.write() as tx:
        tx.run("update setting set value = '2026-10-05' where key = 'today'")
    assert looked(services).new.is_empty()
    with pytest.raises(ApdashError, match="Dates à revoir"):
        looked(services, options=ImportOptions(first=date(2026, 10, 9), last=date(2026, 10, 8)))


@pytest.mark.parametrize(
    ("line", "presence"),
    [
        ("ABADIE Zoé;2TNE;06/10/26;9h;10h20", ("late", 10)),
        ("ABADIE Zoé;2TNE;2026-10-06;9:00;10:40", ("absent", None)),
        ("ABADIE Zoé;2TNE;06/10/2026;;", ("absent", None)),
        ("ABADIE Zoé;2TNE;06/10/2026;11h20;12h", ("present", None)),
        ("Zoé ABADIE;;06/10/2026;10h;11h", ("absent", None)),
    ],
)  # fmt: skip
def test_hours_are_read_as_tools_write_them(
    services: Services, school: School, line: str, presence: tuple
) -> None:
    commit(services, CONSOLE, looked(services, table(line)), now=NOW)
    assert said(services, session_of(services, "REM-LEC"))[0][1:] == presence


def test_two_moments_in_two_columns_are_enough(services: Services, school: School) -> None:
    data = table("000000000AA;05/10/2026 08:00;06/10/2026 10:55", titles="INE;Début;Fin")
    commit(services, CONSOLE, looked(services, data), now=NOW)
    assert said(services, session_of(services, "REM-LEC"))[0][1] == "absent"


@pytest.mark.parametrize("line", ["ABADIE Zoé;2TNE;06/10/2026;midi;", "ABADIE Zoé;2TNE;06/10/2026;11h;10h"])
def test_hours_that_make_no_sense_are_refused(services: Services, school: School, line: str) -> None:
    assert looked(services, table(line)).refused.height == 1
