"""Regroupement: from a closed bilan to groups in force."""

from apdash.pages.page import Action, Page
from apdash.pages.regrouping.address import PATH
from apdash.pages.regrouping.callbacks import register
from apdash.pages.regrouping.layout import layout

PAGE = Page(path=PATH, label="Regroupement", layout=layout, register=register, action=Action.REGROUP)
