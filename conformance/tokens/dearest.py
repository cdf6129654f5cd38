"""The most that a picture may be billed, by the rule of its model or by all that are known."""

from __future__ import annotations

from math import ceil
from typing import Final

from conformance.model import Made, Picture
from conformance.tokens.rule import Rule
from conformance.tokens.rules import RULES, rule_named, versions

#: Pixels of a side where the bytes do not decode: more than any picture of the suite is wide that
#: a model is meant to see.
UNKNOWN: Final = 4096
#: An endpoint may overlook what is asked of it.
DETAILS: Final = ("low", "high", "auto")


def dearest(picture: Picture, rule: str, model: str) -> int:
    """Tokens by the named rule and its other versions at any detail; by every rule for ""."""
    known = versions(rule, model) if rule_named(rule) else RULES
    width, height = picture.width or UNKNOWN, picture.height or UNKNOWN
    size = _size(picture)
    return max(_most(one, width, height, size) for one in known)


def _most(rule: Rule, width: int, height: int, size: int) -> int:
    cost = max(rule.cost(width, height, detail, size) for detail in DETAILS)
    return ceil(cost * (1 + rule.margin) + rule.tolerance)


def _size(picture: Picture) -> int:
    """Bytes of the file; of one that is still to be made, where nobody knows, of its pixels."""
    held = picture.file_bytes
    if isinstance(held, Made):
        raw = 4 * (picture.width or UNKNOWN) * (picture.height or UNKNOWN)
        return raw if held.size is None else held.size
    return len(held)
