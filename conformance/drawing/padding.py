"""PNG files made heavier without a change to what they show."""

from __future__ import annotations

import random
import struct
import zlib
from typing import Final

#: A private, ancillary chunk that may be copied (PNG specification, third edition, section 5.4):
#: decoders must skip it.
KIND: Final = b"paDd"
#: Bytes of the signature and of the IHDR chunk, which comes first.
HEAD: Final = 8 + 25
#: Bytes of the IEND chunk, which comes last.
TAIL: Final = 12
#: Bytes of a chunk beside its contents: length, type and check sum.
FRAME: Final = 12
#: Bytes of noise, repeated where more are wanted: farther apart than common codings look back.
NOISE: Final = 1_000_000


def chunk(size: int, seed: str) -> bytes:
    """A padding chunk of ``size`` bytes in all, at least 12, of noise that does not compress."""
    noise = random.Random(f"padding/{seed}").randbytes(min(size - FRAME, NOISE))
    body = (noise * (size // NOISE + 1))[: size - FRAME]
    return struct.pack(">I", len(body)) + KIND + body + struct.pack(">I", zlib.crc32(KIND + body))


def in_front(png: bytes, size: int, seed: str) -> bytes:
    """The file with ``size`` bytes of padding before its pixels."""
    return png[:HEAD] + chunk(size, seed) + png[HEAD:]


def behind(png: bytes, size: int, seed: str) -> bytes:
    """The file with ``size`` bytes of padding after its pixels."""
    return png[:-TAIL] + chunk(size, seed) + png[-TAIL:]


def grown_to(png: bytes, size: int, seed: str) -> bytes:
    """The file with padding before its pixels that makes it ``size`` bytes long.

    Raises ValueError where it is longer already, or too little is missing for a chunk.
    """
    verify(len(png), size)
    return in_front(png, size - len(png), seed)


def verify(weight: int, size: int) -> None:
    """Raises ValueError where ``weight`` bytes cannot be padded to ``size``."""
    if size - weight < FRAME:
        raise ValueError(f"{weight} bytes cannot be padded to {size}")
