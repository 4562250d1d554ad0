"""What a proposal changes, on a band of five students, two slots and three needs."""

import polars as pl
import pytest

from apdash.pages.regrouping.changes import need_flows
from apdash.pages.regrouping.figures import moves_alluvial, needs_dumbbell
from apdash.pages.regrouping.names import Names, Person
from apdash.pages.regrouping.propose import gap_words
from apdash.pages.regrouping.reasons import facts, levels_of, move_reason
from apdash.rebalancing.plan import Plan, moves, need_changes, place_changes, plan_of
from apdash.rebalancing.quality import figures_after, figures_before

NBSP = "\u00a0"


def student(key: str, division: str, intensity: dict[str, int], *, thursday: int = 6) -> dict:
    sessions = {"mar-10": 6, "jeu-14": thursday}
    return {"id": key, "division": division, "priority": 1.0, "intensity": intensity, "sessions": sessions}


def row(key: str, slot: str, need: str, staff: str, periods: int = 1) -> dict:
    return {"student": key, "slot": slot, "need": need, "staff": staff, "need_periods": periods}


PROBLEM = {
    "slots": [{"id": "mar-10", "max_groups": None}, {"id": "jeu-14", "max_groups": None}],
    "needs": [
        {"id": "LEC", "min_size": 1, "max_size": 4, "max_per_student": 1, "max_periods": 3},
        {"id": "MAT", "min_size": 1, "max_size": 4, "max_per_student": 1, "max_periods": 3},
        {
            "id": "ETU",
            "min_size": 1,
            "max_size": 9,
            "max_per_student": 2,
            "max_periods": 9,
            "reception": True,
        },
    ],
    "staff": [{"id": "a"}, {"id": "b"}, {"id": "c"}],
    "rooms": [],
    "students": [
        student("1", "2TNE", {"LEC": 80, "MAT": 40, "ETU": 25}),
        student("2", "2TNE", {"LEC": 30, "MAT": 76, "ETU": 25}),
        student("3", "2MRC", {"LEC": 60, "MAT": 50, "ETU": 25}),
        student("4", "2MRC", {"LEC": 78, "MAT": 20, "ETU": 25}),
        student("5", "2MRC", {"ETU": 25}, thursday=0),
    ],
    "current": [
        row("1", "mar-10", "MAT", "b", periods=3),
        row("2", "mar-10", "LEC", "a"),
        row("3", "mar-10", "LEC", "a"),
        row("4", "mar-10", "LEC", "a"),
        row("5", "jeu-14", "ETU", "c"),
    ],
    "pins": [{"student": "5", "slot": "mar-10", "need": "ETU", "staff": None}],
    "bans": [],
    "pairs": [],
    "rules": {"urgent_from": 75, "max_periods": 3, "max_needs_open": 7, "max_division_share": 0.6},
}
SOLUTION = {
    "groups": [
        {"slot": "mar-10", "need": "LEC", "staff": "a", "room": None, "students": ["1", "3"]},
        {"slot": "mar-10", "need": "LEC", "staff": "c", "room": None, "students": ["4"]},
        {"slot": "mar-10", "need": "MAT", "staff": "b", "room": None, "students": ["2"]},
        {"slot": "mar-10", "need": "ETU", "staff": "d", "room": "CDI", "students": ["5"]},
        {"slot": "jeu-14", "need": "ETU", "staff": "c", "room": "CDI", "students": ["1", "2", "3"]},
    ],
    "unplaced": [{"student": "4", "slot": "jeu-14"}],
}


@pytest.fixture
def plan() -> Plan:
    return plan_of(PROBLEM, SOLUTION)


@pytest.fixture
def names() -> Names:
    people = {"1": "Abadie", "2": "Boulanger", "3": "Courtois", "4": "Delmas", "5": "Estève"}
    divisions = {entry["id"]: entry["division"] for entry in PROBLEM["students"]}
    return Names(
        students={key: Person(int(key), last, "Zoé", divisions[key]) for key, last in people.items()},
        staff={"a": "Mme A", "b": "M. B", "c": "Mme C", "d": "M. D"},
        slots={"mar-10": "mardi 10 h", "jeu-14": "jeudi 14 h"},
        rooms={"CDI": "CDI"},
        needs={
            "LEC": ("Atelier lecture", "Lecture", "REM"),
            "MAT": ("Atelier calcul", "Calcul", "REM"),
            "ETU": ("Étude accompagnée", "Étude", "none"),
        },
        divisions={"2MRC": "2MRC", "2TNE": "2TNE"},
    )


