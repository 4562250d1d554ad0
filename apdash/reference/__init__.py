"""Reference data: the files a school may edit, read and checked."""

from apdash.reference.reference import Reference, load_reference
from apdash.reference.rules import Rules

__all__ = ["Reference", "Rules", "load_reference"]
