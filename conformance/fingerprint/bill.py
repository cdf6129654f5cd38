"""The bill as data: what each picture cost, should cost, and by which rule it does.

The form is that of ``footer.bill`` in schemas/report.json; every chart is drawn from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import isfinite

from conformance.fingerprint.asking import LEAST
from conformance.fingerprint.marginal import Marginal, Point, marginal, spread
from conformance.fingerprint.shots import Measured, Shot, cost
from conformance.fingerprint.verdict import Claimed, Conclusion, Ranked, conclude
from conformance.fingerprint.words import sentence
from conformance.model import Exchange, Json, Target
from conformance.tokens.rule import Rule
from conformance.tokens.rules import claimed, rule_named

#: Costs that are fitted; more would say no more, and take long.
FITTED = 16
#: Single pictures without which nothing can be fitted, and without which no fit says anything.
FEWEST, ENOUGH = 3, LEAST - 1


def bill_of_run(target: Target, exchanges: Iterable[Exchange]) -> Json:
    """What the exchanges of a run tell of the cost of pictures; None where they tell nothing."""
    found = marginal(exchanges)
    if found is None:
        return None
    rules = _claims(target)
    fitted = spread(found.points, FITTED)
    conclusion = _concluded(target.model, found.text, fitted, rules)
    known = conclusion if len(fitted) >= ENOUGH else None
    words = sentence(known) if known else _too_few(len(fitted))
    return {
        **_head(target.model, words, known),
        **_about(found),
        **_body(found.points, conclusion, known, rules),
    }


def bill_of_fingerprint(conclusion: Conclusion) -> Json:
    """The same of a fingerprint, whose pictures are chosen."""
    single = sorted((m for m in conclusion.measured if len(m.shots) == 1), key=_order)
    points = [
        Point(shot=m.shots[0], tokens=round(m.tokens - conclusion.text), requests=1) for m in single
    ]
    return {
        **_head(conclusion.model, sentence(conclusion), conclusion),
        "sent_as": "data URL",
        "text": round(conclusion.text),
        "without_control": 0,
        "impossible": 0,
        "left_out": 0,
        **_body(points, conclusion, conclusion, [c.rule for c in conclusion.claims]),
    }


def _concluded(
    model: str, text: int, points: Sequence[Point], rules: Sequence[Rule]
) -> Conclusion | None:
    """The conclusion from single pictures; None where they are too few for any.

    Every cost is a difference to the words alone, so these stand more than once: to explain a
    constant added to each picture by a long text leaves too many answers unexplained.
    """
    if len(points) < FEWEST:
        return None
    alone = Measured(shots=(), tokens=text)
    single = [Measured(shots=(p.shot,), tokens=text + p.tokens) for p in points]
    made = conclude(model, [*single, *([alone] * (len(single) // 2))], rules)
    return replace(made, measured=(*single, alone))


def _claims(target: Target) -> Sequence[Rule]:
    named = rule_named(target.rule) if target.rule else None
    return (named,) if named else claimed(target.model)


def _order(measured: Measured) -> tuple[bool, int, int, int]:
    shot = measured.shots[0]
    return shot.detail == "low", shot.width * shot.height, shot.width, shot.size


def _too_few(number: int) -> str:
    pictures = "1 picture" if number == 1 else f"{number} pictures"
    return f"cannot tell by which rule: the cost of {pictures} is known, and {ENOUGH} are needed"


def _head(model: str, words: str, known: Conclusion | None) -> dict[str, Json]:
    return {"model": model, "verdict": _verdict(known), "words": words}


def _verdict(known: Conclusion | None) -> str:
    if known is None or known.found is None:
        return "cannot-tell"
    if not known.claims:
        return "recognised"
    return "as-claimed" if any(c.holds for c in known.claims) else "not-as-claimed"


def _about(found: Marginal) -> dict[str, Json]:
    return {
        "sent_as": found.sent_as,
        "text": found.text,
        "without_control": found.without_control,
        "impossible": found.impossible,
        "left_out": found.left_out,
    }


def _body(
    points: Sequence[Point],
    conclusion: Conclusion | None,
    known: Conclusion | None,
    rules: Sequence[Rule],
) -> dict[str, Json]:
    claims = conclusion.claims if conclusion else ()
    claim = next((c for c in claims if c.holds), claims[0] if claims else None)
    rule = claim.rule if claim else next(iter(rules), None)
    best = _best(known) if known else None
    return {
        "claimed": _claim(rule, claim),
        "best": _ranked(best) if best else None,
        "unexplained": len(known.found.fit.unexplained) if known and known.found else None,
        "points": [_point(p, rule, best, bool(known and known.low_as_high)) for p in points],
    }


def _best(known: Conclusion) -> Ranked | None:
    """The rule that was found, or the nearest of those that it cannot tell between."""
    return known.found or next(iter(known.torn), None)


def _claim(rule: Rule | None, claim: Claimed | None) -> Json:
    if rule is None:
        return None
    return {
        "rule": rule.name,
        "holds": claim.holds if claim else None,
        # Measured over expected, and one standard deviation of it.
        "ratio": _number(claim.ratio) if claim else None,
        "error": _number(claim.error) if claim else None,
        "off": _number(claim.off) if claim else None,
    }


def _ranked(ranked: Ranked) -> Json:
    return {
        "rules": list(ranked.names),
        "factor": _number(ranked.fit.factor),
        "each": _number(ranked.fit.each),
        "likelihood": _number(ranked.likelihood),
        "estimator": all(rule.estimates for rule in ranked.rules),
    }


def _point(point: Point, rule: Rule | None, best: Ranked | None, low_as_high: bool) -> Json:
    shot = point.shot
    return {
        "width": shot.width,
        "height": shot.height,
        "detail": shot.detail,
        "bytes": shot.size,
        "tokens": point.tokens,
        "requests": point.requests,
        "claimed": _expected(rule, shot) if rule else None,
        "best": _by(best, shot, low_as_high) if best else None,
    }


def _expected(rule: Rule, shot: Shot) -> int | None:
    """What the rule says; None where its model refuses a picture of that size."""
    if not rule.accepts(shot.width, shot.height, shot.detail):
        return None
    return cost(rule, (shot,))


def _by(ranked: Ranked, shot: Shot, low_as_high: bool) -> float | None:
    detail = "high" if low_as_high and shot.detail == "low" else shot.detail
    expected = ranked.rules[0].cost(shot.width, shot.height, detail, shot.size)
    return _number(ranked.fit.factor * expected + ranked.fit.each)


def _number(value: float) -> float | None:
    """At most four decimals; None for what JSON cannot hold."""
    return round(value, 4) if isfinite(value) else None
