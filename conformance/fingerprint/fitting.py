"""How well each rule explains what was measured.

A request with n pictures, whose costs by a rule add up to x, is taken to be billed

    prompt tokens = text + factor * x + each * n

where ``text`` is never known, so that only differences between requests count. One answer in ten
may be anything. Every rule is fitted in four ways, from the plain one (factor 1, each 0) to the
one with both free; what a free number costs in evidence is what it could have explained besides
(Laplace's approximation). Found by trying what every pair of requests would make the numbers be,
so that no outlier can pull the start, and polished by weighted least squares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from math import gcd, log, pi

import numpy as np

from conformance.fingerprint.likelihood import NOISE, inlier, loglikelihood
from conformance.fingerprint.shots import Floats, Measured, costs, counts
from conformance.tokens.rule import Rule

LEAST_FACTOR, MOST_FACTOR = 0.5, 3.0
#: Tokens that an endpoint may add to each picture.
MOST_EACH = 300.0
#: An answer counts as explained within so many standard deviations.
EXPLAINED = 3.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of billing by a rule, and how likely it is before anything was measured."""

    name: str
    scaled: bool
    shifted: bool
    prior: float


WAYS = (
    Way(name="plain", scaled=False, shifted=False, prior=0.80),
    Way(name="shifted", scaled=False, shifted=True, prior=0.10),
    Way(name="scaled", scaled=True, shifted=False, prior=0.07),
    Way(name="scaled and shifted", scaled=True, shifted=True, prior=0.03),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The best numbers of one rule in one way, and the evidence for it in nats."""

    rule: Rule
    way: Way
    text: float
    factor: float
    each: float
    evidence: float
    #: One standard deviation of the factor; 0 where it is not free.
    factor_error: float
    #: Tokens by which each request is off, in the order of the requests.
    residuals: tuple[float, ...]
    #: Numbers of the requests that the fit does not explain.
    unexplained: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Measured requests against the costs by all rules; arrays are rules by requests."""

    rules: tuple[Rule, ...]
    #: Prompt tokens, and number of pictures, of each request.
    tokens: Floats
    pictures: Floats
    expected: Floats
    tolerance: Floats
    margin: Floats
    #: Numbers of the requests with a single picture at low detail.
    low: tuple[int, ...]
    #: The endpoint gives multiples of this; 1 where it gives any number.
    step: int


def problem(rules: Sequence[Rule], measured: Sequence[Measured]) -> Problem:
    """The measurements as arrays, with what each rule expects of them; raises ValueError."""
    requests = [m.shots for m in measured]
    if sum(len(shots) == 1 for shots in requests) < 3:
        raise ValueError("a fingerprint needs at least three pictures measured alone")
    tokens = np.array([m.tokens for m in measured], dtype=np.float64)
    return Problem(
        rules=tuple(rules),
        tokens=tokens,
        pictures=counts(requests),
        expected=costs(rules, requests),
        tolerance=np.array([r.tolerance for r in rules]),
        margin=np.array([r.margin for r in rules]),
        low=tuple(i for i, shots in enumerate(requests) if [s.detail for s in shots] == ["low"]),
        step=step_of([m.tokens for m in measured]),
    )


def step_of(tokens: Sequence[int]) -> int:
    """The step to which figures are rounded; 1 where chance alone could make it.

    Of n figures all are multiples of g by chance once in g to the n.
    """
    step = reduce(gcd, tokens, 0)
    return step if step >= 4 and len(set(tokens)) > 3 else 1


def fits(given: Problem) -> list[Fit]:
    """Every rule in every way."""
    return [fit for way in WAYS for fit in _fitted(given, way)]


def _fitted(given: Problem, way: Way) -> list[Fit]:
    start = _best_start(given, way)
    numbers, deviation = _polished(given, way, start)
    residuals = _residuals(given, numbers)
    sigma = _sigma(given, numbers)
    evidence = loglikelihood(residuals, sigma).sum(axis=1) - _occam(deviation, way)
    evidence = evidence + log(way.prior) + _each_prior(numbers)
    inside = np.abs(residuals) <= EXPLAINED * sigma
    return [
        Fit(
            rule=rule,
            way=way,
            text=float(numbers[i, 0]),
            factor=float(numbers[i, 1]),
            each=float(numbers[i, 2]),
            evidence=float(evidence[i]),
            factor_error=float(deviation[i, 1]) if way.scaled else 0.0,
            residuals=tuple(float(r) for r in residuals[i]),
            unexplained=frozenset(int(q) for q in np.flatnonzero(~inside[i])),
        )
        for i, rule in enumerate(given.rules)
    ]


# ------------------------------------------------------------ the numbers; text, factor, each


def _best_start(given: Problem, way: Way) -> Floats:
    """The most likely numbers of each rule among those that few requests would make.

    Rule by rule, since of all of them at once the candidates are tens of megabytes.
    """
    starts = _starts(given, way)
    rules = zip(starts, given.expected, given.tolerance, given.margin, strict=True)
    return np.array([_likeliest(given, *rule) for rule in rules])


def _likeliest(
    given: Problem, starts: Floats, expected: Floats, tolerance: float, margin: float
) -> Floats:
    at = starts[:, :, None]
    residuals = given.tokens - at[:, 0] - at[:, 1] * expected - at[:, 2] * given.pictures
    loose, vague = tolerance * given.pictures, margin * expected
    sigma = np.sqrt(NOISE**2 + given.step**2 / 12 + loose**2 + vague**2)
    return np.asarray(starts[loglikelihood(residuals, sigma).sum(axis=1).argmax()])


def _starts(given: Problem, way: Way) -> Floats:
    """Candidates: rules by candidates by (text, factor, each)."""
    one = np.flatnonzero(given.pictures == 1)
    other = np.flatnonzero(given.pictures != 1)
    among = one if way.shifted else np.arange(len(given.tokens))
    if way.scaled:
        first, second = np.array(list(combinations(among, 2))).T
        x = given.expected[:, first] - given.expected[:, second]
        y = given.tokens[first] - given.tokens[second]
        factor = np.where(np.abs(x) > 0, y / np.where(x == 0, 1, x), 1.0)
        factor = np.clip(factor, LEAST_FACTOR, MOST_FACTOR)
    else:
        first = among
        factor = np.ones((len(given.rules), len(first)))
    base = given.tokens[first] - factor * given.expected[:, first]
    if not way.shifted:
        return np.stack([base, factor, np.zeros_like(base)], axis=2)
    each = [np.zeros_like(base)]
    for i in other:
        n = given.pictures[i]
        beyond = given.tokens[i] - base - factor * given.expected[:, [i]]
        each.append(np.clip(beyond / (n - 1), -MOST_EACH, MOST_EACH))
    return np.concatenate([np.stack([base - e, factor, e], axis=2) for e in each], axis=1)


def _polished(given: Problem, way: Way, numbers: Floats) -> tuple[Floats, Floats]:
    """The numbers after a few steps of weighted least squares, and their deviations."""
    free = [0] + [1] * way.scaled + [2] * way.shifted
    columns = np.stack(
        [
            np.ones_like(given.expected),
            given.expected,
            np.broadcast_to(given.pictures, given.expected.shape),
        ],
        axis=2,
    )[:, :, free]
    # A faint pull to where the numbers were keeps what is not determined in place.
    pull = np.diag(1 / np.array([1e4, MOST_FACTOR, MOST_EACH])[free] ** 2)
    deviation = np.zeros_like(numbers)
    for _ in range(3):
        residuals, sigma = _residuals(given, numbers), _sigma(given, numbers)
        weight = inlier(residuals, sigma) / sigma**2
        normal = np.einsum("rqi,rq,rqj->rij", columns, weight, columns) + pull
        moved = np.einsum("rqi,rq,rq->ri", columns, weight, residuals)
        numbers = numbers.copy()
        numbers[:, free] += np.linalg.solve(normal, moved[:, :, None])[:, :, 0]
        numbers[:, 1] = np.clip(numbers[:, 1], LEAST_FACTOR, MOST_FACTOR)
        deviation[:, free] = np.sqrt(np.diagonal(np.linalg.inv(normal), axis1=1, axis2=2))
    return numbers, deviation


def _residuals(given: Problem, numbers: Floats) -> Floats:
    text, factor, each = numbers.T[:, :, None]
    return np.asarray(given.tokens - text - factor * given.expected - each * given.pictures)


def _sigma(given: Problem, numbers: Floats) -> Floats:
    exact = NOISE**2 + given.step**2 / 12
    loose = given.tolerance[:, None] * given.pictures
    vague = given.margin[:, None] * numbers[:, [1]] * given.expected
    return np.asarray(np.sqrt(exact + loose**2 + vague**2))


# ------------------------------------------------------------ evidence


def _occam(deviation: Floats, way: Way) -> Floats:
    """What the free numbers cost: how much wider they might have been than they are."""
    cost = np.zeros(len(deviation))
    if way.scaled:
        width = MOST_FACTOR - LEAST_FACTOR
        cost += np.log(np.maximum(width / (deviation[:, 1] * np.sqrt(2 * pi)), 1.0))
    if way.shifted:
        cost += np.log(np.maximum(MOST_EACH / (deviation[:, 2] * np.sqrt(2 * pi)), 1.0))
    return cost


def _each_prior(numbers: Floats) -> Floats:
    """Few tokens around a picture are common, hundreds are not."""
    return -np.log1p((numbers[:, 2] / 20) ** 2)
