"""A bounded number of places, the next free one to whoever has come furthest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class Turn:
    """Somebody's claim to a place. The rank may be lowered while he waits."""

    rank: int


class Places:
    """Like a semaphore, but with ranks: the lowest waiting rank is served first."""

    def __init__(self, number: int) -> None:
        self._free = number
        #: In the order they came. There are hundreds at most, so the next is looked for.
        self._waiting: list[tuple[Turn, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def taken(self, turn: Turn) -> AsyncIterator[None]:
        """Waits for a place and holds it; equal ranks are served in the order they came."""
        await self._take(turn)
        try:
            yield
        finally:
            self._give()

    async def _take(self, turn: Turn) -> None:
        if self._free:
            self._free -= 1
            return
        called = asyncio.get_running_loop().create_future()
        self._waiting.append((turn, called))
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():
                self._give()
            raise

    def _give(self) -> None:
        while self._waiting:
            place = min(range(len(self._waiting)), key=lambda n: self._waiting[n][0].rank)
            _, called = self._waiting.pop(place)
            if not called.done():
                called.set_result(None)
                return
        self._free += 1
