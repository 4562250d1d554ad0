"""Élèves: the list of the students one may see, and the page of one of them."""

from apdash.pages.aims import register as register_aims
from apdash.pages.page import Page
from apdash.pages.student.filters import LIST, PATH
from apdash.pages.student.layout import layout
from apdash.pages.student.listing import layout as listing
from apdash.pages.student.listing import register
from apdash.pages.student.outcomes import GESTURES

STUDENTS = Page(path=LIST, label="Élèves", layout=listing, register=register)
STUDENT = Page(path=PATH, label=None, layout=layout, register=register_aims, under=LIST, gestures=GESTURES)
