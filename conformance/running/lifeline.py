"""Whether an endpoint still answers us: an account, a key or a model may go in the middle."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from math import ceil, inf, log
from typing import Final

from conformance.model import Credential, Exchange, Probe, Service, Unsent
from conformance.running.halt import Halt
from conformance.running.patience import FALSE_ALARM, PRIOR

#: Plain questions that must all be refused in such a way before a run ends, at least and at most.
#: Where every second reply comes from a back end that has lost its key, twenty in a row meet it
#: once in a million times.
FEWEST_CONTROLS, MOST_CONTROLS = 3, 24
#: Seconds between them.
BETWEEN: Final = 0.15


class Lifeline:
    """Ends a run where plain questions are refused for a reason that holds for all.

    ``fatal`` gives that reason of a reply, as a sentence, or "".
    """

    def __init__(
        self, halt: Halt | None = None, fatal: Callable[[Exchange], str] = lambda _: ""
    ) -> None:
        self._fatal = fatal
        self._halt = halt or Halt()
        self._turn = asyncio.Lock()
        #: When the last plain question was sent that was answered, or refused for itself alone.
        self._cleared = 0.0
        #: Requests that were answered, and that were refused so while others still were.
        self._answered = self._dismissed = 0
        self._calm = asyncio.Event()
        self._calm.set()

    def going_on(self) -> AbstractAsyncContextManager[None]:
        """A block that is left with Unsent as soon as the run ends."""
        return self._halt.going_on()

    @property
    def is_in_doubt(self) -> bool:
        """True while plain questions are asked: nothing else is to be sent meanwhile."""
        return not self._calm.is_set()

    async def calm(self) -> None:
        """Waits until there is no doubt."""
        await self._calm.wait()

    async def verify(self, exchange: Exchange, ask: Callable[[], Awaitable[Exchange]]) -> None:
        """Raises Unsent where the reply shows that the run is at its end; ``ask`` confirms it."""
        if not _is_plain(exchange.probe):
            return
        if not self._fatal(exchange):
            self._answered += 1
            return
        came = time.monotonic()
        async with self._turn:
            if self._cleared < came and (reason := await self._confirmed(ask)):
                self._halt.end(reason)
                raise Unsent(reason)
            self._dismissed += 1

    @property
    def _needed(self) -> int:
        """Refusals in a row that are no chance, by the share of those that went by so far."""
        rate = (self._dismissed + PRIOR) / (self._answered + self._dismissed + PRIOR)
        needed = log(FALSE_ALARM) / log(rate) if rate < 1 else inf
        return ceil(min(MOST_CONTROLS, max(FEWEST_CONTROLS, needed)))

    async def _confirmed(self, ask: Callable[[], Awaitable[Exchange]]) -> str:
        """What each of several plain questions met; "" where one of them did not."""
        self._calm.clear()
        try:
            reason = ""
            for number in range(self._needed):
                await asyncio.sleep(BETWEEN if number else 0)
                sent = time.monotonic()
                reason = self._fatal(await ask())
                if not reason:
                    self._cleared = sent
                    self._answered, self._dismissed = self._answered + 1, self._dismissed + number
                    break
            return reason
        finally:
            self._calm.set()


def _is_plain(probe: Probe) -> bool:
    """False where the request itself asks for such a refusal: by another key, or another model."""
    named = {name for name, _ in (*probe.params, *probe.headers)}
    return (
        probe.service is Service.CHAT
        and probe.credential is Credential.RIGHT
        and probe.raw_body is None
        and not named & {"model", "authorization", "api-key"}
    )
