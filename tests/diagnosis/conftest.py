"""One rehearsal of each fault that several tests look at."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from conformance.commands.proving import findings_of
from conformance.model import Finding
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import Fault, fault_named

HEALTHY = Fault(name="none", summary="None.", caught_by=(), kind="none", make=Endpoint)
Findings = Callable[[str], list[Finding]]


@cache
def _findings(name: str) -> tuple[Finding, ...]:
    return tuple(findings_of(HEALTHY if name == "none" else fault_named(name)))


@pytest.fixture(scope="session")
def findings() -> Findings:
    """The findings of the whole suite against a fault; "none" is the healthy endpoint."""
    return lambda name: list(_findings(name))
