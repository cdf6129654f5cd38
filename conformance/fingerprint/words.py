"""The conclusion in words."""

from __future__ import annotations

from conformance.fingerprint.fitting import Fit
from conformance.fingerprint.verdict import Claimed, Conclusion, Ranked


def sentence(conclusion: Conclusion) -> str:
    """Everything in one sentence: what it claims, what it bills like, how far the claim is off."""
    parts = [f"claims {conclusion.model}", _found(conclusion)]
    parts += [_off(claim) for claim in conclusion.claims if not claim.holds]
    if not conclusion.claims:
        parts.append(f"no rule is known for {conclusion.model}")
    odd = conclusion.found.fit.unexplained if conclusion.found else ()
    if odd:
        parts.append(f"{len(odd)} of {len(conclusion.measured)} answers are unexplained")
    if conclusion.step > 1:
        parts.append(f"its figures are multiples of {conclusion.step}")
    return "; ".join(parts)


def _found(conclusion: Conclusion) -> str:
    found = conclusion.found
    if found is not None:
        if found.names == ("nothing",) and not found.fit.way.shifted:
            return f"bills nothing for pictures ({probability(found.likelihood)})"
        how = _how(found.fit) + (", low as high" if conclusion.low_as_high else "")
        others = sorted({name for other in conclusion.alike for name in other.names})
        also = f", as {_listed(others)} would with other numbers" if others else ""
        return f"bills like {named(found)}{how} ({probability(found.likelihood)}){also}"
    assert conclusion.shape is not None
    if not conclusion.torn:
        return f"cannot tell: bills by no known rule; {conclusion.shape.sentence}"
    between = [f"{named(r)} ({probability(r.likelihood)})" for r in conclusion.torn[:4]]
    told = (
        f"cannot tell between {_listed(between)}"
        if between[1:]
        else f"cannot tell: {between[0]} is the nearest"
    )
    seen = conclusion.shape.kind != "none"
    return f"{told}; {conclusion.shape.sentence}" if seen else told


def named(ranked: Ranked) -> str:
    """The names of equal rules; an estimator is called one."""
    names = " = ".join(ranked.names)
    if all(rule.estimates for rule in ranked.rules):
        return f"{names} (an estimator, no model)"
    return names


def _how(fit: Fit) -> str:
    factor = f" times {fit.factor:.3g}" if fit.way.scaled else ""
    if not fit.way.shifted:
        return factor
    sign = "plus" if fit.each > 0 else "less"
    return f"{factor} {sign} {abs(fit.each):.0f} tokens a picture"


def _off(claim: Claimed) -> str:
    off = f"{claim.rule.name}'s rule is off by {claim.off:.0f} tokens on average"
    percent = 100 * (claim.ratio - 1)
    if abs(claim.ratio - 1) <= 3 * claim.error or claim.error > 0.05:
        return off
    kind = "more" if percent > 0 else "less"
    return f"{off}, {abs(percent):.1f} % {kind} (within {100 * claim.error * 2:.1f} %)"


def probability(likelihood: float) -> str:
    """As ``p > 0.999``, or ``p = 0.42``."""
    return "p > 0.999" if likelihood > 0.999 else f"p = {likelihood:.3g}"


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
