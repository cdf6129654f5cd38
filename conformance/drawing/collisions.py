"""Pictures and paths made to have the same weak checksum as another, which shows something else.

Made on the fly, so that the corpus stays small. A file gets bytes that decoders skip: a comment in
a JPEG, which unlike a chunk has no checksum of its own, or a padding chunk behind the pixels of a
PNG. The paths collide whatever stands before and behind them, the unguessable token included.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable
from functools import lru_cache
from itertools import count
from typing import Final

from conformance.drawing import padding
from conformance.drawing.variants import made
from conformance.model import Picture

#: Marker of a comment (ITU T.81, table B.1: COM), and where segments begin: behind SOI.
COM: Final = b"\xff\xfe"
SOI: Final = 2
#: Modulus of Adler-32, the largest prime below 65536 (RFC 1950, section 9).
ADLER: Final = 65521
#: Bytes of the comment that evens out Adler-32, and what each of them is at least. Each may be
#: larger by up to 150, so that they make up for twice the modulus.
EVENING: Final = 1024
LOWEST: Final = 64
#: Units moved from one byte to another at most.
MOVED: Final = 20

Mark = Callable[[bytes], int]


def crc32(data: bytes) -> int:
    return zlib.crc32(data)


def adler32(data: bytes) -> int:
    return zlib.adler32(data)


def sha256_end(data: bytes) -> int:
    """The last four hex digits, which one cache kept of its hash."""
    return int.from_bytes(hashlib.sha256(data).digest()[-2:], "big")


def md5_start(data: bytes) -> int:
    """The first four hex digits."""
    return int.from_bytes(hashlib.md5(data, usedforsecurity=False).digest()[:2], "big")


def java_hash(data: bytes) -> int:
    """What Java's String.hashCode makes of ASCII text."""
    return _times(data, 31, 0)


def djb2(data: bytes) -> int:
    """Bernstein's hash with the factor 33."""
    return _times(data, 33, 5381)


def _times(data: bytes, factor: int, start: int) -> int:
    value = start
    for byte in data:
        value = (value * factor + byte) & 0xFFFFFFFF
    return value


#: Checksums of files that collide, by the name of the case.
OF_FILES: Final[dict[str, Mark]] = {
    "crc-32": crc32,
    "adler-32": adler32,
    "sha-256-last-16-bits": sha256_end,
    "md5-first-16-bits": md5_start,
}
#: Checksums of URLs that collide, and two paths that make them, whatever stands before and behind.
OF_URLS: Final[dict[str, tuple[Mark, tuple[str, str]]]] = {
    "java-hash": (java_hash, ("scan-Aa.png", "scan-BB.png")),
    "djb2": (djb2, ("scan-ax.png", "scan-bW.png")),
    "crc-32": (crc32, ("scan-aaaaaaaba.png", "scan-kckjideca.png")),
    "adler-32": (adler32, ("scan-bcb.png", "scan-cac.png")),
}


@lru_cache(maxsize=16)
def twin(picture: Picture, other: Picture, kind: str) -> Picture:
    """The picture, its bytes having the checksum of the other's. Both are of one format."""

    def draw() -> bytes:
        return _CHANGED[kind](picture.data, OF_FILES[kind](other.data))

    return made(picture, f"{kind} of {other.id}", draw)


def _commented(jpeg: bytes, comment: bytes) -> bytes:
    segment = COM + struct.pack(">H", len(comment) + 2) + comment
    return jpeg[:SOI] + segment + jpeg[SOI:]


def _by_crc(jpeg: bytes, wanted: int) -> bytes:
    """Four bytes are enough: CRC-32 is linear in them, and no two values give the same."""

    def crc(value: int) -> int:
        return zlib.crc32(_commented(jpeg, struct.pack(">I", value)))

    plain = crc(0)
    return _commented(
        jpeg, struct.pack(">I", _solved(lambda bit: crc(bit) ^ plain, plain ^ wanted))
    )


def _solved(effect: Callable[[int], int], wanted: int) -> int:
    """The bits whose effects, taken together by exclusive or, are what is wanted."""
    basis: dict[int, tuple[int, int]] = {}
    for n in range(32):
        value, bits = _reduced(basis, effect(1 << n), 1 << n)
        basis[value.bit_length()] = value, bits
    return _reduced(basis, wanted, 0)[1]


def _reduced(basis: dict[int, tuple[int, int]], value: int, bits: int) -> tuple[int, int]:
    while value and value.bit_length() in basis:
        other, more = basis[value.bit_length()]
        value, bits = value ^ other, bits ^ more
    return value, bits


def _by_adler(jpeg: bytes, wanted: int) -> bytes:
    """Adler-32 is a sum of the bytes and a sum weighted by place: units are added, then moved."""
    plain = zlib.adler32(_commented(jpeg, bytes([LOWEST]) * EVENING))
    missing = ((wanted & 0xFFFF) - (plain & 0xFFFF)) % ADLER + ADLER
    more = [missing // EVENING + (n < missing % EVENING) for n in range(EVENING)]
    even = _commented(jpeg, bytes(LOWEST + n for n in more))
    # A byte counts once for itself and each byte behind it: moved ahead it counts for more.
    ahead = ((wanted >> 16) - (zlib.adler32(even) >> 16)) % ADLER
    return _commented(jpeg, bytes(LOWEST + n for n in _moved(more, ahead)))


def _moved(units: list[int], ahead: int) -> list[int]:
    """Units moved towards the start, from byte to byte, by so many places in all."""
    moved = list(units)
    start = 0
    while ahead:
        end = min(EVENING - 1 - start, start + ahead)
        some = min(MOVED, ahead // (end - start))
        moved[start] += some
        moved[end] -= some
        ahead -= some * (end - start)
        start += 1
    return moved


def _by_trial(name: str, kept: slice) -> Callable[[bytes, int], bytes]:
    """One padding in 65,536 leads to the wanted bytes of the digest; each takes microseconds."""

    def change(png: bytes, wanted: int) -> bytes:
        begun = hashlib.new(name, png[: -padding.TAIL], usedforsecurity=False)
        for n in count():
            behind = _chunk(n) + png[-padding.TAIL :]
            digest = begun.copy()
            digest.update(behind)
            if digest.digest()[kept] == wanted.to_bytes(2, "big"):
                break
        return png[: -padding.TAIL] + behind

    return change


def _chunk(n: int) -> bytes:
    body = padding.KIND + struct.pack(">I", n)
    return struct.pack(">I", 4) + body + struct.pack(">I", zlib.crc32(body))


_CHANGED: Final[dict[str, Callable[[bytes, int], bytes]]] = {
    "crc-32": _by_crc,
    "adler-32": _by_adler,
    "sha-256-last-16-bits": _by_trial("sha256", slice(-2, None)),
    "md5-first-16-bits": _by_trial("md5", slice(2)),
}
