"""Bilans: how far they are, the entry grid, the interviews, closing."""

from apdash.pages.page import Page
from apdash.pages.reviews.callbacks import register
from apdash.pages.reviews.layout import layout

PAGE = Page(path="/bilans", label="Bilans", layout=layout, register=register)
