"""Cahier d'AP: what a group did, session after session; the same for one student, without any other name."""

from apdash.pages.logbook.layout import layout
from apdash.pages.page import Page

PAGE = Page(path="/cahier", label=None, layout=layout, under="/seances")
