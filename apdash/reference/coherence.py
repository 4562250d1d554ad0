"""What the reference files promise each other: codes that exist, weights that sum to 100, complete scales."""

import re

import polars as pl

from apdash.reference.reading import Problem, refuse
from apdash.reference.tables import TABLES, Column, Kind, Table

Frames = dict[str, pl.DataFrame]


def check_coherence(frames: Frames) -> None:
    """Raise `ApdashError` for the first file that contradicts another one or itself."""
    for table in TABLES:
        refuse(table.file, _unknown_codes(frames, table))
    refuse("niveaux.csv", _patterns(frames["grades"]))
    refuse("besoins.csv", _needs(frames) + _openings(frames))
    refuse("poids.csv", _weights(frames))
    refuse("points.csv", _points(frames["points"]))
    refuse("entretien.csv", _interview(frames))
    refuse("profils.csv", _profiles(frames["profiles"]))
    refuse("vigilance.csv", _thresholds(frames["vigilance"]))
    refuse(
        "echelles.csv",
        _rows(
            frames["scales"],
            pl.col("low") > pl.col("high"),
            "seuil min",
            "le seuil min dépasse le seuil max.",
        ),
    )


def _rows(frame: pl.DataFrame, wrong: pl.Expr, column: str, words: str) -> list[Problem]:
    return [Problem(line, column, words) for line in frame.filter(wrong)["line"]]


def _unknown_codes(frames: Frames, table: Table) -> list[Problem]:
    frame = frames[table.name]
    return [
        Problem(line, column.title, f"« {value} » n’existe pas dans {_table(column).file}.")
        for column in table.columns
        if column.refers
        for line, value in _cells(frame, column)
        .join(_known(frames, column), on="value", how="anti")
        .iter_rows()
    ]


def _table(column: Column) -> Table:
    return next(table for table in TABLES if table.name == column.refers)


def _known(frames: Frames, column: Column) -> pl.DataFrame:
    table = _table(column)
    return frames[table.name].select(value=table.key[0])


def _cells(frame: pl.DataFrame, column: Column) -> pl.DataFrame:
    cells = frame.select("line", value=column.name)
    if column.kind == Kind.CODES:
        cells = cells.explode("value", empty_as_null=True)
    return cells.drop_nulls("value")


def _patterns(grades: pl.DataFrame) -> list[Problem]:
    problems = []
    for line, pattern in grades.drop_nulls("mef_pattern").select("line", "mef_pattern").iter_rows():
        try:
            re.compile(pattern)
        except re.error:
            words = f"« {pattern} » n’est pas un motif : chiffres et points attendus."
            problems.append(Problem(line, "motif MEF", words))
    return problems


def _needs(frames: Frames) -> list[Problem]:
    needs = frames["needs"]
    problems = _rows(needs, pl.col("min_size") > pl.col("max_size"), "min", "le minimum dépasse le maximum.")
    problems += _rows(needs, pl.col("axis").is_null() & ~pl.col("reception"), "axe", "un axe est attendu.")
    if needs["reception"].sum() != 1:
        problems.append(Problem(1, "accueil", "un besoin d’accueil, un seul, est attendu."))
    return problems


def _openings(frames: Frames) -> list[Problem]:
    """A need may open on some answers to a question: both are given, and the answers exist."""
    needs = frames["needs"]
    alone = pl.col("opens_question").is_null() != (pl.col("opens_answers").list.len() == 0)
    problems = _rows(needs, alone, "réponses requises", "une question et des réponses vont ensemble.")
    answers = (
        needs.drop_nulls("opens_question")
        .select("line", question="opens_question", answer="opens_answers")
        .explode("answer", empty_as_null=True)
    )
    unknown = answers.join(frames["interview"], on=["question", "answer"], how="anti")
    return problems + [
        Problem(line, "réponses requises", f"« {answer} » n’est pas une réponse à la question {question}.")
        for line, question, answer in unknown.iter_rows()
    ]


def _weights(frames: Frames) -> list[Problem]:
    weights = frames["weights"]
    sums = weights.group_by("need", maintain_order=True).agg(pl.col("line").first(), pl.col("weight").sum())
    problems = [
        Problem(line, "poids", f"les poids de {need} font {total:g}, 100 est attendu.")
        for need, line, total in sums.filter((pl.col("weight") - 100).abs() > 1e-6).iter_rows()
    ]
    reception = frames["needs"].filter("reception")["code"].to_list()
    useless = weights.filter(pl.col("need").is_in(reception))
    problems += _rows(useless, pl.lit(True), "besoin", "le besoin d’accueil n’a pas de poids.")
    bare = frames["needs"].filter(~pl.col("reception") & ~pl.col("code").is_in(weights["need"].to_list()))
    return problems + [Problem(1, "besoin", f"{code} n’a aucun poids.") for code in bare["code"]]


def _points(points: pl.DataFrame) -> list[Problem]:
    counts = dict(points.group_by("sense").len().iter_rows())
    return [
        Problem(1, "sens", f"les quatre niveaux du sens {sense} sont attendus.")
        for sense in ("D", "M", "E")
        if counts.get(sense) != 4
    ]


def _interview(frames: Frames) -> list[Problem]:
    rows = frames["interview"]
    several = pl.struct("text", "max_answers").n_unique().over("question") > 1
    problems = _rows(rows, several, "texte", "une question garde le même texte et le même nombre de choix.")
    wishes = rows.filter(pl.col("serves").list.contains("voeux"))
    strange = wishes.join(frames["needs"], left_on="answer", right_on="code", how="anti")
    problems += [
        Problem(line, "réponse", f"« {answer} » n’existe pas dans besoins.csv.")
        for line, answer in strange.select("line", "answer").iter_rows()
    ]
    scored = rows.filter(
        pl.col("serves").list.set_intersection(["choix", "engagement", "projet"]).list.len() > 0
    )
    return problems + _rows(scored, pl.col("points").is_null(), "points", "un nombre de points est attendu.")


def _profiles(profiles: pl.DataFrame) -> list[Problem]:
    kinds = profiles.select("high_difficulty", "high_engagement").n_unique()
    if profiles.height == 4 and kinds == 4:
        return []
    return [
        Problem(
            1, "code", "quatre profils sont attendus, un par croisement de la difficulté et de l’engagement."
        )
    ]


def _thresholds(vigilance: pl.DataFrame) -> list[Problem]:
    """What is compared with is what the page says: each value stands in the words of its threshold."""
    return [
        Problem(line, "seuil", f"la valeur {value:g} n’y est pas écrite\u00a0: les deux vont ensemble.")
        for line, words, *values in vigilance.select(
            "line", "threshold", "value", "value_2", "value_3"
        ).iter_rows()
        for value in values
        if value is not None and f"{value:g}" not in re.findall(r"\d+", words)
    ]
