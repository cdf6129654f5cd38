"""Faults with the download of pictures given by URL."""

from __future__ import annotations

import asyncio

import httpx

from conformance.model import Json
from conformance.reference.addresses import Downloader, Loaded
from conformance.reference.conversation import Item
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault


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


@fault("url/content-type-does-not-matter", kind="honest-refusal")
class TrustsTheContentType(Endpoint):
    """Refuses a picture that its host calls application/octet-stream, or nothing at all."""

    downloader_kind = _WantsImageTypes


class _WantsALength(_Downloader):
    def inspect(self, response: httpx.Response) -> None:
        if "content-length" not in response.headers:
            raise ApiError("The size of the image is unknown.", code="invalid_image_url")


@fault("url/chunked-body-is-read", kind="honest-refusal")
class NeedsAContentLength(Endpoint):
    """Refuses a picture whose host does not say how long it is."""

    downloader_kind = _WantsALength


class _AsksHeadFirst(Downloader):
    async def get(self, url: str, path: str) -> Loaded:
        head = await self._http.head(url)
        if head.status_code != 200:
            raise ApiError(f"Cannot stat {url}: {head.status_code}.", code="invalid_image_url")
        return await super().get(url, path)


@fault("url/head-is-not-needed", kind="protocol")
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


@fault("url/redirect", "url/redirect-chain", kind="silent-strip")
class FollowsNoRedirects(_Swallows):
    """Takes a redirect for the end of the download, and answers without the picture."""

    downloader_kind = _StaysWhereItIs


class _FollowsOne(Downloader):
    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        super().__init__(transport)
        self._http.max_redirects = 1


@fault("url/redirect-chain", kind="silent-strip")
class FollowsOneRedirect(_Swallows):
    """Follows one redirect, and answers without the picture where there are more."""

    downloader_kind = _FollowsOne


@fault("url/slow-host-is-waited-for", kind="honest-refusal")
class HasNoPatience(Endpoint):
    """Gives a picture host half a second, then gives up."""

    async def load(self, url: str, path: str) -> Loaded:
        try:
            async with asyncio.timeout(0.5):
                return await super().load(url, path)
        except TimeoutError:
            raise ApiError(f"Timeout while downloading {url}.", code="invalid_image_url") from None


@fault("url/failed-download-is-refused", kind="silent-strip")
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


@fault("url/failed-download-is-refused", kind="protocol")
class DownloadErrorsAre500(_BlamesItself):
    """Reports a 404 of the picture host as its own 500."""


@fault("url/failed-download-is-refused", kind="protocol")
class DownloadErrorsAre502(_BlamesItself):
    """Reports a 404 of the picture host as a bad gateway, as if it were worth a retry."""

    status = 502


@fault("url/credentials-are-not-forwarded", kind="protocol")
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


@fault("url/fetches-are-few", kind="protocol")
class FetchesFourTimes(Endpoint):
    """Fetches each picture four times: to count tokens, to moderate, to convert, to see."""

    downloader_kind = _FetchesAgain


class _PostsFirst(Downloader):
    async def get(self, url: str, path: str) -> Loaded:
        await self._http.post(url)
        return await super().get(url, path)


@fault("url/fetches-are-few", kind="protocol")
class FetchesByPost(Endpoint):
    """Tries to fetch a picture by POST before it tries GET."""

    downloader_kind = _PostsFirst
