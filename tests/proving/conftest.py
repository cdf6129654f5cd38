"""One corpus, one list of cases and one way to rehearse them for every proof."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from conformance import data
from conformance.drawing import corpus
from conformance.model import Case, Finding, Pictures, Target, cases_of
from conformance.proving.rehearsal import TARGET, rehearse
from conformance.proving.zoo import SLOW
from conformance.reference.endpoint import Endpoint
from conformance.registry import all_checks

sys.path.insert(0, str(Path(__file__).parent))

Rehearse = Callable[..., list[Finding]]


@pytest.fixture(scope="session")
def pictures() -> Pictures:
    return corpus.load(data.folder("fixtures"))


@pytest.fixture(scope="session")
def every_case() -> list[Case]:
    return cases_of(all_checks())


@pytest.fixture(scope="session")
def quick(every_case: list[Case]) -> set[str]:
    """Every check but the slow ones."""
    return {case.check.id for case in every_case} - SLOW


@pytest.fixture(scope="session")
def run(pictures: Pictures, every_case: list[Case]) -> Rehearse:
    """Findings of the cases of some checks (of all, where none are named)."""

    def run(
        make: Callable[..., Endpoint],
        checks: Iterable[str] | None = None,
        target: Target = TARGET,
    ) -> list[Finding]:
        wanted = None if checks is None else set(checks)
        cases = [c for c in every_case if wanted is None or c.check.id in wanted]
        return asyncio.run(rehearse(cases, pictures, make, target=target))

    return run
