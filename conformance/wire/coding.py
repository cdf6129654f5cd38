"""The content codings that we ask for, undone step by step and never past a bound."""

from __future__ import annotations

import zlib

#: zlib and gzip alike, told apart by their first bytes (zlib manual, inflateInit2).
_EITHER = 32 + zlib.MAX_WBITS
ASKED = frozenset({"gzip", "x-gzip", "deflate"})


class CodingError(ValueError):
    """Bytes that are not what their content-encoding says, in a few words."""


class Decoder:
    """Undoes one coding; raises CodingError for one that nobody asked for, and for stacked ones."""

    def __init__(self, named: str) -> None:
        codings = [c for c in (name.strip() for name in named.lower().split(",")) if c]
        codings = [coding for coding in codings if coding != "identity"]
        if len(codings) > 1 or not set(codings) <= ASKED:
            raise CodingError(f"a content-encoding that nobody asked for: {named[:40]}")
        self._inflate = zlib.decompressobj(_EITHER) if codings else None
        self._begun = False

    def decode(self, piece: bytes, most: int) -> bytes:
        """What a piece of the body stands for, at most ``most`` bytes of it and one."""
        if self._inflate is None:
            return piece
        if self._inflate.eof:
            return b""
        self._begun = self._begun or bool(piece)
        try:
            return self._inflate.decompress(piece, most + 1)
        except zlib.error as error:
            raise CodingError(f"bytes that cannot be decoded: {error}") from None

    def close(self) -> None:
        """Raises CodingError where the body ended before the coding did."""
        if self._inflate is not None and self._begun and not self._inflate.eof:
            raise CodingError("the encoded body is cut off")
