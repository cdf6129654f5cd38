"""Which rules cannot be told apart: by nobody, or only by one who knows the factor."""

from __future__ import annotations

import numpy as np

from conformance.fingerprint.fitting import LEAST_FACTOR, MOST_FACTOR
from conformance.fingerprint.likelihood import NOISE
from conformance.fingerprint.shots import Floats

#: Rules whose costs never differ by more tokens than this are the same to any measurement.
SAME = 1.0


def same_rules(expected: Floats) -> list[list[int]]:
    """Indices of rules whose costs are the same for every request, group by group."""
    groups: list[list[int]] = []
    for i, row in enumerate(expected):
        for group in groups:
            if np.abs(expected[group[0]] - row).max() <= SAME:
                group.append(i)
                break
        else:
            groups.append([i])
    return groups


def alike(one: Floats, other: Floats) -> bool:
    """True where one rule's costs are a factor times the other's plus a constant, but for noise.

    The factor may be as far from 1 as two factors that endpoints use may be from each other.
    """
    return _explains(one, other) or _explains(other, one)


def _explains(x: Floats, y: Floats) -> bool:
    spread = x - x.mean()
    square = float((spread**2).sum())
    slope = float((spread * (y - y.mean())).sum()) / square if square else 1.0
    slope = float(np.clip(slope, LEAST_FACTOR / MOST_FACTOR, MOST_FACTOR / LEAST_FACTOR))
    left = y - y.mean() - slope * spread
    return float(np.sqrt((left**2).mean())) <= NOISE * max(1.0, slope)
