"""Appel: the roll of one session, on a phone first, whatever the network."""

from apdash.pages.page import Page
from apdash.pages.roll.layout import layout
from apdash.pages.roll.route import add_routes
from apdash.pages.roll.words import PATH

PAGE = Page(path=PATH, label=None, layout=layout, register=add_routes, under="/seances")
