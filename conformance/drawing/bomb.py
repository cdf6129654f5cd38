"""A picture of few bytes and very many pixels."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from PIL import Image

#: Filter types of the PNG specification, third edition, section 9.2.
NONE, UP = b"\x00", b"\x02"


def blown_up(picture: bytes, width: int) -> bytes:
    """The picture in black and white at ``width`` pixels, a multiple of its own, as a PNG.

    Nothing of that size is ever held in memory: every row is the one above it, but for a few.
    """
    with Image.open(io.BytesIO(picture)) as image:
        ink = np.asarray(image.convert("L")) > 127
    times = width // ink.shape[1]
    height = ink.shape[0] * times
    header = struct.pack(">IIBBBBB", ink.shape[1] * times, height, 1, 0, 0, 0, 0)
    press = zlib.compressobj(9)
    pixels = b"".join(press.compress(row) for row in _rows(ink, times)) + press.flush()
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", pixels), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _rows(ink: npt.NDArray[np.bool_], times: int) -> Iterator[bytes]:
    """Every row with its filter: the first of a kind as it is, its copies as no change."""
    for row in ink:
        packed = np.packbits(np.repeat(row, times)).tobytes()
        yield NONE + packed
        yield (UP + bytes(len(packed))) * (times - 1)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
