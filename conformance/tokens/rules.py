"""What a picture costs in tokens, by the published rule of the model. The way in.

The rules themselves are data: ``rules.toml``; each kind of rule is a small class.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from conformance.tokens import names
from conformance.tokens.catalogue import load
from conformance.tokens.openai import TOO_MANY_PATCHES, Limit, Patches, Tiles, fit, tile_size
from conformance.tokens.rule import Rule

__all__ = [
    "RULES",
    "TOO_MANY_PATCHES",
    "Guess",
    "Limit",
    "Patches",
    "Rule",
    "Tiles",
    "claimed",
    "fit",
    "guess",
    "how_known",
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


class Guess(NamedTuple):
    """The rule that a model's name leads to; "" where it leads to none, or sources differ."""

    rule: str
    #: False where the name is the maker's with something of a relay's around it.
    exactly: bool


def claimed(model: str) -> tuple[Rule, ...]:
    """Every rule a model is documented to go by, also where sources disagree; newest first.

    What relays write around the name of a model is overlooked; see ``guess``.
    """
    return _read(model)[0]


def guess(model: str) -> Guess:
    """The rule of a model by its name: that of ``gpt-4o``, guessed, for ``azure/gpt-4o@2024``."""
    found, exactly = _read(model)
    current = [rule for rule in found if not rule.valid_to]
    is_sure = len(current) == 1 and not current[0].disputed
    return Guess(rule=current[0].name if is_sure else "", exactly=exactly)


def rule_name_for(model: str) -> str:
    """The name of the rule a model is documented to go by; "" where none is, or sources differ."""
    return guess(model).rule


def how_known(rule: str, model: str) -> str:
    """Where a rule was guessed from the name of the model, words that say so; "" otherwise."""
    found = guess(model)
    if found.exactly or not rule or found.rule != rule:
        return ""
    return f"guessed from the name {model}"


@cache
def _read(model: str) -> tuple[tuple[Rule, ...], bool]:
    """The rules that the first telling reading of a name leads to, and whether it is exact."""
    for reading in names.readings(model):
        ends = {rule: end for rule in RULES if (end := _end_in(reading.name, rule))}
        if ends:
            found = sorted(ends, key=lambda r: (bool(r.valid_to), r.disputed))
            rest = reading.name[max(ends.values()) :]
            return tuple(found), reading.exactly and names.is_own(rest)
    return (), False


def _end_in(name: str, rule: Rule) -> int:
    """Where the name of the family ends in the name of a model; 0 where it is of another."""
    # What matches must not end within a word: gpt-4oracle is no gpt-4o.
    whole = r"(?:{})(?!(?<=[a-z0-9])[a-z0-9])".format
    return max((m.end() for p in rule.models if (m := re.match(whole(p), name))), default=0)


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
