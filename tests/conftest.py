"""Which tests are slow: those that say so, and what a sample leaves out."""

from __future__ import annotations

import gc
from collections import Counter

import pytest

#: Folders of tests that play a whole endpoint each: of a file one in so many is quick.
PLAYED = {"cases": 3}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a test that is ``sampled(n)`` one item in n is quick, from the first on; long is slow."""
    seen: Counter[str] = Counter()
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker("slow")
        folder = PLAYED.get(item.path.parent.name)
        mark = item.get_closest_marker("sampled")
        if folder is None and mark is None:
            continue
        test = str(item.path) if folder else item.nodeid.partition("[")[0]
        if seen[test] % (folder or mark.args[0]):
            item.add_marker("slow")
        seen[test] += 1


def pytest_collection_finish() -> None:
    """What was collected stays: garbage is not looked for among it."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
