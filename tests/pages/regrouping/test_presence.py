"""Who comes to a group, meeting after meeting."""

from datetime import date

from plotly.io.json import to_json_plotly as to_json

from apdash.labels import NBSP
from apdash.pages.regrouping.presence import Run, attending, presence_note, run_words, runs, thin_card
from apdash.services import Services
from apdash.store.queries.sessions import coming_meetings
from tests.school_factory import P1, P2, School

DAYS = [date(2026, 11, day) for day in (3, 10, 17)]


def test_meetings_with_as_many_are_told_together() -> None:
    found = runs([(DAYS[0], 4), (DAYS[1], 4), (DAYS[2], 0)])
    assert found == [Run(DAYS[0], DAYS[1], 4), Run(DAYS[2], DAYS[2], 0)]
    assert run_words(found[0]) == f"4{NBSP}présents du 3{NBSP}nov. au 10{NBSP}nov."
    assert run_words(found[1]) == f"aucun présent le 17{NBSP}nov."


def test_a_note_counts_the_divisions_that_are_there() -> None:
    there = {"mar-10": [(DAYS[0], frozenset({"2TNE"})), (DAYS[1], frozenset({"2TNE", "2MRC"}))]}
    assert presence_note(there, "mar-10", {"2TNE": 3}) == ""
    assert "3\u00a0présents le 3\u00a0nov., 5\u00a0présents le 10" in presence_note(
        there, "mar-10", {"2TNE": 3, "2MRC": 2}
    )


def test_a_group_left_alone_for_a_while_is_told_before_the_search(
    services: Services, grouped: School
) -> None:
    band = {"band": grouped.band, "code": "2-A"}
    assert thin_card(services, band=band, first=P2[0], last=P2[1]) is None
    away = {"division": grouped.divisions["2TNE"], "label": "PFMP", "starts_on": P2[0]}
    grouped.add("placement", away | {"ends_on": date(2026, 12, 4)})
    shown = (
        str(to_json(thin_card(services, band=band, first=P2[0], last=P2[1])))
        .encode()
        .decode("unicode_escape")
    )
    assert "1\u00a0groupe passerait sous le minimum" in shown
    assert "aucun présent du 24\u00a0nov. au 1er\u00a0déc., pour 4 au moins" in shown
    there = attending(services, band=grouped.band, first=P2[0], last=P2[1])["mar-10"]
    assert [len(codes) for _, codes in there][:4] == [2, 2, 3, 3]
    expected = coming_meetings(services.store, band=grouped.band, first=P1[0], last=P1[1])["expected"]
    assert set(expected) == {8}
