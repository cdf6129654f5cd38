"""A cassette as a sender, by record mode. The modes mean what pytest-recording says."""

from __future__ import annotations

from enum import StrEnum

from conformance.model import Case, Exchange, Probe, Target, sent_alone
from conformance.recording.cassette import Cassette, CassetteError
from conformance.redact import Redactor
from conformance.running.engine import Sender
from conformance.wire.request import sent_request


class RecordMode(StrEnum):
    """``none`` sends nothing; ``once`` and ``new_episodes`` send what is missing.

    With ``once`` nothing is missing where a whole run was recorded.
    """

    NONE = "none"
    ONCE = "once"
    NEW_EPISODES = "new_episodes"
    ALL = "all"
    REWRITE = "rewrite"


class Replay:
    """Answers from a cassette, and sends only what is not in it, by ``live`` if that is given.

    With ``own`` only what the run under way has stored is an answer.
    """

    def __init__(
        self, cassette: Cassette, target: Target, live: Sender | None = None, *, own: bool = False
    ) -> None:
        self._cassette = cassette
        self._target = target
        self._live = live
        self._own = own
        self._redactor = Redactor(())

    async def send(self, case: Case, probe: Probe) -> Exchange:
        sent = sent_request(probe, self._target, self._redactor)
        try:
            # As of a live run, the evidence is the request itself, not what was sent beside it.
            found = self._cassette.find(sent_alone(probe), sent, own=self._own)
        except CassetteError as error:
            return Exchange(probe=probe, sent=sent, failure=str(error))
        if found is not None and (self._live is None or found.is_judgeable):
            return found
        if self._live is not None:
            return await self._live.send(case, probe)
        return Exchange(probe=probe, sent=sent, failure=self._missing())

    def _missing(self) -> str:
        name = self._cassette.path.name
        return f"{name} holds no such request; record it with --record-mode=new_episodes"
