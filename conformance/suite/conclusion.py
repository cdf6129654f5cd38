"""What a run of pytest has concluded."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.session.session import Session

SESSION = pytest.StashKey[Session]()


class Conclusion:
    """A plugin for whoever starts pytest: it keeps the report, None where there is none."""

    def __init__(self) -> None:
        self.report: dict[str, Any] | None = None

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        running = config.stash.get(SESSION, None)
        self.report = running.report if running else None
