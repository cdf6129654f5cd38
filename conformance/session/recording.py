"""What a live run records and what it takes from what was recorded, by its record mode."""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from conformance.model import Exchange, Target
from conformance.recording import origin
from conformance.recording.cassette import Cassette, CassetteError
from conformance.recording.origin import Recording
from conformance.recording.replay import RecordMode, Replay
from conformance.redact import Redactor
from conformance.running.engine import Sender
from conformance.session.settings import LiveSettings
from conformance.wire.address import is_loopback

#: A run that was interrupted longer ago begins anew: its replies are no longer those of today.
OLDEST = timedelta(days=1)


class Recorder:
    """The cassette of a live run, in a folder. Raises CassetteError."""

    def __init__(
        self, folder: Path, settings: LiveSettings, target: Target, redactor: Redactor
    ) -> None:
        self._folder = folder
        self._mode = settings.record_mode
        self._target = target
        self._redactor = redactor
        before = _recorded_in(folder)
        self._is_whole_already = before is not None and before.is_finished
        as_recorded = origin.as_recorded(target, redactor)
        is_same = before is not None and _apart(before.target) == _apart(as_recorded)
        #: The run that was interrupted and that this one goes on with.
        self._resumed = before if is_same and _goes_on(before, settings) else None
        follows = self._resumed or (before if self._adds else None)
        seed = settings.seed or (follows.seed if follows else "") or secrets.token_hex(4)
        #: Of another endpoint or of other pictures nothing that was recorded is of use.
        self._is_of_use = is_same and before is not None and before.seed == seed
        self.recording = origin.begun(target, seed, secrets.token_hex(4))
        if self._resumed:
            recorded, run = self._resumed.recorded, self._resumed.run
            self.recording = replace(self.recording, recorded=recorded, run=run)
        self._cassette = Cassette(folder, self.recording.run)

    @property
    def resumed(self) -> str:
        """Words of a run that was interrupted and goes on; "" where this one begins."""
        if self._resumed is None:
            return ""
        return (
            f"goes on with the run of {self._resumed.recorded}, which was interrupted: "
            f"{len(self._cassette)} replies are there already (--record-mode=all begins anew)"
        )

    @property
    def exchanges(self) -> int:
        return len(self._cassette)

    @property
    def size(self) -> int:
        """Bytes of the cassette."""
        return self._cassette.size

    def begin(self, *, is_whole: bool) -> None:
        """Says whose recording this is. What is to be recorded anew goes."""
        is_anew = self._mode is RecordMode.REWRITE and (is_whole or not self._is_of_use)
        if is_anew and self._resumed is None:
            self._cassette.clear()
        origin.write(self._folder, self.recording, self._redactor)

    def keep(self, exchange: Exchange) -> None:
        """Stores an exchange at once."""
        self._cassette.add(exchange, self._target)

    def sender(self, live: Sender) -> Sender:
        """Whoever answers: the cassette, where it may, or ``live``."""
        if self._mode is RecordMode.ONCE and self._is_whole_already:
            return Replay(self._cassette, self._target)
        if self._mode is RecordMode.NEW_EPISODES:
            return Replay(self._cassette, self._target, live)
        return Replay(self._cassette, self._target, live, own=True) if self._resumed else live

    def end(self, *, is_finished: bool) -> None:
        """Leaves one exchange for each request, and says whether the run came to its end."""
        if is_finished:
            # It needs as much room again, and is worth no failure.
            with contextlib.suppress(CassetteError):
                self._cassette.compact()
            done = replace(self.recording, is_finished=True)
            origin.write(self._folder, done, self._redactor)

    @property
    def _adds(self) -> bool:
        """Whether this run adds to what was recorded, so that its pictures must be the same."""
        return self._mode in (RecordMode.ONCE, RecordMode.NEW_EPISODES, RecordMode.ALL)


def _recorded_in(folder: Path) -> Recording | None:
    """What was recorded in a folder; None where nothing was, or nothing that can be read."""
    try:
        return origin.read(folder)
    except CassetteError:
        return None


def _goes_on(before: Recording | None, settings: LiveSettings) -> bool:
    """Whether that run was interrupted, and not long ago."""
    if before is None or before.is_finished or settings.record_mode is RecordMode.ALL:
        return False
    return settings.seed in ("", before.seed) and _is_recent(before.recorded)


def _is_recent(recorded: str) -> bool:
    try:
        return datetime.now(UTC) - datetime.fromisoformat(recorded) < OLDEST
    except (ValueError, TypeError):
        return False


def _apart(target: Target) -> Target:
    """What tells targets apart: not at which port of this machine they and their pictures are."""
    return replace(
        target, base_url=_portless(target.base_url), picture_host_bind="", picture_host_url=""
    )


def _portless(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.hostname or "").geturl() if is_loopback(url) else url
