"""A run whose replies come from cassettes. Nothing is sent, and nothing is recorded."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from conformance.model import Case
from conformance.recording import origin
from conformance.recording.replay import RecordMode, Replay
from conformance.running.engine import Outcome, Sender
from conformance.session.pictures import pictures_of
from conformance.session.settings import ReplaySettings


class Replaying:
    """A ``Source``. Raises CassetteError and CorpusError where there is nothing to replay."""

    mode = "replay"

    def __init__(self, settings: ReplaySettings) -> None:
        recorded = origin.read(settings.cassettes)
        self.target, self.seed = recorded.target, recorded.seed
        self.pictures = pictures_of(self.seed, settings.cassettes, settings.reporting.out)
        self._cassettes = settings.cassettes

    def prepare(self, cases: Sequence[Case], *, is_whole: bool) -> None:
        """Nothing is to be prepared."""

    @asynccontextmanager
    async def sender(self) -> AsyncIterator[Sender]:
        yield Replay(self._cassettes, self.target, RecordMode.NONE)

    def keep(self, outcome: Outcome) -> None:
        """It is kept already."""

    def close(self) -> None:
        """Nothing is open."""
