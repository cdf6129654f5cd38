"""A digest of ``make hostile``: whatever an endpoint does, a run ends and says what it was."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from behaving import Behaviour
from behaviours import BEHAVIOURS
from measuring import GRACE, MEMORY, Measured, measure

#: Behaviours whose runs take little time, one of the framing, of codings and of values.
QUICK = ("gzip-stacked", "chunk-extension", "deep-and-wide")


@pytest.fixture
def held(tmp_path: Path):
    def run(behaviour: Behaviour) -> Measured:
        found = asyncio.run(measure(behaviour, tmp_path))
        assert found.off == "", found.told
        return found

    return run


@pytest.mark.long
@pytest.mark.parametrize("behaviour", BEHAVIOURS[::15], ids=lambda behaviour: behaviour.name)
def test_a_run_ends_in_time_and_says_what_happened(behaviour: Behaviour, held) -> None:
    held(behaviour)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", QUICK)
def test_what_asking_again_cannot_mend_is_told_at_once(name: str, held) -> None:
    [behaviour] = [one for one in BEHAVIOURS if one.name == name]
    assert held(behaviour).status == 3


def test_names_are_unique() -> None:
    assert set(Counter(behaviour.name for behaviour in BEHAVIOURS).values()) == {1}


@pytest.mark.parametrize(
    ("change", "off"),
    [
        ({"status": 0}, "exit status 0"),
        ({"seconds": 10 + GRACE}, "too slow"),
        ({"megabytes": MEMORY}, "too much memory"),
        ({"has_trace": True}, "a traceback"),
        ({"told": ""}, "nothing told"),
        ({}, ""),
    ],
)
def test_what_does_not_hold_is_named(change: dict[str, object], off: str) -> None:
    good = {"told": "no", "status": 3, "seconds": 1.0, "megabytes": 90, "has_trace": False}
    assert Measured(**(good | {"most": 10.0} | change)).off == off
