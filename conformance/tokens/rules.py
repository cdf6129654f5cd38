"""What a picture costs in tokens, by the published rule of the model. The way in.

The rules themselves are data: ``rules.toml``; each kind of rule is a small class.
"""

from __future__ import annotations

import re

from conformance.tokens.catalogue import load
from conformance.tokens.openai import (
    TOO_MANY_PATCHES,
    Limit,
    Patches,
    Tiles,
    fit,
    tile_size,
)
from conformance.tokens.rule import Rule

__all__ = [
    "RULES",
    "TOO_MANY_PATCHES",
    "Limit",
    "Patches",
    "Rule",
    "Tiles",
    "claimed",
    "fit",
    "is_of_the_guide",
    "rule_name_for",
    "rule_named",
    "tile_size",
    "versions",
]

RULES: tuple[Rule, ...] = load()


def rule_named(name: str) -> Rule | None:
    """The rule of that name, None where there is none."""
    return next((rule for rule in RULES if rule.name == name), None)


def claimed(model: str) -> tuple[Rule, ...]:
    """Every rule a model is documented to go by, also where sources disagree; newest first."""
    bare = model.rsplit("/", 1)[-1].lower()
    found = [r for r in RULES if any(re.match(pattern, bare) for pattern in r.models)]
    return tuple(sorted(found, key=lambda r: (bool(r.valid_to), r.disputed)))


def rule_name_for(model: str) -> str:
    """The name of the rule a model is documented to go by; "" where none is, or sources differ."""
    current = [rule for rule in claimed(model) if not rule.valid_to]
    if len(current) != 1 or current[0].disputed:
        return ""
    return current[0].name


def versions(name: str, model: str) -> tuple[Rule, ...]:
    """The named rule first, and the others that sources give for the model it is the rule of.

    Documents change and disagree: a bill that follows any of them is nobody's fault.
    """
    rule = rule_named(name)
    if rule is None:
        return ()
    known = claimed(model)
    return (rule, *(r for r in known if r is not rule)) if rule in known else (rule,)


def is_of_the_guide(rule: Rule) -> bool:
    """True for a rule that OpenAI's guide gives to the token."""
    return rule.family.startswith("OpenAI") and not rule.disputed
