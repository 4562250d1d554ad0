"""Chance that repeats itself: one independent stream of draws for each thing drawn."""

from random import Random


def stream(seed: int, *about: object) -> Random:
    """Return a source of draws that depends on the seed and on what is drawn, and on nothing else.

    A stream of its own for each student or each bilan: drawing one thing more never changes the others.
    """
    return Random(":".join(str(part) for part in (seed, *about)))
