"""Which pictures to send: the few that tell the rules apart best, computed from the rules.

A pair of rules is told apart by a set of pictures as well as the costs by one rule cannot be
written as a factor times the costs by the other plus a constant: the sum of squares that such a
fit leaves over, against the noise, bounds the chance of confusing the two. The set grows by the
picture that lowers the sum of these bounds over all pairs most. The bounds count twice: with
every picture, and without the most telling one, since one answer in ten may be wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import product

import numpy as np

from conformance.fingerprint.shots import Floats, Request, Shot, costs
from conformance.tokens.rule import Rule
from conformance.tokens.rules import RULES

#: Most requests of one fingerprint; the last is kept for a model that must be asked twice.
MOST_REQUESTS = 15
#: Sides in pixels of which pictures are made; rules know them or they lie well between.
SIDES = (64, 125, 200, 300, 384, 448, 512, 560, 640, 768, 900, 1080, 1280, 1536, 1700, 2048)
#: Largest area in pixels, and largest ratio of sides: what any endpoint takes and can afford.
LARGEST = 3_400_000
NARROWEST = 16
#: Sides of pictures of noise, which separate bytes from pixels.
HEAVY = (200, 300, 448)
#: Standard deviation of one measured cost, in tokens: it may be off by one, and so may the text.
NOISE = 1.5
FACTORS = (0.5, 3.0)
#: Worth of a token in bounds: a dear picture must earn its price.
THRIFT = 0.02


def pool() -> tuple[Shot, ...]:
    """Every picture that may be chosen."""
    high = [
        Shot(width=w, height=h, size=_light(w, h))
        for w, h in product(SIDES, SIDES)
        if w * h <= LARGEST and max(w, h) <= NARROWEST * min(w, h)
    ]
    low = [
        Shot(width=s.width, height=s.height, detail="low", size=s.size)
        for s in high
        if s.width * s.height >= 512 * 512
    ]
    heavy = [Shot(width=s, height=s, heavy=True, size=3 * s * s) for s in HEAVY]
    return (*high, *low, *heavy)


def _light(width: int, height: int) -> int:
    """About what a plain PNG weighs, in bytes."""
    return 1500 + width * height // 400


@lru_cache(maxsize=4)
def plan(rules: tuple[Rule, ...] = RULES, most: int = MOST_REQUESTS) -> tuple[Request, ...]:
    """The requests to send: text alone twice, single pictures, and two pairs of pictures."""
    singles = chosen(rules, most - 4)
    small = sorted(singles, key=lambda s: s.width * s.height)
    light = [s for s in small if s.detail == "high" and not s.heavy]
    pairs: list[Request] = [(light[0], light[0]), (light[0], light[-1])]
    return ((), *((shot,) for shot in singles), *pairs, ())


def chosen(rules: Sequence[Rule], most: int) -> tuple[Shot, ...]:
    """The most telling pictures, most telling first; fewer than ``most`` where they suffice."""
    shots = pool()
    table = np.unique(costs(rules, [(shot,) for shot in shots]), axis=0)
    price = np.median(table, axis=0)
    taken: list[int] = []
    known: list[float] = [float("inf")]
    while len(taken) < most:
        bounds = _bounds(table, taken) + THRIFT * price / 1000
        bounds[taken] = np.inf
        best = int(bounds.argmin())
        if len(taken) > 4 and known[-1] - bounds[best] < 1e-3:
            break
        taken.append(best)
        known.append(float(bounds[best]))
    return tuple(shots[i] for i in taken)


def _bounds(table: Floats, taken: Sequence[int]) -> Floats:
    """For every picture: the sum of the bounds of all pairs once it is taken too."""
    subsets = [list(taken)] + [[t for t in taken if t != left] for left in taken]
    affine = [_left_over(table, subset) for subset in subsets]
    plain = [_differences(table, subset) for subset in subsets]
    total = np.zeros(table.shape[1])
    for each in (affine, plain):
        for squares in (each[0], np.min(each, axis=0)):
            total += np.exp(-squares / (8 * NOISE**2)).sum(axis=(0, 1))
    return total


def _differences(table: Floats, subset: Sequence[int]) -> Floats:
    """Sums of squared differences of each pair of rules over the subset and each picture."""
    gaps = (table[:, None, :] - table[None, :, :]) ** 2
    return np.asarray(gaps[:, :, subset].sum(axis=2, keepdims=True) + gaps)


def _left_over(table: Floats, subset: Sequence[int]) -> Floats:
    """The same after the best factor and constant: what the second rule cannot explain."""
    n = len(subset) + 1
    x, y = table[None, :, :], table[:, None, :]
    here = table[:, subset]
    sx, sxx = here.sum(axis=1), (here**2).sum(axis=1)
    sxy = here @ here.T
    mean_x = sx[None, :, None] + x
    mean_y = sx[:, None, None] + y
    cxx = sxx[None, :, None] + x * x - mean_x**2 / n
    cyy = sxx[:, None, None] + y * y - mean_y**2 / n
    cxy = sxy[:, :, None] + x * y - mean_x * mean_y / n
    factor = np.clip(cxy / np.maximum(cxx, 1e-9), *FACTORS)
    return np.asarray(np.maximum(cyy - 2 * factor * cxy + factor**2 * cxx, 0.0))
