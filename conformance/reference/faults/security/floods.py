"""Faults with more than anybody wants: downloads without end, bombs, and what they leave behind."""

from __future__ import annotations

import struct
import zlib
from collections.abc import AsyncIterator

import httpx

from conformance.drawing.padding import FRAME, HEAD
from conformance.model import Symptom
from conformance.reference.addresses import Downloader, Loaded
from conformance.reference.conversation import Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken

ENDLESS = "security/endless-download-is-cut"
INFLATED = "security/inflated-download-is-refused"
BOMB = "security/decompression-bomb-is-survived"
AFTER = "security/endpoint-is-not-broken"
MEGA = 1_000_000

# ---------------------------------------------------------------- downloads


class _NeverStops(Downloader):
    async def _body(self, response: httpx.Response) -> bytes:
        if response.status_code != 200 or "content-encoding" in response.headers:
            return await super()._body(response)
        kept = bytearray()
        async for piece in response.aiter_bytes():
            kept += piece if len(kept) < MEGA else b""
        return bytes(kept)


@fault(ENDLESS, symptom=Symptom.LET_IN)
class DownloadsWithoutEnd(Endpoint):
    """Downloads whatever comes, for as long as it comes, and keeps the first megabyte."""

    downloader_kind = _NeverStops


class _Inflates(Downloader):
    async def _body(self, response: httpx.Response) -> bytes:
        if response.status_code != 200 or response.headers.get("content-encoding") != "gzip":
            return await super()._body(response)
        return _without_padding(*await _inflated(response.aiter_raw()))


@fault(INFLATED, symptom=Symptom.LET_IN)
class InflatesWithoutBound(Endpoint):
    """Looks at the length of a compressed download, and not at what it inflates to."""

    downloader_kind = _Inflates


async def _inflated(pieces: AsyncIterator[bytes]) -> tuple[bytearray, int]:
    """What was inflated, but for stretches of zeros, and how many zeros those are."""
    inflate, kept, skipped = zlib.decompressobj(wbits=31), bytearray(), 0
    async for piece in pieces:
        while piece:
            out = inflate.decompress(piece, MEGA)
            piece = inflate.unconsumed_tail
            if out.count(0) == len(out):
                skipped += len(out)
            else:
                kept += out
    return kept, skipped


def _without_padding(png: bytearray, skipped: int) -> bytes:
    """The PNG without the chunk behind its header, of which so many bytes are missing."""
    if not skipped:
        return bytes(png)
    (size,) = struct.unpack(">I", png[HEAD : HEAD + 4])
    return bytes(png[:HEAD] + png[HEAD + FRAME + size - skipped :])


class _Breaks(Downloader):
    async def _body(self, response: httpx.Response) -> bytes:
        try:
            return await super()._body(response)
        except ApiError as error:
            if error.code != "invalid_image":
                raise
            raise broken("OutOfMemoryError: Java heap space") from None


@fault(ENDLESS, INFLATED, symptom=Symptom.REFUSAL_BREAKS, where=("host",))
class BreaksOnFloods(Endpoint):
    """Runs out of memory where a download is too large for it: 500."""

    downloader_kind = _Breaks


# ---------------------------------------------------------------- pictures


def _is_bomb(data: bytes) -> bool:
    """True for a PNG of more than 300 million pixels."""
    if data[:4] != b"\x89PNG" or len(data) < HEAD:
        return False
    width, height = struct.unpack(">II", data[16:24])
    return bool(width * height > 300 * MEGA)


@fault(BOMB, symptom=Symptom.REFUSAL_BREAKS)
class BreaksOnBombs(Endpoint):
    """Decodes a picture of any number of pixels, and lets the MemoryError through: 500."""

    async def look(self, loaded: Loaded, detail: str) -> Look:
        if _is_bomb(loaded.data):
            raise broken("MemoryError")
        return await super().look(loaded, detail)


# ---------------------------------------------------------------- afterwards


class _Dies(Endpoint):
    """Refuses what is too much as it should, and answers nothing from then on."""

    dead = False

    async def load(self, url: str, path: str) -> Loaded:
        if self.dead:
            raise broken("Engine background task failed.")
        return await super().load(url, path)


@fault(AFTER, symptom=Symptom.SERVER_ERROR)
class DiesOfBombs(_Dies):
    """Loses its worker to a decompression bomb, and answers no picture from then on."""

    async def look(self, loaded: Loaded, detail: str) -> Look:
        self.dead = self.dead or _is_bomb(loaded.data)
        return await super().look(loaded, detail)


@fault(AFTER, symptom=Symptom.SERVER_ERROR)
class DiesOfFloods(_Dies):
    """Fills its disk with a download that is too large, and answers no picture from then on."""

    async def load(self, url: str, path: str) -> Loaded:
        try:
            return await super().load(url, path)
        except ApiError as error:
            self.dead = self.dead or error.code == "invalid_image"
            raise
