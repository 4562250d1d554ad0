"""What became of students, and open data: read, compared, written with their versions; nothing guessed."""

from datetime import datetime, timedelta

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.imports import (
    ImportFile,
    Kind,
    TableKind,
    commit,
    import_batches,
    mapping_proposal,
    preview,
    recognise,
)
from apdash.imports.ival import figures_of, read_ival
from apdash.imports.outcomes import read_after, read_result
from apdash.rights import CONSOLE, Role, Viewer
from apdash.services import Services
from apdash.store.queries.success import outcomes_known, outside_figures
from tests.imports.builders import NOW, bring, look, official_samples, sample

LATER = NOW + timedelta(days=30)


@pytest.fixture
def school(services: Services) -> Services:
    bring(services, *official_samples())
    return services


def figures(services: Services, *, at: datetime = LATER) -> dict[tuple[str, str, int], float]:
    rows = outside_figures(services.store, known_at=at)
    return {(code, place, year): round(value, 4) for code, year, place, value in
            rows.select("indicator", "year", "place", "value").iter_rows()}  # fmt: skip


@pytest.mark.parametrize("name", ["ival_codes.csv", "ival_libelles.csv"])
def test_open_data_is_known_by_its_titles_in_both_styles(school: Services, name: str) -> None:
    file = sample(name)
    assert recognise(file.name, file.data) == Kind.IVAL
    commit(school, CONSOLE, preview(school, CONSOLE, files=[file]), now=NOW)
    known = figures(school)
    assert known["ACCES", "school", 2023] == 0.6
    assert known["ACCES", "school", 2024] == 0.61
    assert known["REUSSITE", "school", 2024] == 0.8
    # (40 x 61 + 50 x 63 + 60 x 65 + 70 x 67 + 80 x 69) / 300
    assert known["ACCES", "academie", 2024] == round(19700 / 30000, 4)
    assert ("ACCES", "nation", 2024) in known


def test_no_mean_of_a_handful(school: Services) -> None:
    schools = read_ival(sample("ival_codes.csv"))
    found = figures_of(schools, uai="9990006Y", source="IVAL")
    assert set(found["place"]) == {"school", "nation"}
    few = schools.filter(pl.col("academie").str.contains("LITTORAL"))
    assert set(figures_of(few, uai="9990006Y", source="IVAL")["place"]) == {"school"}
    # One of the five schools does not tell its rate of 2023: four make no mean.
    around = figures_of(schools, uai="9990001X", source="IVAL").filter(place="academie", indicator="ACCES")
    assert around["year"].to_list() == [2024]


def test_the_source_says_what_is_a_mean(school: Services) -> None:
    found = figures_of(read_ival(sample("ival_codes.csv")), uai="9990001X", source="IVAL")
    said = dict(found.select("place", "source").unique().iter_rows())
    assert said["school"] == "IVAL"
    assert "pondérée par les présents" in said["academie"]


def test_a_later_file_corrects_figures_and_what_was_known_stays(school: Services) -> None:
    file = sample("ival_codes.csv")
    commit(school, CONSOLE, preview(school, CONSOLE, files=[file]), now=NOW)
    again = preview(school, CONSOLE, files=[file])
    assert (again.new.height, again.changed.height) == (0, 0)
    other = ImportFile(file.name, file.data.replace(b";61;-2;", b";71;-2;", 1))
    seen = preview(school, CONSOLE, files=[other])
    assert seen.changed["after"][0] == "71,0\u00a0%"
    commit(school, CONSOLE, seen, now=LATER)
    assert figures(school)["ACCES", "school", 2024] == 0.71
    assert figures(school, at=LATER - timedelta(minutes=1))["ACCES", "school", 2024] == 0.61


def test_a_file_without_the_school_is_refused(school: Services) -> None:
    file = sample("ival_codes.csv")
    without = ImportFile(
        file.name, b"".join(line for line in file.data.splitlines(True) if b"9990001X" not in line)
    )
    with pytest.raises(ApdashError, match="9990001X"):
        preview(school, CONSOLE, files=[without])


def test_open_data_goes_alone_after_the_official_files(school: Services) -> None:
    batches = import_batches([sample("ival_codes.csv"), *official_samples()])
    assert [file.name for file in batches[-1]] == ["ival_codes.csv"]
    with pytest.raises(ApdashError, match="à la fois"):
        preview(school, CONSOLE, files=[sample("ival_codes.csv"), sample("sortants.csv")])


def test_results_at_the_diploma_are_read_from_a_table(school: Services) -> None:
    file = sample("resultats_bac.csv")
    proposal = mapping_proposal(school, CONSOLE, file=file)
    assert proposal.mapping.kind == TableKind.OUTCOMES
    assert proposal.mapping.outcomes == {"session": "Session", "result": "Résultat"}
    seen = look(school, file)
    assert seen.new["after"].to_list() == ["reçu", "non reçu"]
    assert seen.new["field"].unique().to_list() == ["2024-2025"]
    assert sorted(seen.refused["why"]) == ["« à voir » n’est pas compris.", "Élève introuvable dans la base."]
    commit(school, CONSOLE, seen, now=NOW)
    known = outcomes_known(school.store, known_at=NOW).select("year", "passed").rows()
    assert sorted(known) == [(2024, False), (2024, True)]
    assert look(school, file).unchanged.height == 2


def test_what_leavers_do_is_read_from_a_table(school: Services) -> None:
    seen = look(school, sample("sortants.csv"))
    assert seen.mapping.kind == TableKind.OUTCOMES
    assert seen.new["after"].to_list() == ["études", "autre situation", "emploi"]
    commit(school, CONSOLE, seen, now=NOW)
    assert outcomes_known(school.store, known_at=NOW - timedelta(minutes=1)).is_empty()
    assert outcomes_known(school.store, known_at=NOW)["outcome"].to_list().count("employment") == 1


@pytest.mark.parametrize(
    ("text", "passed"),
    [("Admis", True), ("REÇUE mention B", True), ("Ajourné(e)", False), ("Non admis", False), ("?", None)],
)
def test_a_result_is_understood_or_left(text: str, passed: bool | None) -> None:
    assert read_result(text) is passed


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("Apprentissage BTS", "apprenticeship"), ("Poursuite d’études", "studies"), ("sans emploi", "other"),
     ("Inconnue", "unknown"), ("bleu", None)],
)  # fmt: skip
def test_a_situation_is_understood_or_left(text: str, outcome: str | None) -> None:
    assert read_after(text) == outcome


def test_teachers_import_none_of_it(school: Services) -> None:
    teacher = Viewer("prof", "Prof", Role.TEACHER)
    with pytest.raises(ApdashError, match="réservé"):
        preview(school, teacher, files=[sample("ival_codes.csv")])
