"""Where exchanges come from, by record mode. The modes mean what pytest-recording says."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from pathlib import Path

from aiolimiter import AsyncLimiter

from conformance import cassettes
from conformance.client import sent_request
from conformance.model import Case, Exchange, Finding, Probe, Target, Verdict
from conformance.places import Places
from conformance.redact import Redactor


class RecordMode(StrEnum):
    """``none`` sends nothing; ``once`` and ``new_episodes`` send what is missing."""

    NONE = "none"
    ONCE = "once"
    NEW_EPISODES = "new_episodes"
    ALL = "all"
    REWRITE = "rewrite"


class Live:
    """Sends equal probes once, at most ``concurrency`` at a time, ``per_minute`` if given.

    A dialogue that has begun goes before one that has not, so that no long chain is left alone
    at the end.
    """

    def __init__(
        self,
        transmit: Callable[[Probe], Awaitable[Exchange]],
        *,
        concurrency: int,
        per_minute: int | None = None,
    ) -> None:
        self._transmit = transmit
        self._places = Places(concurrency)
        self._pace = AsyncLimiter(1, 60 / per_minute) if per_minute else None
        self._sent: dict[Probe, asyncio.Task[Exchange]] = {}
        self._steps: Counter[str] = Counter()

    async def send(self, case: Case, probe: Probe) -> Exchange:
        task = self._sent.get(probe)
        if task is None:
            rank = -self._steps[case.id]
            task = self._sent[probe] = asyncio.create_task(self._send(probe, rank))
        self._steps[case.id] += 1
        return await asyncio.shield(task)

    async def _send(self, probe: Probe, rank: int) -> Exchange:
        async with self._places.taken(rank):
            if self._pace:
                await self._pace.acquire()
            return await self._transmit(probe)

    async def close(self) -> None:
        """Cancels what is still under way."""
        for task in self._sent.values():
            task.cancel()
        await asyncio.gather(*self._sent.values(), return_exceptions=True)


class Replay:
    """Answers from the cassette of the case. Sends nothing unless given somebody who does."""

    def __init__(
        self, folder: Path, target: Target, mode: RecordMode, live: Live | None = None
    ) -> None:
        self._folder = folder
        self._target = target
        self._mode = mode
        self._live = live
        self._load: Callable[[Case], cassettes.Cassette | None] = _cached(folder)
        self._redactor = Redactor(())

    async def send(self, case: Case, probe: Probe) -> Exchange:
        sent = sent_request(probe, self._target, self._redactor)
        try:
            cassette = self._load(case)
            found = cassette.find(probe, sent) if cassette else None
        except cassettes.CassetteError as error:
            return Exchange(probe=probe, sent=sent, failure=str(error))
        if found is not None:
            return found
        if self._live is not None and (cassette is None or self._mode is RecordMode.NEW_EPISODES):
            return await self._live.send(case, probe)
        return Exchange(probe=probe, sent=sent, failure=_missing(case, cassette, self._folder))


def _missing(case: Case, cassette: cassettes.Cassette | None, folder: Path) -> str:
    path = cassettes.path_of(folder, case)
    if cassette is None:
        return f"there is no cassette {path.name}; record it with --record-mode=once"
    return f"{path.name} holds no such request; record it with --record-mode=new_episodes"


def _cached(folder: Path) -> Callable[[Case], cassettes.Cassette | None]:
    loaded: dict[str, cassettes.Cassette | None] = {}

    def load(case: Case) -> cassettes.Cassette | None:
        if case.id not in loaded:
            loaded[case.id] = cassettes.load(folder, case)
        return loaded[case.id]

    return load


def clear(folder: Path, cases: Sequence[Case]) -> None:
    """Deletes the cassettes of the cases, as ``rewrite`` asks."""
    for case in cases:
        cassettes.path_of(folder, case).unlink(missing_ok=True)


def is_worth_keeping(finding: Finding) -> bool:
    """False where a later run should send again: nothing sent, or nothing that can be judged."""
    if not finding.evidence or finding.verdict is Verdict.UNOBSERVED:
        return False
    return not any(e.failure for e in finding.evidence)
