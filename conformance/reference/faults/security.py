"""Faults with addresses that must not be fetched, files that must not be opened, and floods.

None of them connects outside loopback: ``LoopbackOnly`` stands behind every one. None exhausts
the machine: what is too large is counted, not kept.
"""

from __future__ import annotations

import struct
import tempfile
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx
from starlette.responses import Response

from conformance.drawing.padding import FRAME, HEAD
from conformance.model import Json, Symptom
from conformance.reference.addresses import Downloader, Loaded, loopback, urlsplit_or_none
from conformance.reference.conversation import Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, is_picture, url_in
from conformance.wire.jsontext import items_at, parse

HIT = "security/loopback-is-not-fetched"
REDIRECT = "security/redirect-into-loopback-is-not-followed"
KEYLESS = "security/nothing-is-fetched-without-a-key"
INNER = "security/inner-address-is-not-tried"
FILE = "security/file-is-not-opened"
ORACLE = "security/file-errors-tell-nothing"
ENDLESS = "security/endless-download-is-cut"
INFLATED = "security/inflated-download-is-refused"
BOMB = "security/decompression-bomb-is-survived"
AFTER = "security/endpoint-is-not-broken"

MEGA = 1_000_000


# ---------------------------------------------------------------- requests that must not be made


class _FromAnywhere(Downloader):
    def allows(self, url: httpx.URL) -> bool:
        return loopback(url.host) is not None


@fault(HIT, REDIRECT, symptom=Symptom.LET_IN)
class FetchesFromAnywhere(Endpoint):
    """Fetches whatever URL it is given, from any port of its own machine too."""

    downloader_kind = _FromAnywhere


class _KnowsOneSpelling(Downloader):
    def allows(self, url: httpx.URL) -> bool:
        listed = ("127.0.0.1", "localhost", "::1")
        return super().allows(url) or (url.host not in listed and loopback(url.host) is not None)


@fault(HIT, REDIRECT, symptom=Symptom.LET_IN, where=("spelling",))
class KnowsOneSpellingOfLoopback(Endpoint):
    """Looks for 127.0.0.1, localhost and ::1 in the URL, and not for the other spellings."""

    downloader_kind = _KnowsOneSpelling


class _TrustsTheHost(Downloader):
    def allows(self, url: httpx.URL) -> bool:
        hosts = {httpx.URL(origin).host for origin in self.origins or ()}
        return super().allows(url) or url.host in hosts


@fault(HIT, REDIRECT, symptom=Symptom.LET_IN)
class ForgetsThePort(Endpoint):
    """Goes by the name of the host alone, and fetches from every port of an allowed one."""

    downloader_kind = _TrustsTheHost


class _ChecksTheFirstHop(Downloader):
    async def get(self, url: str, path: str) -> Loaded:
        with suppress(httpx.InvalidURL):
            await super()._judge(httpx.Request("GET", url))
        return await super().get(url, path)

    async def _judge(self, request: httpx.Request) -> None:
        """Every hop is let pass."""


@fault(REDIRECT, symptom=Symptom.LET_IN, where=("host",))
class ChecksTheFirstHopOnly(Endpoint):
    """Judges the URL it is given, and goes wherever the redirects lead."""

    downloader_kind = _ChecksTheFirstHop


class _JudgesLate(Downloader):
    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        super().__init__(transport)
        self._before = _FromAnywhere(transport)

    async def get(self, url: str, path: str) -> Loaded:
        with suppress(ApiError):
            await self._before.get(url, path)
        return await super().get(url, path)


@fault(HIT, REDIRECT, "url/picture-given-out-once-is-read", symptom=Symptom.LET_IN)
class JudgesAfterTheFetch(Endpoint):
    """Fetches first, to know the type of what is there, and refuses the address after that."""

    downloader_kind = _JudgesLate


@fault(KEYLESS, "url/picture-given-out-once-is-read", symptom=Symptom.LET_IN)
class FetchesBeforeTheKey(Endpoint):
    """Fetches the pictures of a request to count its tokens, before it looks at the key."""

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        for url in _urls(parse(raw)):
            with suppress(ApiError):
                await self.downloader.get(url, "")
        return await super().chat(headers, raw)


def _urls(body: Json) -> list[str]:
    parts = [p for message in items_at(body, "messages") for p in items_at(message, "content")]
    urls = [url_in(part) for part in parts if is_picture(part)]
    return [url for url in urls if isinstance(url, str) and url.startswith("http")]


@fault(INNER, symptom=Symptom.LET_IN)
class TellsHowItTried(Endpoint):
    """Says of an address in the inner network that the connection to it timed out."""

    async def load(self, url: str, path: str) -> Loaded:
        host = urlsplit_or_none(url)
        if host is not None and loopback(host) is None:
            raise ApiError("Cannot fetch image: connection timed out.", code="invalid_image_url")
        return await super().load(url, path)


# ---------------------------------------------------------------- files that must not be opened


class _TakesPaths(Endpoint):
    """Takes a path for the address of a picture, where it leads to a temporary file."""

    async def load(self, url: str, path: str) -> Loaded:
        file = _path_in(url)
        return await super().load(url, path) if file is None else self.opened(file)

    def opened(self, file: Path) -> Loaded:
        raise NotImplementedError


def _path_in(url: str) -> Path | None:
    """The path that a URL is or names; None outside the folder for temporary files."""
    named = unquote(urlsplit(url).path) if url[:5].lower() == "file:" else url[:4096]
    if not named.startswith("/") or "\0" in named:
        return None
    file = Path(named)
    return file if Path(tempfile.gettempdir()).resolve() in file.parents else None


@fault(FILE, ORACLE, symptom=Symptom.LET_IN, where=("way",))
class OpensFiles(_TakesPaths):
    """Opens the file that a file:// URL or a bare path leads to, and reads the picture in it."""

    def opened(self, file: Path) -> Loaded:
        try:
            return Loaded(data=file.read_bytes(), source="http")
        except OSError as error:
            raise ApiError(f"[Errno {error.errno}] {error.strerror}") from None


@fault(ORACLE, symptom=Symptom.LEAKED)
class TellsWhichFilesExist(_TakesPaths):
    """Refuses a path in other words where there is a file than where there is none."""

    def opened(self, file: Path) -> Loaded:
        there, missing = "cannot identify image file", "No such file or directory"
        raise ApiError(f"Invalid image: {there if file.exists() else missing}.")


# ---------------------------------------------------------------- more than anybody wants


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
