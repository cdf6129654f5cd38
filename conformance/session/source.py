"""Where the replies of a run come from: an endpoint, or a cassette."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from conformance.model import Case, Json, Pictures, Target
from conformance.running.engine import Sender


class Source(Protocol):
    """What a session needs of either. Its constructor opens what it needs, ``close`` ends it."""

    @property
    def mode(self) -> str:
        """As it stands in the report: "live" or "replay"."""

    @property
    def target(self) -> Target: ...

    @property
    def seed(self) -> str: ...

    @property
    def pictures(self) -> Pictures: ...

    def prepare(self, cases: Sequence[Case], *, is_whole: bool) -> None:
        """Called once before anything is asked; ``is_whole`` where these are all cases."""

    def sender(self) -> AbstractAsyncContextManager[Sender]:
        """Whoever answers, for as long as an ``async with`` block lasts."""

    @property
    def notice(self) -> str:
        """What whoever started the run should know at once; mostly ""."""

    @property
    def spent(self) -> dict[str, Json]:
        """What the run has taken, as the report holds it; empty where nothing is sent."""

    @property
    def recorded(self) -> str:
        """When the replies were begun to be recorded, in ISO 8601; "" where they are not."""

    @property
    def ended(self) -> str:
        """Why the run was ended before all was asked, in a sentence; "" where it was not."""

    def last_look(self, report: dict[str, Any]) -> dict[str, Any]:
        """The report without whatever of a secret is in it all the same."""

    def close(self, *, is_finished: bool) -> None:
        """Called once; ``is_finished`` where nothing was left out that the run was to judge."""
