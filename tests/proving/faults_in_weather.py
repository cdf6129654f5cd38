"""Forty faults, of all that can go wrong, that no weather may hide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from conformance.model import Case
from conformance.reference.fault import fault_named

#: By name, the gravest first. None of them is caught by checks that take long.
FAULTS: Final = (
    "streams-blind",
    "sees-four-at-most",
    "loses-pictures-beside-tools",
    "follows-one-redirect",
    "guesses-blindly",
    "has-one-blind-back-end",
    "has-one-back-end-for-text-only",
    "keeps-the-first-text",
    "sends-the-last-turn-only",
    "keeps-downloads-by-name",
    "freezes-at-the-second-picture",
    "joins-equal-questions",
    "remembers-the-last-picture",
    "reverses-pictures",
    "puts-new-turns-first",
    "swaps-low-and-high",
    "shrinks-downloads",
    "counts-base64-as-text",
    "counts-text-only",
    "forgets-pictures-in-the-total",
    "adds-up-usage",
    "omits-usage",
    "streams-without-usage",
    "errors-are-200",
    "answers-with-the-error",
    "asks-for-no-key",
    "answers-nothing",
    "fetches-from-anywhere",
    "shows-tracebacks",
    "crashes-on-alpha",
    "breaks-on-redirects",
    "unknown-model-is-500",
    "download-errors-are-502",
    "refuses-gif",
    "errors-are-pages",
    "wrong-key-is-400",
    "refuses-by-turns",
    "answers-pictures-with-nothing",
    "never-says-done",
    "never-finishes",
    "sends-python-dicts",
    "names-another-maker",
)


def cases_of_fault(name: str, cases: Sequence[Case]) -> tuple[Case, ...]:
    """The cases of the checks that must catch a fault."""
    caught_by = fault_named(name).caught_by
    return tuple(case for case in cases if case.check.id in caught_by)
