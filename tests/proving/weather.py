"""Weather between client and endpoint: replies that are lost, late, cut or somebody else's."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

import httpx

from conformance.proving.rehearsal import Around

#: The part of an address that is new in every run.
_TOKEN = re.compile(rb"(http://127\.0\.0\.1:\d+/)[^/\"]+")
_PAGE = "<html><head><title>500 Internal Server Error</title></head><body>nginx</body></html>"
_ERROR = {"message": "The server had an error.", "type": "server_error", "param": None}
_LIMIT = {"message": "Rate limit reached.", "type": "requests", "code": "rate_limit_exceeded"}
_INCOMPLETE = "peer closed connection without sending complete message body"


class Kind(StrEnum):
    """What may become of one try of one request."""

    #: 500, with a page or an error object.
    BROKEN = "500"
    #: 429, and to come back at once.
    BUSY = "429"
    #: The connection ends before the first byte of a reply.
    RESET = "reset"
    #: Nothing comes in time. Raised at once, so that nobody waits.
    STALL = "stall"
    #: The connection ends in the middle of the body.
    CUT = "cut"
    #: Half of the body, as if it were all, with status 200.
    HALF = "half"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """How often each kind of trouble comes, as parts of one of all tries."""

    name: str
    chances: Mapping[Kind, float]

    def drawn(self, rng: random.Random) -> Kind | None:
        """What becomes of one try; None where nothing does."""
        left = rng.random()
        for kind, chance in self.chances.items():
            left -= chance
            if left < 0:
                return kind
        return None


CLEAR = Mix(name="clear", chances={})
#: Two replies in a hundred are a 500.
GENTLE = Mix(name="2 % of 500", chances={Kind.BROKEN: 0.02})
#: One try in five goes wrong, each time in one of five ways.
ROUGH = Mix(
    name="20 % of five kinds",
    chances=dict.fromkeys((Kind.BROKEN, Kind.BUSY, Kind.RESET, Kind.STALL, Kind.CUT), 0.04),
)
FAILING = Mix(name="20 % of 500", chances={Kind.BROKEN: 0.2})
HALVING = Mix(name="5 % of halves", chances={Kind.HALF: 0.05})


class Weather(httpx.AsyncBaseTransport):
    """A transport in whose way a mix of trouble stands.

    What becomes of a try follows from the seed, the request and how often it was tried before, so
    that one seed gives one run. Half of the requests whose reply is lost have arrived.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, mix: Mix, seed: int) -> None:
        self._inner = inner
        self._mix = mix
        self._seed = seed
        self._tries: Counter[bytes] = Counter()
        #: What has become of all tries so far.
        self.seen: Counter[Kind | None] = Counter()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        rng = await self._chance_of(request)
        kind = self._mix.drawn(rng)
        self.seen[kind] += 1
        if kind is None:
            return await self._inner.handle_async_request(request)
        if kind in (Kind.CUT, Kind.HALF):
            return await self._spoilt(request, kind, rng)
        if rng.random() < 0.5:
            await self._read(request)
        return _instead(request, kind, rng)

    async def _chance_of(self, request: httpx.Request) -> random.Random:
        body = _TOKEN.sub(rb"\1", await request.aread())
        shown = [request.headers.get(name, "") for name in ("authorization", "x-api-key")]
        asked = f"{request.method} {request.url.path} {shown} ".encode() + body
        key = blake2b(asked, digest_size=16).digest()
        self._tries[key] += 1
        return random.Random(f"{self._seed}/{key.hex()}/{self._tries[key]}")

    async def _read(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        await response.aread()
        await response.aclose()
        return response

    async def _spoilt(
        self, request: httpx.Request, kind: Kind, rng: random.Random
    ) -> httpx.Response:
        """The reply without its end."""
        response = await self._read(request)
        data = response.content
        is_stream = "event-stream" in response.headers.get("content-type", "")
        kept = data[: rng.randrange(1, len(data))] if len(data) > 1 else b""
        # A server that dies in a stream may still end it as if it were whole; a plain body has a
        # length that tells.
        is_told = kind is Kind.CUT and (not is_stream or rng.random() < 0.5)
        status = response.status_code if kind is Kind.CUT else 200
        return httpx.Response(status, headers=_kept(response), stream=_Cut(kept, is_told))

    async def aclose(self) -> None:
        await self._inner.aclose()


def _kept(response: httpx.Response) -> list[tuple[bytes, bytes]]:
    """The headers that still hold of a part of a body that has been decoded."""
    lost = (b"content-length", b"content-encoding")
    return [(name, value) for name, value in response.headers.raw if name.lower() not in lost]


class _Cut(httpx.AsyncByteStream):
    """The first part of a body, and then its end or an error."""

    def __init__(self, data: bytes, is_told: bool) -> None:
        self._data = data
        self._is_told = is_told

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._data
        if self._is_told:
            raise httpx.RemoteProtocolError(_INCOMPLETE)


def _instead(request: httpx.Request, kind: Kind, rng: random.Random) -> httpx.Response:
    """What comes in the place of a reply. Raises what httpx raises where nothing does."""
    if kind is Kind.STALL:
        raise httpx.ReadTimeout("", request=request)
    if kind is Kind.RESET:
        if rng.random() < 0.5:
            raise httpx.ReadError("[Errno 104] Connection reset by peer", request=request)
        said = "Server disconnected without sending a response."
        raise httpx.RemoteProtocolError(said, request=request)
    if kind is Kind.BUSY:
        return _json(429, _LIMIT, {"retry-after": "0"})
    if rng.random() < 0.5:
        return _response(500, _PAGE, {"content-type": "text/html"})
    return _json(500, _ERROR, {})


def _json(status: int, error: Mapping[str, str | None], headers: dict[str, str]) -> httpx.Response:
    return _response(
        status, json.dumps({"error": error}), headers | {"content-type": "application/json"}
    )


def _response(status: int, text: str, headers: dict[str, str]) -> httpx.Response:
    return httpx.Response(status, headers=headers, stream=_Cut(text.encode(), is_told=False))


def weather(mix: Mix, seed: int) -> Around:
    """Puts this weather before a transport."""
    return lambda inner: Weather(inner, mix, seed)
