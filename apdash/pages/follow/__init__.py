"""Suivi: who tutors whom, and the stages; what is done with a student outside the groups."""

from apdash.pages.follow.gestures import GESTURES
from apdash.pages.follow.layout import PATH, layout
from apdash.pages.page import Page

PAGE = Page(path=PATH, label="Suivi", layout=layout, gestures=GESTURES)
