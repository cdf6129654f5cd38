"""Every modest variant: single manners, models that only read, and models that slip."""

from __future__ import annotations

from importlib import import_module

from modest import VARIANTS, Variant, add, joined, lacking

from conformance.model import Ability

__all__ = ["READS_ONLY", "SINGLE", "SLIPS", "VARIANTS"]

#: What a model may be without. One that cannot read shows nothing about anybody.
ABILITIES = [ability for ability in Ability if ability is not Ability.READ]

for _name in ("modest_words", "modest_forms", "modest_eyes"):
    import_module(_name)
#: One manner, or one sort of files or replies.
SINGLE = list(VARIANTS.values())

import_module("modest_slips")
#: Right in a part of their answers.
SLIPS = list(VARIANTS.values())[len(SINGLE) :]


def _reads_only(number: int) -> Variant:
    """Without everything but reading, each in its manner of this number, or in its last."""
    manners = [lacking(ability) for ability in ABILITIES]
    chosen = [each[min(number, len(each) - 1)] for each in manners]
    return joined(f"reads-only-{number + 1}", "Can do nothing but read large print.", chosen)


READS_ONLY = [_reads_only(number) for number in range(3)]
for _variant in READS_ONLY:
    add(_variant)
