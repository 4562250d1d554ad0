"""Heures: planned, held, attended, against the envelope of the cycle."""

from apdash.pages.hours.asked import PATH
from apdash.pages.hours.callbacks import register
from apdash.pages.hours.layout import layout
from apdash.pages.page import Page

PAGE = Page(path=PATH, label="Heures", layout=layout, register=register)
