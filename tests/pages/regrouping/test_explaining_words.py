"""What explains a proposal, in words: reasons, costs, gains, fairness, the weight of last time."""

from dataclasses import replace

import pytest

from apdash.components.still import markup
from apdash.pages.regrouping.barriers import CHANGE, WHY, gain_words, lever_words
from apdash.pages.regrouping.exact import Exact, cost_words, exact_list
from apdash.pages.regrouping.fairness import fairness_body, fairness_title, fairness_warning
from apdash.pages.regrouping.history import history_words
from apdash.pages.regrouping.names import Names, Person
from apdash.pages.regrouping.unserved import unserved_body, unserved_title
from apdash.rebalancing.fairness import Fare, Report
from optimizer.explanations.unserved import Barrier

SLOT = "mar-10"
NBSP = "\u00a0"
NAMES = Names(
    students={"1": Person(1, "Moreau", "Inès", "2TNE"), "2": Person(2, "Diop", "Awa", "2TNE")},
    staff={"9": "M. Bonnet"},
    slots={SLOT: "mardi 10 h 10"},
    rooms={},
    needs={"REM-LEC": ("Atelier lecture", "Lecture", "REM"), "ACC-ETU": ("Étude accompagnée", "Étude", "none")},
    divisions={},
)  # fmt: skip
MISSING = {
    "student": "1",
    "needs": ["REM-LEC"],
    "binding": {"slot": SLOT, "need": "REM-LEC", "barrier": "busy"},
}
GAIN = {"kind": "staff", "slot": SLOT, "needs": ["ACC-ETU", "REM-LEC"], "like": "9", "least": 120, "most": 120,
        "exact": True, "serves": ["1", "2"], "loses": 0}  # fmt: skip


def test_every_reason_the_optimiser_gives_has_words() -> None:
    assert set(WHY) == set(CHANGE) == {barrier.value for barrier in Barrier}


def test_who_is_not_served_is_told_with_the_reason_and_the_cheapest_change() -> None:
    told = {"unserved": [MISSING], "gains": [GAIN]}
    text = markup(unserved_body(told, NAMES, {("1", "REM-LEC"): 82}, link=lambda *_: "#", max_moves=None))
    text = text.replace("&lt;", "<").replace("&gt;", ">")
    assert f"Lecture, mardi 10 h 10{NBSP}: ceux qui peuvent l’animer animent un autre groupe." in text
    assert "Il suffirait d’" in text
    assert (
        f"une heure de plus en Lecture, mardi 10 h 10 (comme M. Bonnet), qui servirait 2{NBSP}élèves." in text
    )
    assert unserved_title(told) == f"1{NBSP}élève prioritaire sans réponse"


def test_when_nothing_more_would_help_no_hour_is_promised() -> None:
    told = {"unserved": [MISSING], "gains": [GAIN | {"least": 0, "most": 0, "serves": []}]}
    text = markup(unserved_body(told, NAMES, {}, link=lambda *_: "#", max_moves=12))
    assert f"n’y changerait rien, dans la limite de 12{NBSP}déplacements." in text
    assert "fixer sa place à la main" in text
    assert "Il suffirait" not in text


def test_a_gain_says_whom_it_serves_and_whether_it_is_proven() -> None:
    assert gain_words(GAIN) == f"2{NBSP}élèves prioritaires servis de plus, +{NBSP}120{NBSP}points"
    loose = GAIN | {"exact": False, "most": 300, "loses": 1}
    assert "1\u00a0autre ne le serait plus, au moins +" in gain_words(loose)
    assert lever_words(GAIN | {"kind": "room"}, NAMES) == "une salle de plus, mardi 10 h 10"
    assert lever_words(GAIN, NAMES).startswith("une heure de plus en Lecture,")
    needs = NAMES.needs | {"REM-MAT": ("", "Calcul", "REM"), "APP-CUL": ("", "Culture", "APP")}
    three = lever_words(GAIN | {"needs": ["REM-LEC", "REM-MAT", "APP-CUL"]}, replace(NAMES, needs=needs))
    assert three.startswith("une heure de plus en Lecture, Calcul ou Culture,")


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (81, 81, "−\u00a081\u00a0points"),
        (0, 0, "sans effet"),
        (3, 9, "de −\u00a09 à −\u00a03\u00a0points"),
        (3, None, "−\u00a03\u00a0points au moins"),
        (40, 900, "−\u00a040\u00a0points au moins"),
        (-5, 900, "non prouvé"),
        (None, None, "non prouvé"),
    ],
)
def test_a_cost_that_is_not_proven_is_an_interval(least: int | None, most: int | None, words: str) -> None:
    assert cost_words({"least": least, "most": most}) == words