def test_each_place_says_what_it_becomes(plan: Plan) -> None:
    kinds = {
        (who, slot): kind
        for who, slot, kind in place_changes(plan).select("student", "slot", "kind").iter_rows()
    }
    assert kinds == {
        ("1", "mar-10"): "need",
        ("1", "jeu-14"): "arrival",
        ("2", "mar-10"): "need",
        ("2", "jeu-14"): "arrival",
        ("3", "mar-10"): "same",
        ("3", "jeu-14"): "arrival",
        ("4", "mar-10"): "staff",
        ("4", "jeu-14"): "none",
        ("5", "mar-10"): "arrival",
    }


def test_a_place_held_where_the_student_is_away_is_no_move(plan: Plan) -> None:
    found = moves(plan)
    assert (found.need, found.staff, found.places) == (2, 1, 4)
    assert found.total == 3
    assert found.share == 0.75


def test_urgent_students_are_served_by_any_urgent_need(plan: Plan) -> None:
    before, after = figures_before(plan), figures_after(plan)
    assert (before.served_urgent, before.urgent) == (1, 3)
    assert (after.served_urgent, after.urgent) == (3, 3)


def test_the_need_covered_is_a_share_of_the_best_two_places_of_each(plan: Plan) -> None:
    best = (80 + 40) + (76 + 30) + (60 + 50) + (78 + 25) + 25
    served = (80 + 25) + (76 + 25) + (60 + 25) + 78 + 25
    assert figures_after(plan).covered == pytest.approx(served / best)


def test_groups_needs_and_those_left_out_are_counted_without_reception(plan: Plan) -> None:
    after = figures_after(plan)
    assert (after.groups, after.needs, after.unplaced) == (5, 2, 1)
    assert figures_before(plan).worn == 1
    assert after.worn == 0


def test_need_by_need_only_strong_needs_count_as_served(plan: Plan) -> None:
    found = {r["need"]: r for r in need_changes(plan).iter_rows(named=True)}
    reading = found["LEC"]
    assert (reading["strong"], reading["served_before"], reading["served_after"]) == (2, 1, 2)
    assert (reading["places_before"], reading["places_after"]) == (3, 3)
    assert (found["MAT"]["served_before"], found["MAT"]["served_after"]) == (0, 1)


def test_an_empty_band_has_figures_of_nothing() -> None:
    nobody = plan_of(PROBLEM | {"students": [], "current": []}, {"groups": [], "unplaced": []})
    after = figures_after(nobody)
    assert (after.covered, after.urgent, after.unplaced, after.groups) == (0.0, 0, 0, 0)
    assert moves(nobody).share == 0.0
    assert place_changes(nobody).is_empty()


def test_a_move_says_why_in_facts(plan: Plan, names: Names) -> None:
    rows, levels = place_changes(plan), levels_of(plan)

    def words(who: str, slot: str) -> str:
        one = rows.filter((pl.col("student") == who) & (pl.col("slot") == slot)).row(0, named=True)
        return move_reason(one, plan=plan, names=names, levels=levels)

    assert words("1", "mar-10") == (
        f"Calcul suivi pendant 3{NBSP}périodes, la durée maximale{NBSP}; Lecture 80, prioritaire"
    )
    assert words("4", "mar-10") == "même atelier, autre adulte"
    assert words("5", "mar-10") == "place fixée à la demande"
    assert words("4", "jeu-14") == "aucune place ne convient dans les groupes ouverts"
    assert words("2", "jeu-14") == "aucun autre groupe ouvert ne répond mieux"


def test_the_facts_of_a_place_start_with_the_strength_of_the_need(plan: Plan, names: Names) -> None:
    found = facts("1", "mar-10", rows=place_changes(plan), plan=plan, names=names, levels=levels_of(plan))
    assert found[0] == "Lecture est son besoin le plus fort\u00a0: 80, donc prioritaire."
    assert "la durée maximale" in found[1]


