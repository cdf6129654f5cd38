"""Faults with the download of pictures given by URL."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import httpx

from conformance.model import Json, Symptom
from conformance.reference.addresses import Downloader, Loaded
from conformance.reference.conversation import Item, Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken


class _Downloader(Downloader):
    """A downloader whose replies are looked at before they are accepted."""

    def inspect(self, response: httpx.Response) -> None:
        raise NotImplementedError

    async def _body(self, response: httpx.Response) -> bytes:
        if response.status_code == 200:
            self.inspect(response)
        return await super()._body(response)


class _WantsImageTypes(_Downloader):
    def inspect(self, response: httpx.Response) -> None:
        if not response.headers.get("content-type", "").startswith("image/"):
            raise ApiError("The URL does not point to an image.", code="invalid_image_url")


@fault("url/content-type-does-not-matter", symptom=Symptom.REFUSED, where=("host",))
class TrustsTheContentType(Endpoint):
    """Refuses a picture that its host calls application/octet-stream, or nothing at all."""

    downloader_kind = _WantsImageTypes


class _WantsALength(_Downloader):
    def inspect(self, response: httpx.Response) -> None:
        if "content-length" not in response.headers:
            raise ApiError("The size of the image is unknown.", code="invalid_image_url")


@fault("url/chunked-body-is-read", symptom=Symptom.REFUSED)
class NeedsAContentLength(Endpoint):
    """Refuses a picture whose host does not say how long it is."""

    downloader_kind = _WantsALength


class _AsksHeadFirst(Downloader):
    async def get(self, url: str, path: str) -> Loaded:
        head = await self._http.head(url)
        if head.status_code != 200:
            raise ApiError(f"Cannot stat {url}: {head.status_code}.", code="invalid_image_url")
        return await super().get(url, path)


@fault("url/head-is-not-needed", symptom=Symptom.REFUSED, also=(Symptom.REFUSAL_BREAKS,))
class ChecksByHead(Endpoint):
    """Asks for the size by HEAD first, and gives up where the host refuses HEAD."""

    downloader_kind = _AsksHeadFirst


class _StaysWhereItIs(Downloader):
    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        super().__init__(transport)
        self._http.follow_redirects = False


class _Swallows(Endpoint):
    """Answers without a picture where its download failed."""

    async def take(self, part: Json, path: str) -> Item | None:
        try:
            return await super().take(part, path)
        except ApiError as error:
            if error.code != "invalid_image_url":
                raise
            return None


@fault(
    "url/redirect",
    "url/redirect-chain",
    symptom=Symptom.NOT_READ,
    also=(Symptom.OVERLOOKED,),
    where=("host",),
)
class FollowsNoRedirects(_Swallows):
    """Takes a redirect for the end of the download, and answers without the picture."""

    downloader_kind = _StaysWhereItIs


class _FollowsOne(Downloader):
    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        super().__init__(transport)
        self._http.max_redirects = 1


@fault("url/redirect-chain", symptom=Symptom.NOT_READ, also=(Symptom.OVERLOOKED,))
class FollowsOneRedirect(_Swallows):
    """Follows one redirect, and answers without the picture where there are more."""

    downloader_kind = _FollowsOne


@fault("url/slow-host-is-waited-for", symptom=Symptom.REFUSED)
class HasNoPatience(Endpoint):
    """Gives a picture host half a second, then gives up."""

    async def load(self, url: str, path: str) -> Loaded:
        try:
            async with asyncio.timeout(0.5):
                return await super().load(url, path)
        except TimeoutError:
            raise ApiError(f"Timeout while downloading {url}.", code="invalid_image_url") from None


@fault("url/failed-download-is-refused", symptom=Symptom.OVERLOOKED, where=("host",))
class AnswersWithoutTheDownload(_Swallows):
    """Answers from imagination, with 200, where the picture could not be downloaded."""


class _BlamesItself(Endpoint):
    """Passes a failed download on as a failure of its own."""

    status = 500

    async def load(self, url: str, path: str) -> Loaded:
        try:
            return await super().load(url, path)
        except ApiError as error:
            if error.code != "invalid_image_url":
                raise
            raise ApiError(error.message, status=self.status, kind="api_error") from None


@fault("url/failed-download-is-refused", symptom=Symptom.REFUSAL_BREAKS, where=("host",))
class DownloadErrorsAre500(_BlamesItself):
    """Reports a 404 of the picture host as its own 500."""


@fault("url/failed-download-is-refused", symptom=Symptom.REFUSAL_BREAKS, where=("host",))
class DownloadErrorsAre502(_BlamesItself):
    """Reports a 404 of the picture host as a bad gateway, as if it were worth a retry."""

    status = 502


@fault("url/credentials-are-not-forwarded", symptom=Symptom.LEAKED)
class ForwardsTheKey(Endpoint):
    """Sends the caller's Authorization header on to the picture host."""

    async def load(self, url: str, path: str) -> Loaded:
        self.downloader._http.headers["authorization"] = f"Bearer {self.key}"
        return await super().load(url, path)


