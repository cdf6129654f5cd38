"""What was billed for pictures of several sizes, beside what a rule expects of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from conformance.model import Picture
from conformance.tokens.rule import Rule
from conformance.tokens.slope import Line, deviations, line

#: Tokens that honest gateways add around a picture.
FRAME = 4
#: A rate, or a figure, may be off by so much of the rule: a few separators in a picture of some
#: hundred tokens come to less, and a surcharge of 5 % to more than twice as much.
LEEWAY = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A picture as it is measured, and its ``detail``; None leaves that out."""

    picture: Picture
    detail: str | None

    def cost(self, rule: Rule) -> int:
        picture, detail = self.picture, self.detail or "auto"
        return rule.cost(picture.width, picture.height, detail, picture.weight)

    def least(self, rules: Sequence[Rule]) -> int:
        """The fewest tokens by any of the rules at any detail."""
        details = ("low", "high", "auto")
        return min(replace(self, detail=d).cost(rule) for rule in rules for d in details)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """Prompt tokens of one text with each of several pictures, and what a rule expects of those."""

    rule: Rule
    expected: tuple[int, ...]
    #: Text included.
    billed: tuple[int, ...]
    #: Of the text alone.
    bare: int

    @property
    def allowed(self) -> float:
        """Tokens by which a figure may be off."""
        share = LEEWAY + self.rule.margin
        return max(FRAME + 2 * self.rule.tolerance, share * max(self.expected))

    @property
    def off(self) -> float:
        """Tokens by which the worst figure is off, one constant apart."""
        return max(map(abs, deviations(self.expected, self.billed)))

    @property
    def line(self) -> Line | None:
        """Rate and constant; None where there is no telling them apart."""
        found = line(self.expected, self.billed, max(1.0, self.rule.tolerance))
        return found if found and found.scatter <= self.allowed else None

    def at_least(self, leeway: float) -> str:
        """Where every picture costs more than is due, or every one less: the share it comes to.

        Such as "200 % or more"; "" where some cost more and some less, or about what is due.
        """
        ratios = [
            (billed - self.bare) / due
            for billed, due in zip(self.billed, self.expected, strict=True)
            if due
        ]
        if ratios and min(ratios) > 1 + leeway:
            return f"{min(ratios) * 100:.0f} % or more"
        if ratios and max(ratios) < 1 - leeway:
            return f"{max(ratios) * 100:.0f} % or less"
        return ""

    def __str__(self) -> str:
        pairs = zip(self.billed, self.expected, strict=True)
        return ", ".join(f"{billed - self.bare} for {due}" for billed, due in pairs)


def bill(rules: Sequence[Rule], shots: Sequence[Shot], billed: Sequence[int], bare: int) -> Bill:
    """The bill by the rule that fits best; ``rules`` must not be empty."""
    bills = [
        Bill(
            rule=rule,
            expected=tuple(shot.cost(rule) for shot in shots),
            billed=tuple(billed),
            bare=bare,
        )
        for rule in rules
    ]
    return min(bills, key=lambda bill: bill.off)
