"""So much in any minute and never more, however unevenly it comes."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from conformance.running.passage import Passage

#: Seconds of the window in which requests and tokens are counted.
MINUTE = 60.0
#: Seconds by which a request may be counted later than it was sent: it is on its way for so long.
#: Chosen, so that slow replies cost no more than that of each minute.
LAG = 4.0


@dataclass(slots=True, eq=False)
class Share:
    """A part of what the window holds, and until when it counts."""

    amount: int
    until: float = math.inf


class Pace:
    """At most ``most`` in any ``seconds``; None bounds nothing. ``is_even``: and never two at once.

    Who allows 60 a minute may count one a second ("may be enforced as 1 request per second",
    OpenAI, guide "Rate limits", of 60,000 a minute), or start with what was asked a moment ago.

    The other end may count a request at any moment between its sending and its reply, so a share
    counts until the window has passed since the reply, or since the sending and the ``LAG``.
    """

    def __init__(self, most: int | None, seconds: float = MINUTE, *, is_even: bool = False) -> None:
        self._most = most
        self._seconds = seconds
        #: Seconds between two, and when the next may follow.
        self._between = seconds / most if most and is_even else 0.0
        self._next = 0.0
        self._shares: set[Share] = set()
        self._turn = asyncio.Lock()
        self._changed = asyncio.Event()

    @asynccontextmanager
    async def held(self, amount: int, passage: Passage) -> AsyncIterator[Share]:
        """Waits until so much is free, first come first served, for what is sent in the block.

        More than the window holds at all is let through when nothing else is in it. Who knows
        better how much it was writes that into the share.
        """
        share = Share(amount)
        if self._most is None:
            yield share
            return
        async with self._turn:
            while (wait := self._wait_for(amount)) > 0:
                self._changed.clear()
                await either(self._changed, wait)
            self._shares.add(share)
            self._next = time.monotonic() + self._between
        began = time.monotonic()
        try:
            yield share
        finally:
            counted = min(time.monotonic(), began + LAG)
            share.until = counted + self._seconds if passage.is_sent else 0.0
            self._changed.set()

    def _wait_for(self, amount: int) -> float:
        """Seconds until something may have changed; 0 where so much is free."""
        now = time.monotonic()
        self._shares = {share for share in self._shares if share.until > now}
        used = sum(share.amount for share in self._shares)
        if not self._shares or used + amount <= (self._most or 0):
            return max(0.0, self._next - now)
        return min(share.until for share in self._shares) - now


async def either(event: asyncio.Event, seconds: float) -> None:
    """Until something happens, or so many seconds have passed."""
    try:
        async with asyncio.timeout(None if math.isinf(seconds) else seconds):
            await event.wait()
    except TimeoutError:
        return