class _FetchesAgain(Downloader):
    async def get(self, url: str, path: str) -> Loaded:
        for _ in range(3):
            await super().get(url, path)
        return await super().get(url, path)


@fault("url/fetches-are-few", "url/picture-given-out-once-is-read", symptom=Symptom.REFUSED)
class FetchesFourTimes(Endpoint):
    """Fetches each picture four times: to count tokens, to moderate, to convert, to see."""

    downloader_kind = _FetchesAgain


class _LooksFirst(Downloader):
    async def get(self, url: str, path: str) -> Loaded:
        await super().get(url, path)
        return await super().get(url, path)


@fault("url/picture-given-out-once-is-read", symptom=Symptom.REFUSED)
class GuardsByAFetchOfItsOwn(Endpoint):
    """Has each picture fetched by a guardrail first, and then by the model's own fetcher."""

    downloader_kind = _LooksFirst


class _PostsFirst(Downloader):
    async def get(self, url: str, path: str) -> Loaded:
        await self._http.post(url)
        return await super().get(url, path)


@fault("url/fetches-are-few", symptom=Symptom.MALFORMED, also=(Symptom.REFUSAL_BREAKS,))
class FetchesByPost(Endpoint):
    """Tries to fetch a picture by POST before it tries GET."""

    downloader_kind = _PostsFirst


# ---------------------------------------------------------------- patience


class _GivesUp(Endpoint):
    """Does something of its own where a host does not answer in time."""

    def give_up(self) -> Item | None:
        raise NotImplementedError

    async def take(self, part: Json, path: str) -> Item | None:
        try:
            return await super().take(part, path)
        except ApiError as error:
            if not error.message.startswith("Timeout"):
                raise
            return self.give_up()


@fault("url/silent-host-is-given-up", symptom=Symptom.NOT_READ)
class AnswersWithoutSlowHosts(_GivesUp):
    """Answers without a picture whose host does not answer in time."""

    def give_up(self) -> Item | None:
        return None


# ---------------------------------------------------------------- heavy downloads

HEAVY = "url/heavy-picture-is-read-whole"
MEGA = 1_000_000


class _Cuts(Downloader):
    async def get(self, url: str, path: str) -> Loaded:
        loaded = await super().get(url, path)
        return replace(loaded, data=loaded.data[:MEGA])


@fault(HEAVY, symptom=Symptom.REFUSED, where=("weight",))
class ReadsOneMegabyte(Endpoint):
    """Reads the first megabyte of a download, and calls the rest of the picture damaged."""

    downloader_kind = _Cuts


class _Weighs(Endpoint):
    """Does something of its own with a heavy picture by URL."""

    most = 4 * MEGA

    async def take(self, part: Json, path: str) -> Item | None:
        item = await super().take(part, path)
        heavy = isinstance(item, Look) and item.source == "http" and item.size > self.most
        return self.too_heavy() if heavy else item

    def too_heavy(self) -> Item | None:
        raise NotImplementedError


@fault(HEAVY, symptom=Symptom.SERVER_ERROR)
class InlinesDownloads(_Weighs):
    """Writes a download as base64, and breaks on a limit that only base64 has: 500."""

    def too_heavy(self) -> Item | None:
        raise broken("image exceeds 5 MB maximum: 6666700 bytes > 5242880 bytes")


@fault(HEAVY, symptom=Symptom.NOT_READ, where=("weight",))
class LosesHeavyDownloads(_Weighs):
    """Stops a download beyond 1.5 MB, and answers without the picture."""

    most = 3 * MEGA // 2

    def too_heavy(self) -> Item | None:
        return None


@fault(
    "url/long-metadata-before-the-picture",
    "base64/long-metadata-before-the-picture",
    symptom=Symptom.SERVER_ERROR,
)
class ReadsTheSizeFromTheStart(Endpoint):
    """Looks for the size of a JPEG in its first 64 kB, and breaks where it is not there: 500."""

    async def look(self, loaded: Loaded, detail: str) -> Look:
        if loaded.data[:2] == b"\xff\xd8" and _start_of_frame(loaded.data) > 65_536:
            raise broken("image: unknown format")
        return await super().look(loaded, detail)


def _start_of_frame(jpeg: bytes) -> int:
    """Where the frame header stands, or the end of what is marked as segments."""
    at = 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    return at
