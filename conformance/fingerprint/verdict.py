"""From fits to a conclusion: which rule, how sure, and what it says about the claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, log

import numpy as np

from conformance.fingerprint.alike import alike, same_rules
from conformance.fingerprint.fitting import Fit, Problem, fits, problem
from conformance.fingerprint.shape import Shape, shape_of
from conformance.fingerprint.shots import Floats, Measured, cost
from conformance.tokens.rule import Rule
from conformance.tokens.rules import RULES

#: A conclusion needs to be surer than this.
SURE = 0.99
#: Rules less likely than this are not named.
NEGLIGIBLE = 0.002
#: How likely an endpoint is to bill low as high, before anything was measured.
IGNORES_DETAIL = 0.05
#: Of all answers at most this part may be unexplained: one in ten may be wrong, more by chance.
UNEXPLAINED = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Rules that give the same costs, the best of their fits, and how likely they are."""

    rules: tuple[Rule, ...]
    fit: Fit
    likelihood: float
    #: True where the fit leaves no more unexplained than chance does.
    explains: bool

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(rule.name for rule in self.rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What the claimed model's rule says of the same pictures."""

    rule: Rule
    #: Tokens by which a picture is off on average, whichever way.
    off: float
    #: Measured over expected, and one standard deviation of it; 1.05 is 5 % overbilling.
    ratio: float
    error: float
    #: True where the rule is among those that the endpoint bills by, plainly.
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """Everything a fingerprint says. ``found`` is None where it cannot tell."""

    model: str
    measured: tuple[Measured, ...]
    ranking: tuple[Ranked, ...]
    found: Ranked | None
    #: True where pictures at low are billed as if they were at high.
    low_as_high: bool
    #: Further rules that are the found one up to a factor and a constant, and explain as much.
    alike: tuple[Ranked, ...]
    #: The rules that remain where it cannot tell between them; empty where none fits.
    torn: tuple[Ranked, ...]
    #: The rules of the claimed model; empty where none is known for it.
    claims: tuple[Claimed, ...]
    #: The shape of the costs where no one rule is found.
    shape: Shape | None
    #: Figures are multiples of this.
    step: int
    #: Prompt tokens of the text alone.
    text: float


def conclude(
    model: str,
    measured: Sequence[Measured],
    claims: Sequence[Rule] = (),
    rules: Sequence[Rule] = RULES,
) -> Conclusion:
    """The conclusion of one series of measurements.

    Raises ValueError where fewer than three single pictures were measured.
    """
    given, ranking, as_high = _ranked(rules, measured)
    fitting = _fitting(ranking)
    found, others = _found(fitting, given, {rule.name for rule in claims})
    text = _text(measured, ranking[0].fit)
    plain = found.names if found and found.fit.way.name == "plain" and not as_high else ()
    return Conclusion(
        model=model,
        measured=tuple(measured),
        ranking=ranking,
        found=found,
        low_as_high=as_high,
        alike=others,
        torn=() if found else tuple(r for r in fitting if r.likelihood > NEGLIGIBLE),
        claims=tuple(_claimed(rule, measured, text, rule.name in plain) for rule in claims),
        shape=None if found else shape_of(measured, text),
        step=given.step,
        text=text,
    )


def _ranked(
    rules: Sequence[Rule], measured: Sequence[Measured]
) -> tuple[Problem, tuple[Ranked, ...], bool]:
    """The ranking, and whether it is that of an endpoint which bills low as high."""
    given = problem(rules, measured)
    ranking = rank(given)
    blind = problem(rules, [_at_high(m) for m in measured])
    second = rank(blind)
    if _evidence(second) + log(IGNORES_DETAIL) > _evidence(ranking):
        return blind, second, True
    return given, ranking, False


def _evidence(ranking: Sequence[Ranked]) -> float:
    """The evidence of the best rule that explains the figures; minus infinity without one."""
    return max((r.fit.evidence for r in _fitting(ranking)), default=-inf)


def _fitting(ranking: Sequence[Ranked]) -> list[Ranked]:
    return [r for r in ranking if r.explains]


def _at_high(measured: Measured) -> Measured:
    shots = tuple(replace(shot, detail="high") for shot in measured.shots)
    return replace(measured, shots=shots)


def _found(
    fitting: Sequence[Ranked], given: Problem, claims: set[str]
) -> tuple[Ranked | None, tuple[Ranked, ...]]:
    """The rule that is sure, or the claimed or likeliest of those that only a factor tells apart.

    The second value is the rest of those.
    """
    if not fitting:
        return None, ()
    first = fitting[0]
    if first.likelihood > SURE:
        return first, ()
    family = [r for r in fitting if alike(_expected(given, first), _expected(given, r))]
    together = sum(r.likelihood for r in family)
    if together <= SURE:
        return None, ()
    likely = [r for r in family if r.likelihood > NEGLIGIBLE]
    found = next((r for r in likely if claims & set(r.names)), first)
    return replace(found, likelihood=together), tuple(r for r in likely if r is not found)


def _expected(given: Problem, ranked: Ranked) -> Floats:
    return np.asarray(given.expected[given.rules.index(ranked.rules[0])])


def rank(given: Problem) -> tuple[Ranked, ...]:
    """Groups of equal rules, the most likely first."""
    best = _best_by_rule(fits(given), given.rules)
    groups = same_rules(given.expected)
    chosen = [max((best[i] for i in group), key=lambda f: f.evidence) for group in groups]
    evidence = np.array([fit.evidence for fit in chosen])
    explaining = np.array([_explains(fit, given.low) for fit in chosen])
    if explaining.any():
        # What does not explain the figures is no rival to what does.
        evidence[~explaining] = -np.inf
    weight = np.exp(evidence - evidence.max())
    likelihood = weight / weight.sum()
    ranked = [
        Ranked(
            rules=tuple(given.rules[i] for i in g),
            fit=f,
            likelihood=float(p),
            explains=bool(e),
        )
        for g, f, p, e in zip(groups, chosen, likelihood, explaining, strict=True)
    ]
    return tuple(sorted(ranked, key=lambda r: (-r.likelihood, -r.fit.evidence)))


def _best_by_rule(found: Sequence[Fit], rules: Sequence[Rule]) -> list[Fit]:
    """The best way of each rule."""
    ways = [found[i :: len(rules)] for i in range(len(rules))]
    return [max(each, key=lambda f: f.evidence) for each in ways]


def _explains(fit: Fit, low: Sequence[int]) -> bool:
    """True where few requests are unexplained, and not all of those at low detail."""
    if len(low) > 1 and all(i in fit.unexplained for i in low):
        return False
    return len(fit.unexplained) <= max(1, round(UNEXPLAINED * len(fit.residuals)))


def _text(measured: Sequence[Measured], best: Fit) -> float:
    """Prompt tokens of the text alone: measured, or else as the best fit has it."""
    alone = [m.tokens for m in measured if not m.shots]
    return float(np.median(alone)) if alone else best.text


def _claimed(rule: Rule, measured: Sequence[Measured], text: float, holds: bool) -> Claimed:
    single = [m for m in measured if len(m.shots) == 1]
    billed = np.array([m.tokens - text for m in single])
    expected = np.array([cost(rule, m.shots) for m in single], dtype=np.float64)
    ratios = billed / np.maximum(expected, 1.0)
    ratio = float(np.median(ratios))
    spread = 1.4826 * float(np.median(np.abs(ratios - ratio)))
    floor = 1.5 / max(1.0, float(np.median(expected)))
    return Claimed(
        rule=rule,
        off=float(np.abs(billed - expected).mean()),
        ratio=ratio,
        error=max(spread, floor) / len(single) ** 0.5,
        holds=holds,
    )
