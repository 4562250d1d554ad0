"""What a line of the home page says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: an icon, its urgency (accent, watch, alert), words, and where to do it."""

    icon: str
    kind: str
    title: str
    words: str
    due: str
    href: str
    action: str
