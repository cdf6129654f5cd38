"""Cassettes as a sender, by record mode. The modes mean what pytest-recording says."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache, partial
from pathlib import Path

from conformance.model import Case, Exchange, Finding, Probe, Target, sent_alone
from conformance.recording import cassettes
from conformance.redact import Redactor
from conformance.running.live import Live
from conformance.wire.request import sent_request

#: Cassettes that are held in memory. Parsed, one takes ten times the space of its file.
KEPT = 8


class RecordMode(StrEnum):
    """``none`` sends nothing; ``once`` and ``new_episodes`` send what is missing."""

    NONE = "none"
    ONCE = "once"
    NEW_EPISODES = "new_episodes"
    ALL = "all"
    REWRITE = "rewrite"


class Replay:
    """Answers from the cassette of the case. Sends nothing unless given somebody who does."""

    def __init__(
        self, folder: Path, target: Target, mode: RecordMode, live: Live | None = None
    ) -> None:
        #: Ids of the cases for which something was sent.
        self.sent_for: set[str] = set()
        self._folder = folder
        self._target = target
        self._mode = mode
        self._live = live
        # The steps of a dialogue follow one another at once.
        self._load = lru_cache(maxsize=KEPT)(partial(cassettes.load, shared=cassettes.Shared()))
        self._redactor = Redactor(())

    async def send(self, case: Case, probe: Probe) -> Exchange:
        sent = sent_request(probe, self._target, self._redactor)
        try:
            cassette = self._load(cassettes.path_of(self._folder, case))
            # As of a live run, the evidence is the request itself, and not what was sent beside it.
            found = cassette.find(sent_alone(probe), sent) if cassette else None
        except cassettes.CassetteError as error:
            return Exchange(probe=probe, sent=sent, failure=str(error))
        if found is not None:
            return found
        if self._live is not None and (cassette is None or self._mode is RecordMode.NEW_EPISODES):
            self.sent_for.add(case.id)
            return await self._live.send(case, probe)
        return Exchange(probe=probe, sent=sent, failure=_missing(case, cassette, self._folder))


def _missing(case: Case, cassette: cassettes.Cassette | None, folder: Path) -> str:
    path = cassettes.path_of(folder, case)
    if cassette is None:
        return f"there is no cassette {path.name}; record it with --record-mode=once"
    return f"{path.name} holds no such request; record it with --record-mode=new_episodes"


def clear(folder: Path, cases: Sequence[Case]) -> None:
    """Deletes the cassettes of the cases, as ``rewrite`` asks."""
    for case in cases:
        cassettes.path_of(folder, case).unlink(missing_ok=True)


def is_worth_keeping(finding: Finding) -> bool:
    """False where a later run should send again: nothing sent, or trouble that proves nothing."""
    return bool(finding.evidence) and all(e.is_judgeable for e in finding.evidence)
