"""The command line: exit codes, files written, messages that name the field."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from optimizer import (
    Problem,
    Solution,
    SolutionError,
    Status,
    load_solution,
    save_solution,
    solve,
    wrong_claims,
)
from optimizer.__main__ import main
from optimizer.conflicts.statements import items
from tests.optimizer.factories import pupil, school, tiny

SMALL = tiny(students=[pupil("a", lec=80), pupil("b", lec=40)])
IMPOSSIBLE = SMALL | {
    "pins": [{"student": "a", "slot": "mar", "need": "lec"}],
    "bans": [{"student": "a", "need": "lec"}],
}


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """python -m optimizer with these arguments."""
    command = [sys.executable, "-m", "optimizer", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(SMALL), encoding="utf-8")
    return path


def test_solve_then_check(problem: Path, tmp_path: Path):
    out = tmp_path / "solution.json"
    options = ("--time-limit", "20", "--gap", "0", "--seed", "3", "--threads", "1")
    done = run("solve", problem, "-o", out, *options)
    assert done.returncode == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert list(found) == ["status", "score", "bound", "gap", "seconds", "groups", "unplaced", "terms"]
    assert (found["status"], found["score"], found["bound"], found["gap"]) == ("optimal", 120, 120, 0.0)
    assert found["groups"] == [
        {"slot": "mar", "need": "lec", "staff": "t1", "room": None, "students": ["a", "b"]}
    ]
    assert run("check", problem, out).returncode == 0


def test_check_lists_what_is_wrong(problem: Path, tmp_path: Path):
    out = tmp_path / "solution.json"
    lie = solve(Problem.from_json(SMALL)).to_json() | {
        "score": 999,
        "unplaced": [{"student": "a", "slot": "mar"}],
    }
    out.write_text(json.dumps(lie), encoding="utf-8")
    done = run("check", problem, out)
    assert done.returncode == 1
    assert "score recalculé" in done.stdout
    assert "unplaced" in done.stdout


def test_check_survives_unknown_identifiers(problem: Path, tmp_path: Path):
    out = tmp_path / "solution.json"
    lie = json.loads(json.dumps(solve(Problem.from_json(SMALL)).to_json()))
    lie["groups"][0]["students"].append("nobody")
    out.write_text(json.dumps(lie), encoding="utf-8")
    done = run("check", problem, out)
    assert (done.returncode, done.stderr) == (1, "")
    assert "groups[0].students[2]" in done.stdout


def test_an_impossible_problem_is_an_answer(tmp_path: Path):
    path, out = tmp_path / "problem.json", tmp_path / "solution.json"
    path.write_text(json.dumps(IMPOSSIBLE), encoding="utf-8")
    done = run("solve", path, "-o", out)
    assert done.returncode == 3
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["status"] == "infeasible"
    assert {statement["path"] for statement in found["conflict"]} == {"pins[0]", "bans[0]"}
    assert all(list(change) == ["path", "from", "to"] for change in found["loosening"])
    assert run("check", path, out).returncode == 0
    assert {item.path for item in items(Problem.from_json(IMPOSSIBLE))} >= {"pins[0]", "bans[0]"}


def test_frontier_writes_its_points(problem: Path, tmp_path: Path):
    out = tmp_path / "frontier.json"
    assert run("frontier", problem, "-o", out).returncode == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert [point["score"] for point in found["points"]] == [120]
    assert found["chosen"]["point"] == 0
    assert found["chosen"]["words"] == "C’est le seul point."


def test_a_repair_states_how_far_it_may_be_from_the_best(tmp_path: Path):
    problem, later, before, after = (
        tmp_path / name for name in ("problem.json", "later.json", "before.json", "after.json")
    )
    data = school(4, students=24, adults=4, pins=0)
    problem.write_text(json.dumps(data), encoding="utf-8")
    assert run("solve", problem, "-o", before, "--gap", "0").returncode == 0
    group = json.loads(before.read_text(encoding="utf-8"))["groups"][0]
    data["bans"] = [
        *data.get("bans", []),
        {"student": group["students"][0], "slot": group["slot"], "need": group["need"]},
    ]
    later.write_text(json.dumps(data), encoding="utf-8")
    best = solve(Problem.from_json(data), gap=0).score
    for known in ((), ("--earlier", problem)):
        assert run("repair", later, before, "-o", after, *known).returncode == 0
        found = json.loads(after.read_text(encoding="utf-8"))
        assert found["score"] <= best <= found["bound"]
        assert found["bound"] <= 1.2 * best


def test_repair_moves_who_was_moved_by_hand(tmp_path: Path):
    needs = [{"id": need, "min_size": 1, "max_size": 4} for need in ("lec", "mat")]
    staff = [{"id": f"t-{need}", "needs": [need], "slots": ["mar"]} for need in ("lec", "mat")]
    students = [pupil("a", lec=80, mat=60), pupil("b", lec=80, mat=40), pupil("c", lec=40, mat=80)]
    problem, proposal, repaired = (tmp_path / name for name in ("problem.json", "before.json", "after.json"))
    data = tiny(needs=needs, staff=staff, students=students)
    problem.write_text(json.dumps(data), encoding="utf-8")
    assert run("solve", problem, "-o", proposal).returncode == 0
    data["pins"] = [{"student": "a", "slot": "mar", "need": "mat"}]
    problem.write_text(json.dumps(data), encoding="utf-8")
    said = run("repair", problem, proposal, "-o", repaired)
    assert said.returncode == 0
    assert "a · mar\u00a0: lec avec t-lec → mat avec t-mat (-20 points, décidé à la main)" in said.stdout
    assert run("check", problem, repaired).returncode == 0
    written = json.loads(repaired.read_text(encoding="utf-8"))
    assert [change["student"] for change in written["changes"]] == ["a"]
    assert written["fewest_proven"]


@pytest.mark.parametrize("command", ["solve", "frontier"])
def test_a_wrong_file_is_refused_with_the_path_of_the_field(tmp_path: Path, command: str):
    path = tmp_path / "problem.json"
    wrong = SMALL | {"students": [pupil("a", lec=80), pupil("b", lec=400)]}
    path.write_text(json.dumps(wrong), encoding="utf-8")
    done = run(command, path, "-o", tmp_path / "out.json")
    assert done.returncode == 1
    assert "students[1].intensity.lec" in done.stderr
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"status": "optimal"}', '{"status": NaN}'])
def test_a_wrong_solution_is_refused(problem: Path, tmp_path: Path, content: str):
    out = tmp_path / "solution.json"
    out.write_text(content, encoding="utf-8")
    done = run("check", problem, out)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("dance",),
        ("solve",),
        ("solve", "p.json"),
        ("solve", "p.json", "-o", "s.json", "--gap", "-1"),
        ("solve", "p.json", "-o", "s.json", "--time-limit", "soon"),
        ("solve", "p.json", "-o", "s.json", "--threads", "0"),
        ("solve", "p.json", "-o", "s.json", "--seed", "1.5"),
        ("check", "p.json"),
        *(
            ("explain", "p.json", "s.json", "-o", "x.json", option, value)
            for option, value in (
                ("--time-limit", "nan"),
                ("--time-limit", "inf"),
                ("--time-limit", "-3"),
                ("--threads", "0"),
                ("--threads", "-2"),
                ("--seed", "-1"),
            )
        ),
    ],
)
def test_wrong_usage_has_its_own_code_and_is_told_in_french(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert told.startswith("emploi\u00a0: python -m optimizer")
    assert not any(word in told for word in ("error", "invalid", "required", "argument -", "e+0"))


@pytest.mark.parametrize("command", ["solve", "repair", "explain"])
def test_a_number_that_is_none_is_refused_with_its_path(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """NaN, Infinity and integers of thousands of digits once left the reader in search of the field."""
    path, other = tmp_path / "problem.json", tmp_path / "solution.json"
    save_solution(solve(Problem.from_json(SMALL)), other)
    for value in ("NaN", "-Infinity", "9" * 5000):
        path.write_text(
            json.dumps(SMALL).replace('"min_size": 1', f'"min_size": {value}', 1), encoding="utf-8"
        )
        given = (path,) if command == "solve" else (path, other)
        assert main([command, *map(str, given), "-o", str(tmp_path / "out.json")]) == 1
        assert "needs[0].min_size" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("labels", "field"),
    [
        ({"sexe": {"F": None}}, "sexe.F"),
        ({"sexe": {"F": "a"}}, "sexe.F"),
        ({"sexe": {"F": ["a", "nobody"]}}, "sexe.F[1]"),
        ({"sexe": {"F": ["a", "a"]}}, "sexe.F[1]"),
        ({"sexe": 3}, "sexe"),
        ([], "un objet attendu"),
    ],
)
def test_sets_to_compare_are_refused_unless_they_hold_students(
    labels: object, field: str, problem: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """`null` once ended in a traceback; a misspelt name was left out without a word."""
    path, found = tmp_path / "labels.json", tmp_path / "solution.json"
    path.write_text(json.dumps(labels), encoding="utf-8")
    save_solution(solve(Problem.from_json(SMALL)), found)
    out = str(tmp_path / "out.json")
    assert main(["explain", str(problem), str(found), "-o", out, "--labels", str(path)]) == 1
    assert field in capsys.readouterr().err


def test_a_solution_that_cannot_be_written_is_told(problem: Path, tmp_path: Path):
    done = run("solve", problem, "-o", tmp_path / "no" / "such" / "folder.json")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_help_tells_the_exit_codes():
    done = run("solve", "--help")
    assert done.returncode == 0
    assert "codes de sortie" in done.stdout


def test_a_solution_written_and_read_again_is_the_same(tmp_path: Path):
    for data in (SMALL, IMPOSSIBLE):
        found = solve(Problem.from_json(data))
        save_solution(found, tmp_path / "solution.json")
        assert load_solution(tmp_path / "solution.json") == found


@cache
def good() -> dict[str, object]:
    """The true solution of the small problem, as a file holds it."""
    return solve(Problem.from_json(SMALL)).to_json()


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"status": "perfect"}, "status"),
        ({"status": None}, "status"),
        ({"score": "12"}, "score"),
        ({"bound": None}, "bound"),
        ({"gap": float("nan")}, "gap"),
        ({"groups": {}}, "groups"),
        ({"groups": [{}]}, "groups[0].slot"),
        ({"unplaced": [{"student": 1, "slot": "mar"}]}, "unplaced[0].student"),
        ({"terms": None}, "terms"),
        ({"terms": {"served": 1}}, "terms.unplaced"),
        ({"colour": 1}, "colour"),
    ],
)
def test_a_malformed_solution_is_refused_with_the_path(change: dict[str, object], path: str):
    with pytest.raises(SolutionError) as refused:
        Solution.from_json(good() | change)
    assert refused.value.path == path


def test_a_false_status_is_seen_by_the_referee():
    problem = Problem.from_json(SMALL)
    found = solve(problem)
    assert found.status is Status.OPTIMAL
    lies = [
        {"bound": 130, "gap": 10 / 120},
        {"bound": 100, "gap": -20 / 120},
        {"gap": 0.5},
        {"terms": {**good()["terms"], "served": 121}},
        {"status": "infeasible"},
    ]
    for lie in lies:
        assert wrong_claims(problem, Solution.from_json(good() | lie)) != []
