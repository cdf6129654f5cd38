"""What a run of pytest has concluded."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest

from conformance.session.session import Session

SESSION = pytest.StashKey[Session]()
#: Why the run was ended, as it was told on standard error.
TOLD = pytest.StashKey[str]()
#: Surrounds what may be cut off by KeyboardInterrupt, where only such parts may be.
Part = Callable[[], AbstractContextManager[None]]
CUT = pytest.StashKey[Part]()


class Conclusion:
    """A plugin for whoever starts pytest: it keeps the report, None where there is none.

    ``cut`` surrounds the parts of a run that a signal may cut off: all others are short.
    """

    def __init__(self, cut: Part = nullcontext) -> None:
        self.report: dict[str, Any] | None = None
        self.told = ""
        self._cut = cut

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[CUT] = self._cut

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        running = config.stash.get(SESSION, None)
        self.report = running.report if running else None
        self.told = config.stash.get(TOLD, "")
