"""Indicateurs: points of vigilance, what the groups bring, the four indicators of success, the scheme's evaluation."""

from apdash.pages.indicators.asked import PATH
from apdash.pages.indicators.files import register
from apdash.pages.indicators.layout import layout
from apdash.pages.page import Action, Page

PAGE = Page(path=PATH, label="Indicateurs", layout=layout, register=register, action=Action.SEE_INDICATORS)
