"""The body of a reply as it comes: bounded in bytes, in pieces and in silence."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import httpx

from conformance.model import Chunk
from conformance.wire import bounds
from conformance.wire.coding import Decoder


class Silent(Exception):
    """The body of a reply began, and nothing more came of it."""


async def received(
    response: httpx.Response, began: float, most: int, silence: float
) -> tuple[bytes, tuple[Chunk, ...]]:
    """The decoded bytes, and when they came, in seconds since ``began``.

    Raises OverBound beyond ``most`` bytes, on the wire or decoded, Silent where nothing comes for
    ``silence`` seconds, CodingError, and what httpx raises.
    """
    pieces: list[bytes] = []
    chunks: list[Chunk] = []
    left = most
    decoder = Decoder(response.headers.get("content-encoding", ""))
    async for raw in _heard(response.aiter_raw(), silence):
        piece = decoder.decode(raw, left)
        left -= len(piece)
        if left < 0 or response.num_bytes_downloaded > most:
            raise bounds.too_large(most)
        if len(pieces) >= bounds.PIECES:
            raise bounds.too_many_pieces()
        pieces.append(piece)
        before = chunks.pop().size if len(chunks) == bounds.TIMED else 0
        at = round(time.monotonic() - began, 4)
        chunks.append(Chunk(at=at, size=before + len(piece)))
    decoder.close()
    return b"".join(pieces), tuple(chunks)


async def _heard(pieces: AsyncIterator[bytes], silence: float) -> AsyncIterator[bytes]:
    """The pieces as they come. Raises Silent where the next is waited for too long."""
    while True:
        try:
            async with asyncio.timeout(silence) as clock:
                piece = await anext(pieces)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise Silent if clock.expired() else TimeoutError from None
        yield piece
