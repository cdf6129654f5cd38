"""What the tests of structure have in common."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _nothing_is_collected() -> Iterator[None]:
    """Python 3.11 stumbles where a destructor runs just while a source is parsed (gh-106905)."""
    gc.disable()
    yield
    gc.enable()
