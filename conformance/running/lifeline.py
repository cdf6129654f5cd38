"""Whether an endpoint still answers us: an account, a key or a model may go in the middle."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Final

from conformance.model import Credential, Exchange, Probe, Service, Unsent
from conformance.running.halt import Halt

#: Plain questions that must all be refused in such a way before a run ends. Where one of five back
#: ends has lost its key, three in a row meet it once in 125 times.
CONTROLS: Final = 3
#: Seconds between them.
BETWEEN: Final = 0.25


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
        if not _is_plain(exchange.probe) or not self._fatal(exchange):
            return
        came = time.monotonic()
        async with self._turn:
            if self._cleared < came and (reason := await self._confirmed(ask)):
                self._halt.end(reason)
                raise Unsent(reason)

    async def _confirmed(self, ask: Callable[[], Awaitable[Exchange]]) -> str:
        """What each of several plain questions met; "" where one of them did not."""
        self._calm.clear()
        try:
            reason = ""
            for number in range(CONTROLS):
                await asyncio.sleep(BETWEEN if number else 0)
                sent = time.monotonic()
                reason = self._fatal(await ask())
                if not reason:
                    self._cleared = sent
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
