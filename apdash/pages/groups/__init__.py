"""Groupes: those in force on a day, the gestures that change them, the lists to print and to give back."""

from apdash.pages.groups.asked import PATH
from apdash.pages.groups.callbacks import register
from apdash.pages.groups.gestures import GESTURES
from apdash.pages.groups.layout import layout
from apdash.pages.page import Page

PAGE = Page(path=PATH, label="Groupes", layout=layout, register=register, gestures=GESTURES)
