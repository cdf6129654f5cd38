"""How much a run may send, and for how long: counted where a request leaves, never exceeded."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class NotSent(Exception):
    """A request was not sent, or not waited for, because the budget is spent; says which."""


class Budget:
    """Most requests of a run, whoever asks for them, and the seconds after which none is sent.

    ``requests`` and ``seconds`` of None bound nothing. The seconds run from now.
    """

    def __init__(self, *, requests: int | None = None, seconds: float | None = None) -> None:
        self._most = requests
        self._seconds = seconds
        self._until = math.inf if seconds is None else time.monotonic() + seconds
        #: Requests that were sent, answered or not.
        self.sent = 0
        #: Why something was not sent, in one sentence; "" where all was.
        self.ended = ""

    def take(self) -> None:
        """Counts one request that is about to be sent. Raises NotSent where it must not be.

        Nothing is awaited, so that of many who ask at once no two take the last one.
        """
        self.verify()
        self.sent += 1

    def verify(self) -> None:
        """Raises NotSent where no request may be sent any more."""
        if time.monotonic() >= self._until:
            self._end(f"the deadline of {self._seconds:g} s is over (--deadline)")
        if self._most is not None and self.sent >= self._most:
            self._end(f"the budget of {self._most} requests is spent (--max-requests)")

    @asynccontextmanager
    async def within(self) -> AsyncIterator[None]:
        """Gives up what is awaited inside when the deadline comes. Raises NotSent."""
        self.verify()
        left = None if self._until == math.inf else self._until - time.monotonic()
        try:
            async with asyncio.timeout(left) as limit:
                yield
        except TimeoutError:
            if limit.expired():
                self._end(f"the deadline of {self._seconds:g} s is over (--deadline)")
            raise

    def _end(self, words: str) -> None:
        self.ended = self.ended or words
        raise NotSent(f"not asked: {words}")
