"""A straight line through what was billed against what a rule says: its rate and its constant.

Ordinary least squares for ``billed = fixed + rate * expected``. The interval of the rate is taken
from the residuals by Student's t, but never narrower than the noise that is known beforehand, since
six figures that happen to lie on a line do not prove that none is rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

#: Two-sided 99 % points of Student's t for 1, 2, 3, ... degrees of freedom.
T99 = (63.66, 9.92, 5.84, 4.60, 4.03, 3.71, 3.50, 3.36, 3.25, 3.17)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A fitted line. ``rate`` is 1.05 where 5 % too much is billed."""

    rate: float
    #: Half the width of the 99 % interval of the rate.
    error: float
    #: Tokens that are billed whatever the picture, text included.
    fixed: float
    #: Root mean square of the residuals, in tokens.
    scatter: float

    def is_off(self, leeway: float) -> bool:
        """True where the rate is surely further from 1 than the leeway."""
        return abs(self.rate - 1) - self.error > leeway


def line(expected: Sequence[int], billed: Sequence[int], noise: float = 1.0) -> Line | None:
    """The line through the figures; None where ``expected`` does not vary, or for fewer than 3.

    ``noise`` is one standard deviation of an honest figure, in tokens.
    """
    n = len(expected)
    if n < 3 or len(set(expected)) < 2:
        return None
    middle, mean = sum(expected) / n, sum(billed) / n
    spread = sum((x - middle) ** 2 for x in expected)
    slope = sum((x - middle) * (y - mean) for x, y in zip(expected, billed, strict=True)) / spread
    fixed = mean - slope * middle
    off = sum((y - fixed - slope * x) ** 2 for x, y in zip(expected, billed, strict=True))
    sigma = max(noise, sqrt(off / (n - 2)))
    t = T99[min(n - 2, len(T99)) - 1]
    return Line(rate=slope, error=t * sigma / sqrt(spread), fixed=fixed, scatter=sqrt(off / n))


def deviations(expected: Sequence[int], billed: Sequence[int]) -> tuple[float, ...]:
    """By how many tokens each figure differs from the rule plus one constant, their median."""
    gaps = [y - x for x, y in zip(expected, billed, strict=True)]
    ordered, half = sorted(gaps), len(gaps) // 2
    middle = (ordered[half] + ordered[-half - 1]) / 2
    return tuple(gap - middle for gap in gaps)
