"""Importer: files in, what they would change, then one transaction."""

from apdash.pages.importing.callbacks import register
from apdash.pages.importing.ids import PATH
from apdash.pages.importing.layout import layout
from apdash.pages.page import Action, Page

PAGE = Page(path=PATH, label="Importer", layout=layout, register=register, action=Action.IMPORT)
