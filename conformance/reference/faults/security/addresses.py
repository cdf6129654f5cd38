"""Faults that fetch what must not be fetched: other ports of this machine, the inner network."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

import httpx
from starlette.responses import Response

from conformance.model import Json, Symptom
from conformance.reference.addresses import Downloader, Loaded, loopback, urlsplit_or_none
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import is_picture, url_in
from conformance.wire.jsontext import items_at, parse

HIT = "security/loopback-is-not-fetched"
REDIRECT = "security/redirect-into-loopback-is-not-followed"
KEYLESS = "security/nothing-is-fetched-without-a-key"
INNER = "security/inner-address-is-not-tried"


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
