"""How likely an answer is that is off by so many tokens: near, or one in ten anywhere."""

from __future__ import annotations

from math import pi

import numpy as np

from conformance.fingerprint.shots import Floats

#: Standard deviation of one answer in tokens: off by one either way, and rounded.
NOISE = 1.0
#: How many answers may be anything, and over how many tokens those spread.
OUTLIERS = 0.1
SPREAD = 4000.0


def loglikelihood(residuals: Floats, sigma: Floats) -> Floats:
    """In nats, answer by answer; residuals and their deviations in tokens."""
    return np.asarray(np.log(_inside(residuals, sigma) + OUTLIERS / SPREAD))


def _inside(residuals: Floats, sigma: Floats) -> Floats:
    shape = np.exp(-((residuals / sigma) ** 2) / 2) / (sigma * np.sqrt(2 * pi))
    return np.asarray((1 - OUTLIERS) * shape)


def inlier(residuals: Floats, sigma: Floats) -> Floats:
    """The chance that each answer is none of those that may be anything."""
    inside = _inside(residuals, sigma)
    return np.asarray(inside / (inside + OUTLIERS / SPREAD))
