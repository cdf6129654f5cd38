"""Findings for every test here: made up, drawn by chance, and of a few real runs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from conformance.model import Finding

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def real_runs() -> dict[str, list[Finding]]:
    """What some checks found of the faultless endpoint, which is "", and of sweeping faults."""
    from swept import swept

    return swept()
