"""The whole suite against one fault, in this process and without sockets."""

from __future__ import annotations

import asyncio
from functools import cache, partial
from typing import Any

from starlette.responses import PlainTextResponse, Response

from conformance import data
from conformance.drawing import corpus
from conformance.model import Case, Finding, Pictures, cases_of
from conformance.proving.rehearsal import rehearse
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import Fault
from conformance.registry import all_checks

#: Checks that wait for a clock, move tens of megabytes or hold hundreds of megapixels: run for the
#: faults that name them only.
SLOW = frozenset(
    {
        "url/slow-host-is-waited-for",
        "multi-image/slow-picture-keeps-its-place",
        "url/silent-host-is-given-up",
        "limits/heavy-refusal-is-the-same-each-time",
        "url/heavy-picture-is-read-whole",
        "limits/heavy-picture-is-read-or-refused",
        "limits/heavy-picture-breaks-nothing",
        "limits/large-picture-is-read-or-refused",
        "limits/large-picture-breaks-nothing",
        "security/endless-download-is-cut",
        "security/inflated-download-is-refused",
        "security/endpoint-is-not-broken",
    }
)


def findings_of(fault: Fault) -> list[Finding]:
    """The findings of every case against a fault, slow cases that do not concern it apart."""
    skipped = SLOW - set(fault.caught_by)
    cases = [case for case in _cases() if case.check.id not in skipped]
    return asyncio.run(rehearse(cases, _pictures(), partial(_served, fault.make)))


def _served(make: type[Endpoint], **options: Any) -> Endpoint:
    """The endpoint as a server runs it: an exception that it lets through becomes a 500."""
    endpoint = make(**options)
    chat = endpoint.chat

    async def guarded(headers: Any, raw: bytes) -> Response:
        try:
            return await chat(headers, raw)
        except Exception:
            return PlainTextResponse("Internal Server Error", 500)

    endpoint.chat = guarded  # type: ignore[method-assign]
    return endpoint


@cache
def _cases() -> tuple[Case, ...]:
    return tuple(cases_of(all_checks()))


@cache
def _pictures() -> Pictures:
    return corpus.load(data.folder("fixtures"))
