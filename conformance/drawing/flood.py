"""Pictures made so large by empty padding that an endpoint must stop before their end."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Final

from conformance.drawing.padding import HEAD, KIND

#: Without a length, with one that is a lie, and compressed.
ENDLESS, VAST, INFLATED = KINDS = ("endless", "vast", "inflated")

#: Bytes of padding: twice the largest published limit for one picture that we know of (Perplexity:
#: 50 MB). Nothing is really endless, so that an endpoint which never stops comes to no harm.
PADDING: Final = 128 * 1024 * 1024
#: Bytes handed over at a time.
PIECE: Final = 64 * 1024


def pieces(png: bytes, kind: str) -> Iterable[bytes]:
    """The body: a PNG with its padding before the pixels, compressed if it is to be inflated."""
    return _inflating(png) if kind == INFLATED else _padded(png)


@lru_cache(maxsize=2)
def _inflating(png: bytes) -> tuple[bytes, ...]:
    """Made once: it takes 0.4 s, in which the picture host serves nobody else."""
    return tuple(_compressed(_padded(png)))


def _padded(png: bytes) -> Iterator[bytes]:
    yield png[:HEAD] + struct.pack(">I", PADDING) + KIND
    zeros = bytes(PIECE)
    for _ in range(PADDING // PIECE):
        yield zeros
    yield struct.pack(">I", _checksum()) + png[HEAD:]


@cache
def _checksum() -> int:
    found, zeros = zlib.crc32(KIND), bytes(PIECE)
    for _ in range(PADDING // PIECE):
        found = zlib.crc32(zeros, found)
    return found


def _compressed(body: Iterable[bytes]) -> Iterator[bytes]:
    """As gzip, in pieces that are worth sending."""
    press = zlib.compressobj(level=1, wbits=31)
    waiting = b""
    for piece in body:
        waiting += press.compress(piece)
        if len(waiting) >= PIECE:
            yield waiting
            waiting = b""
    yield waiting + press.flush()
