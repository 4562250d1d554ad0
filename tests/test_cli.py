"""The command line: what it does, what it refuses and with which exit code."""

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from apdash.cli import main
from apdash.demo import make_demo
from apdash.demo.people import populate
from apdash.demo.school import plan_school
from apdash.demo.siecle_files import nomenclature_file, structures_file, students_file
from apdash.demo.sts_file import staff_file
from apdash.labels import NBSP
from apdash.passwords import is_right
from apdash.services import Services, open_services
from apdash.settings import Settings
from apdash.store import open_store

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = (
    "demo",
    "serve",
    "import",
    "diagnose",
    "regroup",
    "indicators",
    "export",
    "hours",
    "backup",
    "restore",
    "user",
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demonstration, to read only."""
    path = tmp_path_factory.mktemp("cli") / "demo.duckdb"
    make_demo(path, students=60)
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """The four files of a school's beginning of year."""
    school, on = plan_school(60), date(2026, 9, 4)
    contents = {
        "eleves.xml": students_file(school, populate(school, seed=1), on=on),
        "structures.xml": structures_file(school, on=on),
        "nomenclature.xml": nomenclature_file(school, on=on),
        "sts.xml": staff_file(school, year=2026),
    }
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    return [str(tmp_path / name) for name in contents]


def look(path: Path, ask: Callable[[Services], object]) -> object:
    services = open_services(Settings(db=path))
    answer = ask(services)
    services.store.close()
    return answer


def count(path: Path, table: str) -> object:
    return look(path, lambda services: services.store.read(f"select count(*) from {table}").item())


def test_help_is_in_french_and_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"emploi{NBSP}: apdash")
    assert all(f"    {command} " in told.replace("\n", " ") for command in COMMANDS)


@pytest.mark.parametrize(
    "command", [[name] for name in COMMANDS if name != "user"] + [["user", "add"], ["user", "password"]]
)
def test_each_command_has_its_own_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--help"]) == 0
    assert "affiche cette aide" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ([], "il manque COMMANDE"),
        (["demo"], "il manque --db"),
        (["dance"], "n’est pas prévu"),
        (["demo", "--db", "x", "--students", "12"], "n’est pas un nombre entier de 48"),
        (["serve", "--port", "99999"], "n’est pas un nombre entier de 1 à 65535"),
        (["export", "poeme", "--db", "x", "--output", "y"], "n’est pas prévu"),
        (
            ["regroup", "--db", "x", "--band", "2-A", "--review", "P1", "--effective-from", "demain"],
            "n’est pas une date",
        ),
        (
            ["regroup", "--db", "x", "--band", "2-A", "--review", "P1", "--time-limit", "-3"],
            "nombre de secondes",
        ),
        (["user", "add", "--db", "x", "--login", "a", "--name", "A", "--role", "roi"], "n’est pas prévu"),
    ],
)
def test_a_command_that_is_not_understood_exits_with_2(
    argv: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    "argv",
    [
        ["diagnose", "--review", "P1"],
        ["regroup", "--band", "2-A", "--review", "P1"],
        ["export", "edt", "--output", "groupes.csv"],
        ["backup", "--output", "copie.duckdb"],
    ],
)
def test_a_file_that_does_not_exist_is_not_created(
    argv: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*argv, "--db", "absente.duckdb"]) == 1
    assert "Base introuvable." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_demonstration_does_not_replace_a_file_unless_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lycee.duckdb"
    path.write_text("autre chose")
    assert main(["demo", "--db", str(path), "--students", "60"]) == 1
    assert "existe déjà" in capsys.readouterr().err
    assert path.read_text() == "autre chose"


