"""What the student answered, for those who may read it; the words on the choice are computed, never kept."""

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import card
from apdash.components.marks import badge
from apdash.components.states import empty
from apdash.labels import listed, short_day
from apdash.pages.student.record import Record
from apdash.reference import Reference


def interview_card(reference: Reference, record: Record) -> Component | None:
    """Return the answers in the order of the questions; nothing at all without the right, and never on paper."""
    if not record.known_well:
        return None
    if record.interview.is_empty():
        words = "Ses réponses apparaîtront ici après l’entretien ou le questionnaire."
        return card(
            "Entretien", empty("Pas encore d’entretien", words, icon="chat"), class_name="mb-3 no-print"
        )
    last = record.interview["recorded_at"].max()
    told = spoken(reference, record.interview)
    lines = [
        html.Div([html.Dt(row["text"]), html.Dd(row["words"])], className="qa") for row in told.to_dicts()
    ]
    head = html.Div(badge(record.choice, icon="signpost-2"), className="mb-2") if record.choice else None
    return card(
        "Entretien",
        [head, html.Dl(lines, className="st-dl")],
        sub=f"le {short_day(last.date())}",
        class_name="mb-3 no-print",
    )


def spoken(reference: Reference, answers: pl.DataFrame) -> pl.DataFrame:
    """Return the answers in words: question, text, words. An answer the file no longer knows is shown by its code."""
    asked = reference.interview.unique("question", keep="first", maintain_order=True).select(
        "question", "text"
    )
    labels = reference.interview.select("question", "answer", "label")
    said = (
        answers.select(pl.col("question").cast(pl.Int64), "answers")
        .explode("answers", empty_as_null=True)
        .join(
            labels,
            left_on=["question", "answers"],
            right_on=["question", "answer"],
            how="left",
            maintain_order="left",
        )
        .with_columns(label=pl.coalesce("label", "answers"))
        .group_by("question", maintain_order=True)
        .agg("label")
    )
    words = [
        listed([word for word in labels if word]) or "préfère ne pas répondre" for labels in said["label"]
    ]
    return asked.join(
        said.select("question").with_columns(words=pl.Series(words, dtype=pl.String)), on="question"
    )