def test_what_the_time_left_open_falls_back_on_what_is_known_at_sight() -> None:
    alone = {"score_change": -28, "lawful": True, "free": 2}
    other = {"slot": SLOT, "need": "REM-LEC", "staff": "9", "open": True, "barred": "", "broken": "",
             "displaced": None, "same_groups": None, "all_else_equal": alone,
             "cost": {"least": -35, "most": 89520, "exact": False, "impossible": False}}  # fmt: skip
    answer = {"others": [other], "best": 10, "score": 10}
    text = markup(exact_list(Exact(answer, 1, SLOT, "mardi", editable=False, asked=False), NAMES))
    assert f"−{NBSP}35{NBSP}points au moins" not in text
    assert "non prouvé" in text
    assert f"−{NBSP}28{NBSP}points, si personne d’autre ne bouge" in text
    assert "Le temps a manqué pour tout prouver" in text
    assert "89" not in text
    barred = other | {"all_else_equal": alone | {"lawful": False}, "broken": "complet"}
    shown = Exact(answer | {"others": [barred]}, 1, SLOT, "mardi", editable=False, asked=True)
    text = markup(exact_list(shown, NAMES))
    assert "complet, si personne d’autre ne bouge" in text
    assert "Vos choix à calculer n’y sont pas encore" in text


def report_of(*worst: Fare) -> Report:
    many = Fare("division", "2TNE", 24, 0.8, 0.7, 5, 9, worse=False, strong_before=5)
    few = Fare("sex", "Filles", 4, 0.5, 0.5, 1, 2, worse=False, strong_before=1)
    return Report((many, *worst, few), worst, 5, proven=True)


def least_served(*, share: float, strong: int, students: int = 9) -> Fare:
    """A tenth that had 95 % of its need served, and 4 of 5 strong needs, by changing as little as possible."""
    return Fare("tenth", "10", students, share, 0.95, strong, 5, worse=True, strong_before=4)


def test_the_worst_off_served_worse_is_said_and_small_sets_are_left_out() -> None:
    report = report_of(least_served(share=0.88, strong=3))
    assert "badge2 alert" in markup(fairness_title(report))
    text = markup(fairness_body(report, waiting=False)).replace("&lt;", "<").replace("&gt;", ">")
    told = f"10e dixième (9{NBSP}élèves){NBSP}: 88,0{NBSP}% du besoin servi au lieu de 95,0{NBSP}%, "
    assert f"{told}3{NBSP}élèves au besoin prioritaire servi au lieu de 4." in text
    assert "Filles" not in text
    assert "Les parts de moins de 10 élèves ne sont pas montrées" in text
    assert f"à partir de 5{NBSP}points de besoin servi pour 5{NBSP}élèves au moins" in text
    calm = replace(report, worst_off=report.fares[:1])
    assert fairness_title(calm) == "aucune division n’y perd"
    assert fairness_warning(calm) is None


@pytest.mark.parametrize(
    ("worst", "level"),
    [
        (least_served(share=0.942, strong=4), "watch"),  # 0.8 point
        (least_served(share=0.91, strong=3), "watch"),  # one student
        (least_served(share=0.7, strong=4, students=4), "watch"),  # few of them
        (least_served(share=0.9, strong=4), "alert"),
        (least_served(share=0.95, strong=2), "alert"),
    ],
)
def test_a_small_loss_of_the_worst_off_is_said_calmly_never_silently(worst: Fare, level: str) -> None:
    report = report_of(worst)
    warning = fairness_warning(report)
    assert warning is not None
    assert f"notice {level}" in markup(warning)
    assert f"badge2 {level}" in markup(fairness_title(report))
    assert ("un peu moins bien" in markup(warning)) is (level == "watch")


def test_what_last_time_changes_is_told_once_known() -> None:
    problem = {"students": [{"id": "1", "priority": 1.15}, {"id": "2"}]}
    past = {"moved": ["1", "2"], "points_gained": 30}
    words = history_words({"waited": ["1"]}, problem, past)
    assert (
        f"Sans cela, 2{NBSP}élèves seraient placés autrement{NBSP}; ceux qui attendaient y gagnent +" in words
    )
    assert history_words({"waited": []}, problem, None).startswith("Personne n’attendait")


def test_a_change_that_was_tried_in_vain_is_not_advised() -> None:
    shut = MISSING | {"binding": MISSING["binding"] | {"barrier": "needs_open"}}
    vain = GAIN | {"kind": "need_open", "serves": [], "least": 265, "most": 265}
    told = {"unserved": [shut], "gains": [vain]}
    text = markup(unserved_body(told, NAMES, {}, link=lambda *_: "#", max_moves=None))
    assert "sans servir un élève prioritaire de plus" in text
    assert "permettre un besoin ouvert de plus" not in text
    untried = markup(unserved_body(told | {"gains": []}, NAMES, {}, link=lambda *_: "#", max_moves=None))
    assert "permettre un besoin ouvert de plus" in untried
