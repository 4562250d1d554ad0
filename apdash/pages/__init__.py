"""The pages, in the order of the top bar."""

from apdash.pages.home import PAGE as HOME
from apdash.pages.page import Page

PAGES: tuple[Page, ...] = (HOME,)
