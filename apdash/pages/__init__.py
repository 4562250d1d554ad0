"""The pages, in the order of the top bar."""

from apdash.pages.groups import PAGE as GROUPS
from apdash.pages.home import PAGE as HOME
from apdash.pages.importing import PAGE as IMPORTING
from apdash.pages.indicators import PAGE as INDICATORS
from apdash.pages.needs import PAGE as NEEDS
from apdash.pages.page import Page
from apdash.pages.regrouping import PAGE as REGROUPING
from apdash.pages.reviews import PAGE as REVIEWS
from apdash.pages.settings import PAGE as SETTINGS
from apdash.pages.student import STUDENT, STUDENTS

PAGES: tuple[Page, ...] = (
    HOME,
    REVIEWS,
    NEEDS,
    REGROUPING,
    GROUPS,
    STUDENTS,
    STUDENT,
    INDICATORS,
    IMPORTING,
    SETTINGS,
)
