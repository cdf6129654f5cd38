"""The live endpoint as a sender: steady, bounded, each question once."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import count

from conformance.judging.replies import told
from conformance.model import Case, Exchange, Probe, Service, Unsent, sent_alone
from conformance.running.lifeline import Lifeline
from conformance.running.passage import OPEN, Way
from conformance.running.patience import (
    FEWEST_TRIES,
    LONGEST_WAIT,
    Weather,
    asked_for,
    is_broken,
    is_over,
    is_reproduced,
    is_too_long,
    pause,
)
from conformance.running.places import Places, Turn
from conformance.running.pulse import Pulse
from conformance.wire.trouble import SAID

#: Samples of what is sent beside the questions of a dialogue are counted from here.
AGAIN = 100_000
#: Steps by which a case is ahead of others while the next one waits for its end.
AHEAD = 1_000


class Live:
    """Sends equal probes once, at most ``concurrency`` at a time, each when ``way`` lets it pass.

    A dialogue that has begun goes before one that has not, a long one before a short one, and one
    that others wait for before all, so that no long chain is left alone at the end. A request in
    trouble is asked again, with its crowd if it has one: see ``patience``.
    ``control`` is a plain question that tells trouble of one request from trouble of all.
    ``lifeline`` ends the run, which is told by Unsent. ``patience`` is the longest wait in seconds
    that a server may ask for.
    """

    def __init__(
        self,
        transmit: Callable[[Probe], Awaitable[Exchange]],
        *,
        control: Probe,
        concurrency: int,
        way: Way = OPEN,
        lifeline: Lifeline | None = None,
        patience: float = LONGEST_WAIT,
        is_hurried: bool = False,
        answered: Callable[[Exchange], None] | None = None,
    ) -> None:
        self._transmit = transmit
        self._control = control
        self._places = Places(concurrency)
        #: Hears of the last word on each question, as soon as it is there.
        self._answered = answered or (lambda _: None)
        self._way, self._lifeline, self._patience = way, lifeline or Lifeline(), patience
        #: True where nobody is there to be spared: no pauses are made.
        self._is_hurried = is_hurried
        self._sent: dict[Probe, asyncio.Task[Exchange]] = {}
        self._turns: dict[Probe, Turn] = {}
        self._steps: Counter[str] = Counter()
        self._weather = Weather()
        self._controls = count(1)
        self._not_before = 0.0
        self._pulse = Pulse()
        #: The first question that was answered, where plain ones may not be.
        self._known: Probe | None = None

    async def send(self, case: Case, probe: Probe) -> Exchange:
        """Raises Unsent where the run has no room for it, or has ended."""
        length = case.check.steps + (AHEAD if case.check.one_by_one else 0)
        rank = -self._steps[case.id] - length
        self._steps[case.id] += 1
        for other in probe.crowd:
            self._start(other, rank)
        return await asyncio.shield(self._start(probe, rank))

    def _start(self, probe: Probe, rank: int) -> asyncio.Task[Exchange]:
        """Whoever asks the same and has come further takes the others along."""
        alone = sent_alone(probe)
        turn = self._turns.setdefault(alone, Turn(rank))
        turn.rank = min(turn.rank, rank)
        task = self._sent.get(alone)
        if task is None:
            task = self._sent[alone] = asyncio.create_task(self._told(probe, turn))
        return task

    async def _told(self, probe: Probe, turn: Turn) -> Exchange:
        heard: list[Exchange] = []
        try:
            async with self._lifeline.going_on():
                exchange = await self._steadily(probe, turn, heard)
        except Unsent as ended:
            raise Unsent(f"{ended.actual}{_until_then(heard)}") from None
        self._answered(exchange)
        return exchange

    async def _steadily(self, asked: Probe, turn: Turn, heard: list[Exchange]) -> Exchange:
        """The first reply without trouble, or the last of the tries that were worth it.

        Those in trouble are put into ``heard`` as they come.
        """
        probe = sent_alone(asked)
        kinds: list[str] = []
        controls: list[bool] = []
        while True:
            exchange = await self._once(probe, turn)
            await self._lifeline.verify(exchange, partial(self._ask_control, turn))
            if not exchange.trouble:
                self._weather.settled(len(kinds))
                return replace(exchange, troubles=tuple(kinds))
            kinds.append(exchange.trouble)
            heard.append(exchange)
            if is_too_long(exchange, self._patience):
                words = asked_for(exchange, self._patience)
                return replace(exchange, troubles=tuple(kinds[:-1]), failure=words)
            if len(kinds) >= FEWEST_TRIES - 1 and exchange.trouble not in SAID:
                controls.append(await self._answers(turn))
            if self._is_over(probe, kinds, controls):
                return self._ended(asked, exchange, kinds, controls)
            await self._wait(len(kinds), exchange)
            for other in asked.crowd:
                self._start(replace(other, sample=other.sample + AGAIN * len(kinds)), turn.rank)

    def _is_over(self, probe: Probe, kinds: list[str], controls: list[bool]) -> bool:
        if probe.is_risky or self._pulse.is_gone:
            return True
        return is_over(kinds, self._weather, controls)

    async def _once(self, probe: Probe, turn: Turn) -> Exchange:
        while True:
            await self._lifeline.calm()
            await asyncio.sleep(max(0.0, self._not_before - time.monotonic()))
            async with self._places.taken(turn):
                # Whoever had a place meanwhile may have heard that it is no time to ask.
                if not self._lifeline.is_in_doubt and time.monotonic() >= self._not_before:
                    return await self._now(probe)

    async def _now(self, probe: Probe) -> Exchange:
        async with self._way.passage(probe) as passage:
            sent_at = self._pulse.sent(probe)
            exchange = passage.answered(await self._transmit(probe))
        self._pulse.felt(exchange, sent_at)
        is_chat = probe.service is Service.CHAT and not probe.stream
        if is_chat and exchange.status == 200 and not exchange.trouble:
            self._known = self._known or probe
        return exchange

    async def _ask_control(self, turn: Turn) -> Exchange:
        """A plain question, asked now."""
        control = replace(self._control, sample=AGAIN + next(self._controls))
        async with self._places.taken(turn):
            return await self._now(control)

    async def _answers(self, turn: Turn) -> bool:
        """Whether a plain question, asked now, is answered, or else one that was before."""
        for control in filter(None, (self._control, self._known)):
            number = AGAIN + next(self._controls)
            exchange = await self._once(replace(control, sample=number), turn)
            if not exchange.trouble:
                self._weather.settled(0)
                return True
        return False

    async def _wait(self, tries: int, exchange: Exchange) -> None:
        seconds = pause(tries, exchange.header("retry-after"), self._patience)
        if exchange.status == 429:
            self._not_before = max(self._not_before, time.monotonic() + seconds)
        await asyncio.sleep(0 if self._is_hurried else seconds)

    def _ended(
        self, asked: Probe, exchange: Exchange, kinds: list[str], controls: list[bool]
    ) -> Exchange:
        """The last try; what was said again and again is a reply like any other."""
        asked_to_wait = asked_for(exchange, self._patience)
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
            failure=exchange.failure if reproduced else asked_to_wait or exchange.failure,
        )

    def _is_the_end(self, after: Probe | None) -> bool:
        return after is not None and self._pulse.ended_with(sent_alone(after))

    async def close(self) -> None:
        """Cancels what is still under way."""
        for task in self._sent.values():
            task.cancel()
        await asyncio.gather(*self._sent.values(), return_exceptions=True)


def _until_then(heard: Sequence[Exchange]) -> str:
    """What the tries of a question met before the run ended; "" where there was none."""
    if not heard:
        return ""
    times = "once" if len(heard) == 1 else f"{len(heard)} times"
    return f"; until then this request was in trouble {times}: {told(heard[-1])}"
