"""Accueil: what waits for me."""

from apdash.pages.home.layout import layout
from apdash.pages.page import Page

PAGE = Page(path="/", label="Accueil", layout=layout)
