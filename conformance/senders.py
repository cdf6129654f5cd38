"""Where exchanges come from, by record mode. The modes mean what pytest-recording says."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import count
from pathlib import Path

from aiolimiter import AsyncLimiter

from conformance import cassettes
from conformance.client import sent_request
from conformance.model import Case, Exchange, Finding, Probe, Service, Target, sent_alone
from conformance.patience import (
    FEWEST_TRIES,
    Weather,
    is_broken,
    is_over,
    is_reproduced,
    pause,
)
from conformance.places import Places
from conformance.pulse import Pulse
from conformance.redact import Redactor
from conformance.trouble import SAID

#: Samples of what is sent beside the questions of a dialogue are counted from here.
AGAIN = 100_000


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
    at the end. A request in trouble is asked again, with its crowd if it has one: see ``patience``.
    ``control`` is a plain question that tells trouble of one request from trouble of all.
    """

    def __init__(
        self,
        transmit: Callable[[Probe], Awaitable[Exchange]],
        *,
        control: Probe,
        concurrency: int,
        per_minute: int | None = None,
        is_hurried: bool = False,
    ) -> None:
        self._transmit = transmit
        self._control = control
        self._places = Places(concurrency)
        self._pace = AsyncLimiter(1, 60 / per_minute) if per_minute else None
        #: True where nobody is there to be spared: no pauses are made.
        self._is_hurried = is_hurried
        self._sent: dict[Probe, asyncio.Task[Exchange]] = {}
        self._steps: Counter[str] = Counter()
        self._weather = Weather()
        self._controls = count(1)
        self._not_before = 0.0
        self._pulse = Pulse()
        #: The first question that was answered, where plain ones may not be.
        self._known: Probe | None = None

    async def send(self, case: Case, probe: Probe) -> Exchange:
        rank = -self._steps[case.id]
        self._steps[case.id] += 1
        for other in probe.crowd:
            self._start(other, rank)
        return await asyncio.shield(self._start(probe, rank))

    def _start(self, probe: Probe, rank: int) -> asyncio.Task[Exchange]:
        alone = sent_alone(probe)
        task = self._sent.get(alone)
        if task is None:
            task = self._sent[alone] = asyncio.create_task(self._steadily(probe, rank))
        return task

    async def _steadily(self, asked: Probe, rank: int) -> Exchange:
        """The first reply without trouble, or the last of the tries that were worth it."""
        probe = sent_alone(asked)
        kinds: list[str] = []
        controls: list[bool] = []
        while True:
            exchange = await self._once(probe, rank)
            if not exchange.trouble:
                self._weather.settled(len(kinds))
                return replace(exchange, troubles=tuple(kinds))
            kinds.append(exchange.trouble)
            if len(kinds) >= FEWEST_TRIES - 1 and exchange.trouble not in SAID:
                controls.append(await self._answers(rank))
            if self._is_over(probe, kinds, controls):
                return self._ended(asked, exchange, kinds, controls)
            await self._wait(len(kinds), exchange)
            for other in asked.crowd:
                self._start(replace(other, sample=other.sample + AGAIN * len(kinds)), rank)

    def _is_over(self, probe: Probe, kinds: list[str], controls: list[bool]) -> bool:
        if probe.is_risky or self._pulse.is_gone:
            return True
        return is_over(kinds, self._weather, controls)

    async def _once(self, probe: Probe, rank: int) -> Exchange:
        await asyncio.sleep(max(0.0, self._not_before - time.monotonic()))
        async with self._places.taken(rank):
            if self._pace:
                await self._pace.acquire()
            sent_at = self._pulse.sent(probe)
            exchange = await self._transmit(probe)
        self._pulse.felt(exchange, sent_at)
        is_chat = probe.service is Service.CHAT and not probe.stream
        if is_chat and exchange.status == 200 and not exchange.trouble:
            self._known = self._known or probe
        return exchange

    async def _answers(self, rank: int) -> bool:
        """Whether a plain question, asked now, is answered, or else one that was before."""
        for control in filter(None, (self._control, self._known)):
            number = AGAIN + next(self._controls)
            exchange = await self._once(replace(control, sample=number), rank)
            if not exchange.trouble:
                self._weather.settled(0)
                return True
        return False

    async def _wait(self, tries: int, exchange: Exchange) -> None:
        asked = exchange.header("retry-after")
        seconds = pause(tries, asked)
        if exchange.status == 429:
            self._not_before = max(self._not_before, time.monotonic() + seconds)
        await asyncio.sleep(0 if self._is_hurried else seconds)

    def _ended(
        self, asked: Probe, exchange: Exchange, kinds: list[str], controls: list[bool]
    ) -> Exchange:
        """The last try; what was said again and again is a reply like any other."""
        said = exchange.trouble in SAID and len(set(kinds)) == 1
        alone = is_reproduced(kinds, controls, self._weather)
        was_the_end = not alone and is_broken(kinds) and self._is_the_end(asked.after)
        reproduced = alone or was_the_end
        return replace(
            exchange,
            troubles=() if said else tuple(kinds[:-1]),
            trouble="" if said else max(kinds, key=kinds.count) if reproduced else kinds[-1],
            reproduced=reproduced,
            was_the_end=was_the_end,
        )

    def _is_the_end(self, after: Probe | None) -> bool:
        return after is not None and self._pulse.ended_with(sent_alone(after))

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
            # As of a live run, the evidence is the request itself, and not what was sent beside it.
            found = cassette.find(sent_alone(probe), sent) if cassette else None
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
    """False where a later run should send again: nothing sent, or trouble that proves nothing."""
    return bool(finding.evidence) and all(e.is_judgeable for e in finding.evidence)
