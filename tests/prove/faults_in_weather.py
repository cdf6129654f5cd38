"""Forty faults, of all that can go wrong, that no weather may hide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from conformance.model import Case
from conformance.reference.fault import fault_named
from conformance.symptom import Symptom

#: By name, with what goes wrong. None of them is caught by checks that take long.
FAULTS: Final[dict[str, Symptom]] = {
    "streams-blind": Symptom.NOT_READ,
    "sees-four-at-most": Symptom.NOT_READ,
    "loses-pictures-beside-tools": Symptom.NOT_READ,
    "follows-one-redirect": Symptom.NOT_READ,
    "guesses-blindly": Symptom.MADE_UP,
    "has-one-blind-back-end": Symptom.UNSTEADY,
    "has-one-back-end-for-text-only": Symptom.UNSTEADY,
    "keeps-the-first-text": Symptom.WORDS_LOST,
    "sends-the-last-turn-only": Symptom.WORDS_LOST,
    "keeps-downloads-by-name": Symptom.ANOTHERS,
    "freezes-at-the-second-picture": Symptom.ANOTHERS,
    "joins-equal-questions": Symptom.ANOTHERS,
    "remembers-the-last-picture": Symptom.ANOTHERS,
    "reverses-pictures": Symptom.ORDER,
    "puts-new-turns-first": Symptom.ORDER,
    "swaps-low-and-high": Symptom.DEGRADED,
    "shrinks-downloads": Symptom.DEGRADED,
    "counts-base64-as-text": Symptom.BILL_HIGH,
    "counts-text-only": Symptom.BILL_LOW,
    "forgets-pictures-in-the-total": Symptom.BILL_INCONSISTENT,
    "adds-up-usage": Symptom.BILL_INCONSISTENT,
    "omits-usage": Symptom.BILL_MISSING,
    "streams-without-usage": Symptom.BILL_MISSING,
    "errors-are200": Symptom.ERROR_AS_ANSWER,
    "answers-with-the-error": Symptom.ERROR_AS_ANSWER,
    "asks-for-no-key": Symptom.OVERLOOKED,
    "answers-nothing": Symptom.OVERLOOKED,
    "fetches-from-anywhere": Symptom.LET_IN,
    "shows-tracebacks": Symptom.LEAKED,
    "crashes-on-alpha": Symptom.SERVER_ERROR,
    "breaks-on-redirects": Symptom.SERVER_ERROR,
    "unknown-model-is500": Symptom.REFUSAL_BREAKS,
    "download-errors-are502": Symptom.REFUSAL_BREAKS,
    "refuses-gif": Symptom.REFUSED,
    "errors-are-pages": Symptom.NO_ERROR_OBJECT,
    "wrong-key-is400": Symptom.WRONG_ERROR,
    "refuses-by-turns": Symptom.WRONG_ERROR,
    "answers-pictures-with-nothing": Symptom.EMPTY,
    "never-says-done": Symptom.CUT,
    "never-finishes": Symptom.CUT,
    "sends-python-dicts": Symptom.MALFORMED,
    "names-another-maker": Symptom.MISTOLD,
}


def cases_of_fault(name: str, cases: Sequence[Case]) -> tuple[Case, ...]:
    """The cases of the checks that must catch a fault."""
    caught_by = fault_named(name).caught_by
    return tuple(case for case in cases if case.check.id in caught_by)
