"""What low, high and auto cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from conformance.asking import prompts, questions, sources
from conformance.judging import answers, bills, replies, ways
from conformance.model import (
    Claim,
    Dialogue,
    Failed,
    Json,
    Lab,
    Level,
    NotApplicable,
    Observed,
    Reason,
    Steps,
    Symptom,
    Via,
)
from conformance.registry import check
from conformance.tokens.rules import Rule

PAID = (Claim.DETAIL, Claim.USAGE)


def published_rules(lab: Lab) -> tuple[Rule, ...]:
    """The rule of the model, and other versions of it: whichever is followed will do."""
    rules = bills.rules_of(lab)
    if not rules:
        raise NotApplicable(
            f"no published token rule is known for {lab.target.model}", why=Reason.NO_RULE
        )
    return rules


def _cost_at(lab: Lab, via: Via, picture_id: str, detail: Json) -> Steps[int]:
    return bills.cost(
        questions.ask(questions.image(lab.pictures[picture_id], via, detail), prompts.CODE)
    )


def _rule_cost(rule: Rule, lab: Lab, picture_id: str, detail: str) -> int:
    picture = lab.pictures[picture_id]
    return rule.cost(picture.width, picture.height, detail)


@check(Level.MUST, spec=sources.IMAGE_COST, needs=PAID)
def low_and_high_differ_in_cost(lab: Lab) -> Dialogue:
    """Low and high differ in cost as the rule of the model says."""
    name = "size-1024x1024"
    rules = bills.rules_of(lab)
    if not rules:
        return (yield from _has_an_effect(lab, name))
    gaps = _gaps(lab, name, rules)
    via = yield from ways.transport(lab)
    asked = [
        questions.ask(questions.image(lab.pictures[name], via, d), prompts.CODE)
        for d in ("low", "high")
    ]
    paid = [(yield asked[0]), (yield asked[1])]
    low, high = map(bills.prompt_tokens, paid)
    nearest = _nearest(gaps, high - low)
    expected = f"high costs {gaps[nearest]} tokens more than low, by the rule of {nearest}"
    actual = f"low {low}, high {high}: {high - low} more"
    if not _is_about(high - low, gaps[nearest]):
        raise Failed(
            actual,
            symptom=Symptom.BILL_INCONSISTENT,
            expected=expected,
            hint="detail is ignored, or billed by another rule",
            shown_by=paid[::-1],
        )
    return Observed(expected=expected, actual=actual)


def _gaps(lab: Lab, name: str, rules: Sequence[Rule]) -> dict[str, int]:
    """How much more high costs than low by each rule. Raises NotApplicable where one has no gap."""
    gaps = {
        rule.name: _rule_cost(rule, lab, name, "high") - _rule_cost(rule, lab, name, "low")
        for rule in rules
    }
    for rule, gap in gaps.items():
        if gap == 0:
            raise NotApplicable(
                f"by the rule of {rule}, low and high cost the same", why=Reason.NO_RULE
            )
    return gaps


def _has_an_effect(lab: Lab, name: str) -> Steps[Observed]:
    """Without a rule, what this run shows: high costs more than low, or is finer, or neither."""
    via = yield from ways.transport(lab)
    low = yield from _cost_at(lab, via, name, "low")
    high = yield from _cost_at(lab, via, name, "high")
    expected = "high costs more than low, or shows more"
    actual = f"low {low}, high {high} prompt tokens"
    if high < low - bills.FRAMING:
        raise Failed(actual, symptom=Symptom.BILL_INCONSISTENT, expected=expected)
    if high > low + bills.FRAMING:
        return Observed(expected=expected, actual=actual)
    finest = []
    for detail in ("low", "high"):
        finest.append((yield from _finest(lab, via, detail)))
    legible = f"print legible down to {finest[0]} px at low, to {finest[1]} px at high"
    if finest[0] == finest[1]:
        words = f"accepted, no effect seen: {actual}, {legible}"
        raise NotApplicable(words, why=Reason.NO_EFFECT, expected=expected)
    return Observed(expected=expected, actual=f"{actual}; {legible}")


def _finest(lab: Lab, via: Via, detail: str) -> Steps[int]:
    """Height of the finest line of the chart that is read in any of a few answers; 0 for none."""
    chart = lab.pictures["chart-1"]
    seen: set[str] = set()
    for sample in range(3):
        exchange = yield replace(
            questions.ask(questions.image(chart, via, detail), prompts.CHART), sample=sample
        )
        seen.update(answers.codes_in(replies.answered(exchange, "lines of print")))
    return min((line.height for line in chart.facts.prints if line.code in seen), default=0)


def _nearest(gaps: Mapping[str, int], found: int) -> str:
    """The name of the rule that comes nearest to what was found."""
    return min(gaps, key=lambda rule: abs(gaps[rule] - found))


def _is_about(found: int, wanted: int) -> bool:
    return abs(found - wanted) <= max(bills.FRAMING, abs(wanted) // 20)


@check(Level.MUST, spec=sources.IMAGE_COST, needs=PAID)
def low_costs_the_same_at_any_size(lab: Lab) -> Dialogue:
    """Low costs the same whatever the size, where the rule of the model says so."""
    sizes = ("size-512x512", "size-1024x1024", "size-2048x2048")
    for rule in published_rules(lab):
        if len({_rule_cost(rule, lab, size, "low") for size in sizes}) > 1:
            raise NotApplicable(
                f"by the rule of {rule.name}, low follows the size", why=Reason.NO_RULE
            )
    via = yield from ways.transport(lab)
    costs, paid = [], []
    for size in sizes:
        paid.append(
            (yield questions.ask(questions.image(lab.pictures[size], via, "low"), prompts.CODE))
        )
        costs.append(bills.prompt_tokens(paid[-1]))
    expected = "one cost for 512, 1024 and 2048 pixels a side"
    actual = f"{', '.join(map(str, costs))} prompt tokens"
    if max(costs) - min(costs) > bills.FRAMING:
        raise Failed(
            actual,
            symptom=Symptom.BILL_INCONSISTENT,
            expected=expected,
            hint="low is billed by size",
            shown_by=[
                e for e, c in zip(paid, costs, strict=True) if c > min(costs) + bills.FRAMING
            ],
            spared=[e for e, c in zip(paid, costs, strict=True) if c <= min(costs) + bills.FRAMING],
        )
    return Observed(expected=expected, actual=actual)


@check(Level.MUST, spec=sources.IMAGE_COST, needs=PAID)
def high_follows_the_size(lab: Lab) -> Dialogue:
    """High costs more for a larger picture, as the rule of the model says."""
    small, large = "size-512x512", "size-1024x1024"
    gaps = {
        rule.name: _rule_cost(rule, lab, large, "high") - _rule_cost(rule, lab, small, "high")
        for rule in published_rules(lab)
    }
    via = yield from ways.transport(lab)
    less = yield from _cost_at(lab, via, small, "high")
    more = yield from _cost_at(lab, via, large, "high")
    nearest = _nearest(gaps, more - less)
    expected = (
        f"1024 pixels a side cost {gaps[nearest]} tokens more than 512, by the rule of {nearest}"
    )
    actual = f"{less} and {more}: {more - less} more"
    if not _is_about(more - less, gaps[nearest]):
        raise Failed(actual, symptom=Symptom.BILL_INCONSISTENT, expected=expected)
    return Observed(expected=expected, actual=actual)


@check(Level.SHOULD, spec=sources.IMAGE_PART, needs=PAID)
def absent_means_auto(lab: Lab) -> Dialogue:
    """Leaving detail out costs what auto costs."""
    via = yield from ways.transport(lab)
    auto = yield from _cost_at(lab, via, "size-1024x1024", "auto")
    absent = yield from _cost_at(lab, via, "size-1024x1024", ...)
    expected = f"{auto} prompt tokens, as for auto"
    if abs(absent - auto) > bills.FRAMING:
        raise Failed(
            f"{absent} prompt tokens without detail",
            symptom=Symptom.BILL_INCONSISTENT,
            expected=expected,
        )
    return Observed(expected=expected, actual=f"{absent} prompt tokens without detail")
