"""Which tests are slow: those that say so, and what a sample leaves out."""

from __future__ import annotations

import gc
from collections import Counter

import pytest

#: Files whose slow tests take minutes each: they end, flood and fill again and again.
LONG = {
    "test_budget.py",
    "test_crowd.py",
    "test_full_disk.py",
    "test_goes_on.py",
    "test_handmade.py",
    "test_hostile.py",
    "test_stopped.py",
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a test that is ``sampled(n)`` one item in n is quick, from the first on."""
    seen: Counter[str] = Counter()
    for item in items:
        if item.path.name in LONG and item.get_closest_marker("slow"):
            item.add_marker("long")
        mark = item.get_closest_marker("sampled")
        if mark is None:
            continue
        test = item.nodeid.partition("[")[0]
        if seen[test] % mark.args[0]:
            item.add_marker("slow")
        seen[test] += 1


def pytest_collection_finish() -> None:
    """What was collected stays: garbage is not looked for among it."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
