"""Bilans d’atelier: what became of each student's objective at the end of a group, and the lines of the bulletins."""

from apdash.pages.page import Page
from apdash.pages.workshops.callbacks import register
from apdash.pages.workshops.layout import layout

PAGE = Page(path="/ateliers", label=None, layout=layout, register=register, under="/bilans")
