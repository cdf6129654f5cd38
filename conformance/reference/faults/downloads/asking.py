"""Faults with how a picture host is asked, and with what its reply is taken to say."""

from __future__ import annotations

import httpx

from conformance.model import Symptom
from conformance.reference.addresses import Downloader, Loaded
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


# ---------------------------------------------------------------- what is sent, and how often


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
