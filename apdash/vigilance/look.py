"""What every rule looks at: the school on a day, as known at a moment, read once."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import polars as pl

from apdash.hours.picture import Hours, read_hours
from apdash.reference import Reference
from apdash.rights import CONSOLE
from apdash.store import Store
from apdash.store.queries import vigilance as facts
from apdash.store.queries.calendar import periods
from apdash.store.queries.groups import ALWAYS, groups_in_force, members


@dataclass
class Look:
    """The frames the rules share. on: the day; known_at: what was recorded by then."""

    store: Store
    reference: Reference
    year: int
    on: date
    known_at: datetime = ALWAYS

    @cached_property
    def begins(self) -> date:
        """The first day of the school year."""
        return self.store.read("select starts_on from school_year where year = $year", year=self.year).item()

    @cached_property
    def groups(self) -> pl.DataFrame:
        """Groups open that day, neither suspended nor merged, with the columns of their need (axis, min_size, …)."""
        found = groups_in_force(self.store, CONSOLE, on=self.on, known_at=self.known_at)
        open_now = found.filter(~pl.col("suspended") & pl.col("merged_into").is_null())
        needs = self.reference.needs.select(
            "code", "axis", "min_size", "max_size", "max_periods", "max_division_share", "reception"
        )
        return open_now.join(needs.rename({"code": "need"}), on="need", how="left", maintain_order="left")

    @cached_property
    def seated(self) -> pl.DataFrame:
        """Who is in which group that day."""
        return members(self.store, CONSOLE, on=self.on, known_at=self.known_at)

    @cached_property
    def people(self) -> pl.DataFrame:
        """Who is in the school that day: student, name, division, division_code, grade, sex."""
        return facts.people(self.store, on=self.on, known_at=self.known_at)

    @cached_property
    def sessions(self) -> pl.DataFrame:
        """The sessions of the year up to that day: session, ap_group, on_day, state, expected, present."""
        return facts.held_sessions(self.store, first=self.begins, last=self.on, known_at=self.known_at)

    @cached_property
    def met(self) -> pl.DataFrame:
        """The sessions that took place as far as anybody said: held, or past and not said lost."""
        past = (pl.col("on_day") < self.on) & (pl.col("state") == "planned")
        return self.sessions.filter((pl.col("state") == "held") | past)

    @cached_property
    def presences(self) -> pl.DataFrame:
        """What the rolls of the year say: student, ap_group, on_day, came."""
        return facts.presences(self.store, first=self.begins, last=self.on, known_at=self.known_at)

    @cached_property
    def bilan(self) -> dict | None:
        """The bilan open that day, else the last before it: review, label, closes_on."""
        return facts.last_bilan(self.store, year=self.year, on=self.on)

    @cached_property
    def workshop_results(self) -> int:
        """How many students have a result at a workshop bilan of the year."""
        return facts.workshop_results(self.store, year=self.year, known_at=self.known_at)

    @cached_property
    def intensities(self) -> pl.DataFrame:
        """Intensities at the closed bilans of the year: student, division, need, value, review, closes_on,
        effective_on, age."""
        return facts.intensities_at_close(self.store, year=self.year, on=self.on, known_at=self.known_at)

    @cached_property
    def worked(self) -> pl.DataFrame:
        """Needs worked on in groups since the year began: student, need, ap_group, starts_on, ends_on."""
        span = {"first": self.begins, "last": self.on, "known_at": self.known_at}
        return facts.needs_of_groups(self.store, year=self.year, **span)

    @cached_property
    def served(self) -> pl.DataFrame:
        """Needs worked on: in groups, and those that only a tutor serves once they have met: student, need, starts_on,
        ends_on."""
        columns = ("student", "need", "starts_on", "ends_on")
        by_tutors = self.reference.needs.filter(~pl.col("in_band") & ~pl.col("reception")).select(need="code")
        followed = facts.tutored(self.store, first=self.begins, last=self.on, known_at=self.known_at)
        return pl.concat([self.worked.select(columns), followed.join(by_tutors, how="cross").select(columns)])

    @cached_property
    def periods(self) -> pl.DataFrame:
        """The periods with groups begun by that day, in order: id, code, label, starts_on, ends_on."""
        begun = periods(self.store, year=self.year).filter(pl.col("starts_on") <= self.on)
        first = self.worked["starts_on"].min()
        return begun.filter(pl.col("ends_on") >= first) if first is not None else begun.clear()

    @cached_property
    def hours(self) -> Hours | None:
        """The hours of everybody as of that day; None without a school year."""
        known_at = None if self.known_at == ALWAYS else self.known_at
        return read_hours(self, CONSOLE, day=self.on, known_at=known_at)

    def threshold(self, code: str, rank: int = 1) -> float:
        """Return a number of vigilance.csv that a rule compares with: the first, second or third."""
        return float(
            self.reference.vigilance.filter(code=code)["value" if rank == 1 else f"value_{rank}"].item()
        )