def test_importing_twice_changes_nothing_the_second_time(
    tmp_path: Path, files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    db = tmp_path / "lycee.duckdb"
    assert main(["import", *files, "--db", str(db)]) == 0
    students = count(db, "student")
    assert int(str(students)) >= 60
    told = capsys.readouterr().out
    assert f"(dont {students}{NBSP}élèves)" in told
    assert "Importé." in told
    assert main(["import", *files, "--db", str(db)]) == 0
    told = capsys.readouterr().out
    assert "inchangés" in told
    assert "Rien à écrire" in told
    assert "nouveaux" not in told
    assert count(db, "student") == students


def test_a_file_of_last_year_names_the_option_that_accepts_it(
    tmp_path: Path, files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    db = tmp_path / "lycee.duckdb"
    assert main(["import", *files, "--db", str(db)]) == 0
    store = open_store(db)
    with store.write() as tx:
        tx.run("insert into school_year values (2035, '2035-09-01', '2036-07-05')")
    store.close()
    assert main(["import", files[0], "--db", str(db)]) == 1
    assert "--other-year" in capsys.readouterr().err


def test_a_trial_says_what_would_change_and_leaves_no_file(
    tmp_path: Path, files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", *files, "--db", str(tmp_path / "lycee.duckdb"), "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "nouveaux" in told
    assert "rien n’a été écrit" in told
    assert not (tmp_path / "lycee.duckdb").exists()


def test_a_wrong_file_is_refused_and_nothing_is_written(
    tmp_path: Path, files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    db, wrong = tmp_path / "lycee.duckdb", tmp_path / "emp_sts.xml"
    wrong.write_text("<EDT_STS/>")
    assert main(["import", files[0], str(wrong), "--db", str(db)]) == 1
    told = capsys.readouterr().err
    assert "emp_sts.xml" in told
    assert "sts_emp" in told
    assert main(["import", *files, "--db", str(db)]) == 0


def test_refused_lines_are_named_and_nothing_is_written_unless_told(
    tmp_path: Path, files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    db, broken = tmp_path / "lycee.duckdb", Path(files[0])
    text = broken.read_text("iso-8859-15")
    first = text.index("<PRENOM>")
    broken.write_text(text[:first] + text[text.index("</PRENOM>") + 9 :], "iso-8859-15")
    assert main(["import", *files, "--db", str(db)]) == 1
    told = capsys.readouterr().err
    assert "refusé - eleves.xml, ligne " in told
    assert f"1{NBSP}ligne refusée" in told
    assert count(db, "student") == 0
    assert main(["import", *files, "--db", str(db), "--skip-refused"]) == 0
    assert int(str(count(db, "student"))) >= 59


def test_diagnose_prints_a_line_per_need(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", "--db", str(demo), "--review", "p1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["besoin", "élèves", "médiane", "forts", "à", "confirmer"]
    assert any(line.startswith("REM-LEC") for line in lines)
    assert not any("ACC-ETU" in line for line in lines)


def test_indicators_are_told_without_any_name(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["indicators", "--db", str(demo)]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"Au 18{NBSP}nov. 2026, année 2026-2027")
    assert "INCOMPLET         à traiter" in told
    assert "ACCES school 2025 : 62,0" in told
    assert "Sortants avec une solution 2025-2026" in told
    names = look(
        demo, lambda services: services.store.read("select last_name from student order by 1")["last_name"]
    )
    assert not [name for name in names if name in told]  # type: ignore[attr-defined]


def test_indicators_of_an_earlier_day_know_nothing_later(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["indicators", "--db", str(demo), "--on", "2025-11-18"]) == 0
    told = capsys.readouterr().out
    assert "Sortants avec une solution 2024-2025" in told
    assert "2025-2026 :" in told  # repeating, known since September
    assert "Sortants avec une solution 2025-2026" not in told
    assert "ACCES school" not in told


def test_an_unknown_bilan_is_refused(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", "--db", str(demo), "--review", "P9"]) == 1
    assert f"«{NBSP}P9{NBSP}»" in capsys.readouterr().err


def test_regroup_saves_a_draft_and_prints_its_groups(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = tmp_path / "lycee.duckdb"
    assert main(["backup", "--db", str(demo), "--output", str(db)]) == 0
    capsys.readouterr()
    assert main(["regroup", "--db", str(db), "--band", "2-A", "--review", "P1"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("Proposition ")
    assert "besoin couvert" in told[1]
    assert len(told) >= 3
    assert all(line.startswith("mar-10") for line in told[2:])
    drafts = look(db, lambda s: s.store.read("select state from proposal where state = 'draft'").height)
    assert drafts == 1
    assert main(["regroup", "--db", str(db), "--band", "2-A", "--review", "P1", "--no-history"]) == 0
    kept = look(db, lambda s: s.store.read("select parameters from proposal order by id desc limit 1").item())
    assert json.loads(kept)["history"] is False


def test_an_unknown_band_is_refused_with_those_there_are(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["regroup", "--db", str(demo), "--band", "9-Z", "--review", "P1"]) == 1
    assert "2-A" in capsys.readouterr().err


def test_hours_prints_a_line_per_division_or_what_is_asked(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hours", "--db", str(demo)]) == 0
    assert "2TNE" in capsys.readouterr().out
    assert main(["hours", "--db", str(demo), "--axis", "--known-at", "2026-10-20"]) == 0
    assert "Remédiation" in capsys.readouterr().out
    assert main(["hours", "--db", str(demo), "--axis", "--staff"]) == 2


def test_export_writes_one_file_and_replaces_none(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "listes" / "groupes.csv"
    assert main(["export", "edt", "--db", str(demo), "--output", str(output)]) == 0
    lines = output.read_bytes().decode("cp1252").splitlines()
    assert lines[0].startswith("INE;Nom;Prénom")
    assert len(lines) > 60
    assert main(["export", "edt", "--db", str(demo), "--output", str(output)]) == 1
    assert "existe déjà" in capsys.readouterr().err
    assert main(["export", "calendrier", "--db", str(demo), "--output", str(output), "--force"]) == 0
    assert output.read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_an_export_says_on_the_error_stream_whom_it_leaves_out(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = Path(shutil.copy(demo, tmp_path / "sans-ine.duckdb"))
    store = open_store(db)
    with store.write() as tx:
        tx.run("update student set ine = null")
    store.close()
    output = tmp_path / "aid.csv"
    assert main(["export", "gepi-aid", "--db", str(db), "--output", str(output)]) == 0
    told = capsys.readouterr().err
    assert "faute d’INE" in told
    assert "autres." in told
    assert output.read_text("utf-8-sig").splitlines() == ["login élève;Nom complet de l'activité"]


def test_a_backup_can_be_put_back(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy, db = tmp_path / "copie.duckdb", tmp_path / "lycee.duckdb"
    assert main(["backup", "--db", str(demo), "--output", str(copy)]) == 0
    assert main(["restore", str(copy), "--db", str(db)]) == 0
    assert count(db, "student") == count(demo, "student")
    assert main(["restore", str(copy), "--db", str(db)]) == 0
    assert "la base d’avant" in capsys.readouterr().out


def test_an_account_is_added_with_a_hashed_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    db = tmp_path / "lycee.duckdb"
    add = [
        "user",
        "add",
        "--db",
        str(db),
        "--login",
        "Proviseur",
        "--name",
        "Mme Test",
        "--role",
        "direction",
    ]
    monkeypatch.setenv("APDASH_PASSWORD", "court")
    assert main(add) == 1
    assert "trop court" in capsys.readouterr().err
    assert not db.exists()
    monkeypatch.setenv("APDASH_PASSWORD", "une phrase assez longue")
    assert main(add) == 0
    assert main(add) == 1
    assert "déjà pris" in capsys.readouterr().err
    sql = "select login, role, password_hash from user_account"
    ((login, role, hashed),) = look(db, lambda s: s.store.read(sql).rows())  # type: ignore[misc]
    assert (login, role) == ("proviseur", "direction")
    assert hashed.startswith("$argon2id$")


def test_an_account_can_be_that_of_an_adult_of_the_school(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    db = tmp_path / "lycee.duckdb"
    assert main(["backup", "--db", str(demo), "--output", str(db)]) == 0
    monkeypatch.setenv("APDASH_PASSWORD", "une phrase assez longue")
    add = ["user", "add", "--db", str(db), "--login", "doc", "--name", "Le CDI", "--role", "enseignant"]
    assert main([*add, "--staff", "Personne"]) == 1
    assert "introuvable" in capsys.readouterr().err
    assert main([*add, "--staff", "quévillart"]) == 0
    sql = "select s.discipline from user_account u join staff s on s.id = u.staff where u.login = 'doc'"
    assert look(db, lambda s: s.store.read(sql).item()) == "Documentation"


def test_a_password_is_changed_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    db = str(tmp_path / "lycee.duckdb")
    monkeypatch.setenv("APDASH_PASSWORD", "une phrase assez longue")
    assert main(["user", "add", "--db", db, "--login", "a", "--name", "A", "--role", "pilote"]) == 0
    monkeypatch.setenv("APDASH_PASSWORD", "une autre phrase assez longue")
    assert main(["user", "password", "--db", db, "--login", "personne"]) == 1
    assert "n’a pas de compte" in capsys.readouterr().err
    assert main(["user", "password", "--db", db, "--login", "A"]) == 0
    kept = look(Path(db), lambda s: s.store.read("select password_hash from user_account").item())
    assert is_right(str(kept), "une autre phrase assez longue")


def run(*argv: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "apdash", *argv]
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT
    )


def test_the_program_leaves_with_its_code_and_nothing_but_its_words(tmp_path: Path) -> None:
    db = str(tmp_path / "lycee.duckdb")
    add = ["user", "add", "--db", db, "--login", "a", "--name", "A", "--role", "pilot"]
    done = run(*add, stdin="une phrase assez longue\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"Compte ajouté{NBSP}: a\n", "")
    refused = run("backup", "--db", db, "--output", db)
    assert refused.returncode == 1
    assert refused.stderr.startswith("Ce fichier existe déjà.")
    assert run("demo").returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="no signal asks a process to stop there")
def test_a_server_told_to_stop_leaves_one_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "lycee.duckdb"
    look(path, lambda services: None)
    command = [sys.executable, "-m", "apdash", "serve", "--db", str(path), "--port", str(free_port())]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert server.stdout is not None
    assert "APdash est prêt" in server.stdout.readline()
    server.terminate()
    assert "Traceback" not in server.communicate(timeout=30)[1]
    assert server.returncode in (0, 130)  # 130: told so before it listened
    assert [file.name for file in tmp_path.iterdir()] == ["lycee.duckdb"]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
