"""Differences of means and how sure they are: Welch's interval at 95 %."""

import math
from dataclasses import dataclass

_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval at 95 %."""

    value: float
    low: float
    high: float

    @property
    def settled(self) -> bool:
        """True when zero lies outside of the interval."""
        return self.low > 0 or self.high < 0


def student_quantile(freedom: float) -> float:
    """Return the 97.5 % quantile of Student's law, by Cornish and Fisher's expansion; freedom: at least 1.

    Within 0.5 % of the exact value from 4 degrees on, 2 % at 3 (tested against tables); too small under that.
    """
    z = _Z
    return (
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    )


def mean_of(count: int, mean: float, variance: float) -> Estimate | None:
    """Return a mean with its interval; None under four values."""
    if count < 4:
        return None
    half = student_quantile(count - 1) * math.sqrt(variance / count)
    return Estimate(mean, mean - half, mean + half)


def weighted_gap(
    strata: list[tuple[float, tuple[int, float, float], tuple[int, float, float]]],
) -> Estimate | None:
    """Return the difference of means between two sides, averaged over strata, with its interval.

    strata: weight, then for each side how many values, their mean and variance; strata with fewer than two values on a
    side are left out by the caller. The variances of the means add up, each by the square of its weight; degrees of
    freedom after Welch and Satterthwaite. None when there is nothing to compare.
    """
    total = sum(weight for weight, _, _ in strata)
    if not strata or total <= 0:
        return None
    gap, variance, spread = 0.0, 0.0, 0.0
    for weight, one, other in strata:
        share = weight / total
        gap += share * (one[1] - other[1])
        for count, _, own in (one, other):
            part = share**2 * own / count
            variance += part
            spread += part**2 / (count - 1)
    if variance == 0:
        return Estimate(gap, gap, gap)
    half = student_quantile(max(1.0, variance**2 / spread)) * math.sqrt(variance)
    return Estimate(gap, gap - half, gap + half)
