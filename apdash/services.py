"""What a page, a command line or a test needs to work: the store, the reference data, the clock."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from apdash.drafts import Drafts
from apdash.held import Shelf
from apdash.jobs import Jobs
from apdash.reference import Reference, load_reference
from apdash.settings import Settings
from apdash.store import Store, open_store


@dataclass(frozen=True, slots=True)
class Services:
    """The parts shared by everything that runs on one school file."""

    settings: Settings
    store: Store
    reference: Reference
    jobs: Jobs = field(default_factory=Jobs)
    drafts: Drafts = field(default_factory=Drafts)
    inquiries: Shelf = field(default_factory=Shelf)

    def today(self) -> date:
        """Return the day it is for this school: the demonstration is opened on a day of its own."""
        row = self.store.read("select value from setting where key = 'today'")
        return date.fromisoformat(row.item()) if row.height else date.today()

    def now(self) -> datetime:
        """Return the present moment, on `today`."""
        return datetime.combine(self.today(), datetime.now().time())

    def is_demo(self) -> bool:
        """True for the fictional school, which may be entered by choosing a role."""
        return self.store.read("select value from setting where key = 'demo'").height > 0


def open_services(settings: Settings) -> Services:
    """Open the school file and read the reference data; raises `ApdashError` when either is unusable."""
    reference = load_reference(Path(settings.reference))
    return Services(settings=settings, store=open_store(settings.db), reference=reference)
