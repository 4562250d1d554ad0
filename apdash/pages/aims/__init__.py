"""Programmes and objectives: the card of a student's page, the questions of the home page, and their gestures."""

from apdash.pages.aims.card import aims_card
from apdash.pages.aims.questions import questions_card
from apdash.pages.aims.register import register

__all__ = ["aims_card", "questions_card", "register"]
