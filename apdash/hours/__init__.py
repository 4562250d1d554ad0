"""Hours, in minutes: planned, held, attended; against the envelope of the cycle; forecast to its end."""

from apdash.hours.ledger import LEDGER, ledger, staff_ledger, with_axis

__all__ = ["LEDGER", "ledger", "staff_ledger", "with_axis"]
