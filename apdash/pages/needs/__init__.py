"""Besoins: who needs what, how much, and who is served."""

from apdash.pages.needs.asked import PATH
from apdash.pages.needs.callbacks import register
from apdash.pages.needs.layout import layout
from apdash.pages.page import Page

PAGE = Page(path=PATH, label="Besoins", layout=layout, register=register)
