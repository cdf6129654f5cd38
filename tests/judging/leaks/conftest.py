from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from conformance import data
from conformance.drawing import corpus
from conformance.model import Probe, cases_of
from conformance.proving.rehearsal import rehearse
from conformance.registry import all_checks

#: Areas whose requests are asked again.
ASKED = ("url", "base64", "detail", "streaming", "shape", "errors", "limits", "leaks")


@pytest.fixture(scope="session")
def probes_of() -> Callable[[Callable[[str], bool]], set[Probe]]:
    """What the checks of some areas send to the faultless endpoint."""
    pictures = corpus.load(data.folder("fixtures"))

    def probes_of(wanted: Callable[[str], bool]) -> set[Probe]:
        checks = [c for c in all_checks() if c.area in ASKED and wanted(c.area) and not c.opt_in]
        slow = ("heavy", "slow", "silent")
        cases = [c for c in cases_of(checks) if not any(word in c.check.id for word in slow)]
        sent: list[Probe] = []
        asyncio.run(rehearse(cases, pictures, sent=sent.append))
        return set(sent)

    return probes_of
