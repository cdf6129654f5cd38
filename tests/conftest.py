"""Which tests are slow: those that say so, and what a sample leaves out."""

from __future__ import annotations

import gc
from collections import Counter

import pytest

#: Folders of tests that play a whole endpoint each: of a file one in so many is quick.
PLAYED = {"cases": 3}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a test that is ``sampled(n)`` one item in n is quick, from the first on, the others slow;
    with ``sampled(n, m)`` one in m of those is slow, and the rest long. What is long is slow too.
    """
    seen: Counter[str] = Counter()
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker("slow")
        folder = PLAYED.get(item.path.parent.name)
        mark = item.get_closest_marker("sampled")
        if folder is None and mark is None:
            continue
        test = str(item.path) if folder else item.nodeid.partition("[")[0]
        quick, *slow = (folder,) if folder else mark.args
        if seen[test] % quick:
            item.add_marker("slow")
            if any(seen[test] % one for one in slow):
                item.add_marker("long")
        seen[test] += 1


def pytest_collection_finish() -> None:
    """What was collected stays: garbage is not looked for among it."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
