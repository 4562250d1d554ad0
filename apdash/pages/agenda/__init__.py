"""Séances: the week as an agenda, the gestures on one session, what becomes of an absent adult's meetings."""

from apdash.pages.agenda.asked import PATH
from apdash.pages.agenda.callbacks import register
from apdash.pages.agenda.layout import layout
from apdash.pages.page import Page

PAGE = Page(path=PATH, label="Séances", layout=layout, register=register)
