"""HTTP clients of few connections each, as many as are needed at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar

import httpx

#: Requests of one client at once. To find a free connection takes time that grows with the square
#: of their number: at 64 as much as all else together.
MOST = 8


class Pools:
    """Hands out a client that has room; ``make`` makes another where none has."""

    def __init__(self, make: Callable[[], httpx.AsyncClient]) -> None:
        self._make = make
        self._under_way: dict[httpx.AsyncClient, int] = {}

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        """A client for one request, which has a place in it until the block is left."""
        room = (client for client, number in self._under_way.items() if number < MOST)
        client = next(room, None) or self._make()
        self._under_way[client] = self._under_way.get(client, 0) + 1
        try:
            yield client
        finally:
            self._under_way[client] -= 1

    async def close(self) -> None:
        await asyncio.gather(*(client.aclose() for client in self._under_way))


class NoCookies(CookieJar):
    """Keeps none: each request stands for itself, and none is looked at."""

    def extract_cookies(self, response: object, request: object) -> None:
        """Nothing is taken from a reply."""
