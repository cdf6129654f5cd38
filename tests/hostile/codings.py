"""Content codings: stacked, wrong, cut, and bombs."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

from behaving import GOOD, STREAM, Behaviour, replies


def _coded(name: str, sentence: str, coding: str, body: bytes | Callable[[], bytes]) -> Behaviour:
    return replies(name, sentence, body, more=f"content-encoding: {coding}\r\n")


def _bomb(size: int, times: int = 1) -> Callable[[], bytes]:
    """Zero bytes of this size, compressed so many times over."""

    def body() -> bytes:
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        piece = b" " * (1 << 20)
        data = b"".join(packer.compress(piece) for _ in range(size >> 20)) + packer.flush()
        for _ in range(times - 1):
            data = gzip.compress(data, 9)
        return data

    return body


def _deflate_raw() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(GOOD) + packer.flush()


_ZIPPED = gzip.compress(GOOD, mtime=0)
_TWICE = gzip.compress(_ZIPPED, mtime=0)
_LINE = "gzip\r\ncontent-encoding: gzip"

CODINGS = (
    _coded("gzip-bomb", "100 MB in 100 kB of gzip.", "gzip", _bomb(100 << 20)),
    _coded("gzip-bomb-gb", "A gigabyte in a megabyte of gzip.", "gzip", _bomb(1 << 30)),
    _coded("gzip-stacked", "gzip, gzip.", "gzip, gzip", _TWICE),
    _coded("gzip-stacked-bomb", "A gigabyte in a few kB of gzip, gzip.", "gzip, gzip",
           _bomb(1 << 30, 2)),
    _coded("gzip-two-headers", "Two headers content-encoding: gzip.", _LINE, _TWICE),
    _coded("gzip-two-headers-bomb", "A gigabyte below two headers content-encoding: gzip.", _LINE,
           _bomb(1 << 30, 2)),
    _coded("gzip-three", "Three times gzip.", "gzip, gzip, gzip", _bomb(1 << 30, 3)),
    _coded("gzip-thousand", "A thousand codings named.", ", ".join(["gzip"] * 1000), _ZIPPED),
    _coded("gzip-cut", "gzip that is cut off.", "gzip", _ZIPPED[:-20]),
    _coded("gzip-checksum", "gzip with a wrong checksum.", "gzip", _ZIPPED[:-8] + bytes(8)),
    _coded("gzip-none", "Plain JSON said to be gzip.", "gzip", GOOD),
    _coded("gzip-empty", "No byte said to be gzip.", "gzip", b""),
    _coded("gzip-head-only", "Nothing but the head of gzip.", "gzip", _ZIPPED[:10]),
    _coded("gzip-garbage-after", "Bytes after the end of gzip.", "gzip", _ZIPPED + b"x" * 100_000),
    _coded("gzip-members", "10,000 members of gzip, one after the other.", "gzip",
           _ZIPPED + gzip.compress(b"", mtime=0) * 10_000),
    _coded("gzip-name", "A head of gzip with a name of 5 MB.", "gzip",
           b"\x1f\x8b\x08\x08" + bytes(6) + b"n" * (5 << 20)),
    _coded("deflate-raw", "deflate without its frame.", "deflate", _deflate_raw()),
    _coded("deflate-bomb", "deflate that is a bomb in gzip.", "deflate", _bomb(100 << 20)),
    _coded("br", "Brotli, which nobody asked for.", "br", b"\x8b\x01\x80{}\x03"),
    _coded("zstd", "Zstandard, which nobody asked for.", "zstd", b"\x28\xb5\x2f\xfd\0\0\x01\0\0"),
    _coded("compress", "The coding of compress.", "compress", b"\x1f\x9d\x90"),
    _coded("identity-list", "identity, identity, identity.", "identity, identity, identity", GOOD),
    _coded("identity-gzip", "identity, gzip.", "identity, gzip", _ZIPPED),
    _coded("coding-unknown", "A coding that does not exist.", "rot13", GOOD),
    _coded("coding-empty", "A content-encoding without a value.", "", GOOD),
    _coded("coding-commas", "A content-encoding of commas.", "," * 60_000, GOOD),
    _coded("coding-escape", "Escape sequences in its name.", "\x1b[31mgzip\x07", GOOD),
    replies("stream-bomb", "A stream of events in a bomb.", _bomb(100 << 20), STREAM,
            "content-encoding: gzip\r\n"),
    replies("coded-hidden", "gzip that no header tells of.", _ZIPPED),
)  # fmt: skip