def test_flows_follow_the_order_of_needs(plan: Plan, names: Names) -> None:
    flows = need_flows(plan, names)
    assert flows.rows()[:2] == [("Lecture", "Lecture", 2), ("Lecture", "Calcul", 1)]
    assert ("Sans groupe", "Étude", 4) in flows.rows()


@pytest.mark.parametrize(
    ("gap", "proven", "title"),
    [
        (0.0, True, "La meilleure possible"),
        (0.00097, False, f"Écart prouvé 0,1{NBSP}%"),
        (0.0002, False, f"Écart prouvé 0,02{NBSP}%"),
        (None, False, "Écart inconnu"),
    ],
)
def test_a_gap_is_said_in_words(gap: float | None, proven: bool, title: str) -> None:
    found, words = gap_words(gap, proven=proven)
    assert found == title
    assert "score" not in words


def test_the_dumbbell_draws_a_line_a_need_with_french_shares(plan: Plan, names: Names) -> None:
    rows = need_changes(plan).with_columns(label=pl.col("need"), axis=pl.lit("REM"))
    figure = needs_dumbbell(rows)
    assert [trace.mode for trace in figure.data] == ["lines", "lines", "markers", "markers+text"]
    assert figure.data[-1].text == (f"<b>+{NBSP}50</b>", f"<b>+{NBSP}100</b>")
    assert figure.layout.xaxis.ticktext[-1] == f"100{NBSP}%"


def test_figures_have_an_empty_form(plan: Plan) -> None:
    assert (
        len(needs_dumbbell(need_changes(plan).with_columns(label=pl.lit(""), axis=pl.lit("")).clear()).data)
        == 0
    )
    flows = pl.DataFrame(schema={"before": pl.String, "after": pl.String, "students": pl.Int64})
    assert len(moves_alluvial(flows, order=[]).data) == 0


def test_ribbons_that_stay_are_grey_and_those_that_move_take_the_accent(plan: Plan, names: Names) -> None:
    figure = moves_alluvial(need_flows(plan, names), order=["Lecture", "Calcul"])
    colours = {trace.name: trace.fillcolor for trace in figure.data}
    assert colours["Lecture → Lecture"] != colours["Lecture → Calcul"]
    assert sum("Étude" in note.text for note in figure.layout.annotations) >= 1


def test_on_a_phone_names_stand_above_their_lines(plan: Plan) -> None:
    rows = need_changes(plan).with_columns(label=pl.col("need"), axis=pl.lit("REM"))
    wide, narrow = needs_dumbbell(rows), needs_dumbbell(rows, narrow=True)
    assert narrow.layout.margin.l + narrow.layout.margin.r <= 50
    assert {note.yshift for note in narrow.layout.annotations} == {17}
    assert {note.yshift for note in wide.layout.annotations} == {0}
    assert len(narrow.data) == len(wide.data)


def test_the_number_of_a_move_is_written_from_four_on(plan: Plan) -> None:
    rows = [("Lecture", "Lecture", 9), ("Lecture", "Calcul", 4), ("Calcul", "Lecture", 3)]
    figure = moves_alluvial(
        pl.DataFrame(rows, schema=["before", "after", "students"], orient="row", infer_schema_length=None),
        order=["Lecture", "Calcul"],
    )
    assert [note.text for note in figure.layout.annotations if note.x == 0.5] == ["<b>4</b>"]
    assert figure.layout.margin.l < 10


def test_a_need_opened_by_the_proposal_stands_at_its_own_place() -> None:
    rows = [("Calcul", "Lecture", 3), ("Calcul", "Calcul", 9), ("Sans groupe", "Langues", 2)]
    flows = pl.DataFrame(rows, schema=["before", "after", "students"], orient="row")
    notes = moves_alluvial(flows, order=["Lecture", "Calcul", "Langues"]).layout.annotations
    right = sorted((note.y, note.text.split("\u00a0")[0]) for note in notes if note.x == 1)
    assert [name for _, name in right] == ["Lecture", "Calcul", "Langues"]
