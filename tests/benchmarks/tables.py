"""The lines and summaries that the measures print."""

from collections.abc import Sequence
from statistics import median

from tests.benchmarks.beside import Measure


def print_line(name: str, line: dict[str, Measure]) -> None:
    """One instance: ours, then each reference with how many times longer it took."""
    ours = line["ours"]
    words = [f"{name:<34}", f"ours {_seconds(ours)} (usable {_number(ours.usable)} s, {_reach(ours)})"]
    for other, measure in line.items():
        if other != "ours":
            words.append(f"{other} {_seconds(measure)} = {_ratio(ours, measure)} ({_reach(measure)})")
    print(" | ".join(words), flush=True)


def print_summary(name: str, lines: Sequence[dict[str, Measure]]) -> None:
    """Worst and median of a size: the ratio's worst is the smallest, 0 where ours did not reach the gap."""
    ours = [line["ours"] for line in lines]
    print(f"{name}: worst and median of {len(lines)}")
    for words, values in (
        ("ours, s", [one.seconds for one in ours]),
        ("first usable, s", [one.usable for one in ours]),
        ("gap, %", [None if one.gap is None else 100 * one.gap for one in ours]),
        ("memory, MB", [one.megabytes for one in ours]),
    ):
        known = [value for value in values if value is not None]
        missing = f" ({len(values) - len(known)} unknown)" if len(known) < len(values) else ""
        if known:
            print(f"  {words:<24} {max(known):9.2f} {median(known):9.2f}{missing}")
    print(f"  {'gap reached':<24} {sum(one.reached for one in ours)} of {len(ours)}")
    for other in dict.fromkeys(key for line in lines for key in line if key != "ours"):
        _print_reference(other, [(line["ours"], line[other]) for line in lines if other in line])


def _print_reference(name: str, pairs: Sequence[tuple[Measure, Measure]]) -> None:
    known = [(one, other) for one, other in pairs if one.seconds and other.seconds is not None]
    if not known:
        return
    seconds = [other.seconds for _, other in known]
    # A reference that its limit ended would have taken longer; where ours did not reach the gap there is no ratio.
    ratios = [other.seconds / one.seconds if one.reached else 0.0 for one, other in known]
    done = sum(other.reached for _, other in pairs)
    at_least = "" if done == len(pairs) else " at least"
    print(f"  {name + ', s':<24} {max(seconds):9.2f} {median(seconds):9.2f} ({done} of {len(pairs)} done)")
    print(f"  {name + ' / ours':<24} {min(ratios):9.1f} {median(ratios):9.1f}{at_least}")


def _seconds(measure: Measure) -> str:
    return f"{'' if measure.reached else '>'}{_number(measure.seconds)} s"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _reach(measure: Measure) -> str:
    gap = "" if measure.gap is None else f"{100 * measure.gap:.3f} %"
    memory = "" if measure.megabytes is None else f"{measure.megabytes:.0f} MB"
    return ", ".join(word for word in (gap, measure.note, memory) if word)


def _ratio(ours: Measure, other: Measure) -> str:
    if not ours.seconds or not ours.reached or other.seconds is None:
        return "–"
    return f"{'' if other.reached else '>'}{other.seconds / ours.seconds:.1f}×"
