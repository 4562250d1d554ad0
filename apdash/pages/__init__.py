"""The pages, in the order of the top bar."""

from apdash.pages.agenda import PAGE as SESSIONS
from apdash.pages.follow import PAGE as FOLLOW
from apdash.pages.groups import PAGE as GROUPS
from apdash.pages.home import PAGE as HOME
from apdash.pages.hours import PAGE as HOURS
from apdash.pages.importing import PAGE as IMPORTING
from apdash.pages.indicators import PAGE as INDICATORS
from apdash.pages.logbook import PAGE as LOGBOOK
from apdash.pages.needs import PAGE as NEEDS
from apdash.pages.page import Page
from apdash.pages.regrouping import PAGE as REGROUPING
from apdash.pages.reviews import PAGE as REVIEWS
from apdash.pages.roll import PAGE as ROLL
from apdash.pages.settings import PAGE as SETTINGS
from apdash.pages.student import STUDENT, STUDENTS
from apdash.pages.workshops import PAGE as WORKSHOPS

PAGES: tuple[Page, ...] = (
    HOME,
    REVIEWS,
    WORKSHOPS,
    NEEDS,
    REGROUPING,
    GROUPS,
    SESSIONS,
    HOURS,
    FOLLOW,
    STUDENTS,
    STUDENT,
    ROLL,
    LOGBOOK,
    INDICATORS,
    IMPORTING,
    SETTINGS,
)
