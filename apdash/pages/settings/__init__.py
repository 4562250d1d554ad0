"""Réglages: the school's year, its bands, who is free when, and its bilans."""

from apdash.pages.page import Action, Page
from apdash.pages.settings.callbacks import register
from apdash.pages.settings.layout import layout

PAGE = Page(path="/reglages", label="Réglages", layout=layout, register=register, action=Action.SET_UP)
