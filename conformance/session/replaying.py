"""A run whose replies come from a cassette. Nothing is sent, and nothing is recorded."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from conformance import outlets
from conformance.model import Case, Json
from conformance.recording import origin
from conformance.recording.cassette import Cassette
from conformance.recording.replay import Replay
from conformance.running.engine import Sender
from conformance.session.pictures import pictures_of
from conformance.session.settings import ReplaySettings


class Replaying:
    """A ``Source``. Raises CassetteError and CorpusError where there is nothing to replay."""

    mode = "replay"
    notice = ended = ""

    def __init__(self, settings: ReplaySettings) -> None:
        recorded = origin.read(settings.cassettes)
        self.target, self.seed = recorded.target, recorded.seed
        # None is needed; one that is there all the same must not leave.
        outlets.know([os.environ.get(self.target.key_env, "").strip()])
        out = settings.reporting.out
        self.pictures = pictures_of(self.seed, settings.cassettes, out, is_only_read=True)
        self.recorded = recorded.recorded
        self._cassette = Cassette(settings.cassettes)
        self.spent: dict[str, Json] = {}

    def prepare(self, cases: Sequence[Case], *, is_whole: bool) -> None:
        """Nothing is to be prepared."""

    @asynccontextmanager
    async def sender(self) -> AsyncIterator[Sender]:
        yield Replay(self._cassette, self.target)

    def last_look(self, report: dict[str, Any]) -> dict[str, Any]:
        """Nothing was asked: files and the terminal are looked at as they are written."""
        return report

    def close(self, *, is_finished: bool) -> None:
        """Nothing is open."""
