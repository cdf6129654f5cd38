"""What a run of pytest has concluded."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.session.session import Session

SESSION = pytest.StashKey[Session]()
#: Why the run was ended, as it was told on standard error.
TOLD = pytest.StashKey[str]()


class Conclusion:
    """A plugin for whoever starts pytest: it keeps the report, None where there is none."""

    def __init__(self) -> None:
        self.report: dict[str, Any] | None = None
        self.told = ""

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        running = config.stash.get(SESSION, None)
        self.report = running.report if running else None
        self.told = config.stash.get(TOLD, "")
