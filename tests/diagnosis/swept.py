"""A few runs of the suite against sweeping faults, whole enough to be merged."""

from __future__ import annotations

import asyncio

from conformance import data
from conformance.drawing import corpus
from conformance.model import Finding, cases_of
from conformance.proving.rehearsal import rehearse
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault_named
from conformance.registry import all_checks

#: Faults that sweep over many checks, each of another symptom.
SWEEPING = (
    "forces-low",
    "streams-blind",
    "errors-are-200",
    "reverses-pictures",
    "counts-text-only",
)
#: Checks that are cheap and between them show all of these.
ASKED = frozenset(
    {
        "base64/plain",
        "base64/format-is-read",
        "base64/broken-data-url-is-refused",
        "detail/fine-print-is-legible-at-high",
        "detail/low-and-high-differ-in-cost",
        "errors/empty-messages-are-refused",
        "errors/malformed-json-is-refused",
        "multi-image/every-picture-is-seen",
        "multi-image/order-is-kept",
        "streaming/picture-is-read",
        "streaming/several-pictures-are-read",
        "usage/picture-costs-something",
        "usage/prompt-covers-its-picture",
    }
)


def swept() -> dict[str, list[Finding]]:
    """What some checks found of the faultless endpoint, which is "", and of each fault."""
    pictures = corpus.load(data.folder("fixtures"))
    cases = [case for case in cases_of(all_checks()) if case.check.id in ASKED]
    kinds = {"": Endpoint} | {name: fault_named(name).make for name in SWEEPING}
    return {name: asyncio.run(rehearse(cases, pictures, make)) for name, make in kinds.items()}
