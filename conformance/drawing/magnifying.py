"""Pictures of few bytes and very many pixels."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

#: Of compression. A higher one takes twice as long for a tenth.
LEVEL = 6
Levels: TypeAlias = npt.NDArray[np.bool_] | npt.NDArray[np.uint8]
#: Filter types of the PNG specification, third edition, section 9.2.
NONE, UP = b"\x00", b"\x02"


def in_black_and_white(picture: bytes, factor: int) -> bytes:
    """A PNG of one bit a pixel, in which every pixel is a square of ``factor`` by ``factor``."""
    return _magnified(_levels(picture) > 127, factor, depth=1)


def in_grey(picture: bytes, factor: int) -> bytes:
    """A PNG of eight bits a pixel, in which every pixel is a square of ``factor`` by ``factor``."""
    return _magnified(_levels(picture), factor, depth=8)


def _levels(picture: bytes) -> Levels:
    with Image.open(io.BytesIO(picture)) as image:
        return np.asarray(image.convert("L"))


def _magnified(levels: Levels, factor: int, depth: int) -> bytes:
    """Nothing of its size is ever held in memory: every row is the one above it, but for a few."""
    height, width = (side * factor for side in levels.shape)
    header = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    press = zlib.compressobj(LEVEL)
    pixels = b"".join(press.compress(row) for row in _rows(levels, factor)) + press.flush()
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", pixels), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _rows(levels: Levels, times: int) -> Iterator[bytes]:
    """Every row with its filter: the first of a kind as it is, its copies as no change."""
    for row in levels:
        wide = np.repeat(row, times)
        packed = (np.packbits(wide) if wide.dtype == np.bool_ else wide).tobytes()
        yield NONE + packed
        yield (UP + bytes(len(packed))) * (times - 1)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
