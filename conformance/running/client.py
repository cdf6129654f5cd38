"""One probe to one exchange: the only module that speaks HTTP as a client."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import httpx

from conformance.model import (
    Chunk,
    Exchange,
    Fetch,
    ImagePart,
    Inline,
    Json,
    LocalFile,
    Picture,
    Placeable,
    Probe,
    Target,
    pictures_of,
)
from conformance.redact import Redactor
from conformance.running import pools
from conformance.running.failures import describe, kind_of
from conformance.running.pools import NoCookies, Pools
from conformance.running.received import Silent, received
from conformance.wire import address, bounds, chat, trouble
from conformance.wire.address import is_loopback
from conformance.wire.bounds import OverBound
from conformance.wire.coding import CodingError
from conformance.wire.observed import observed
from conformance.wire.request import request_headers, sent_request
from conformance.wire.trouble import trouble_of

#: Headers about bytes on the wire; the body is kept decoded, so they no longer hold.
OF_THE_WIRE = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection"})
#: Bytes of a chunk, where a body is sent in chunks.
PIECE = 16 * 1024
#: Bytes of a reply from which on it is read in a thread, so that no other reply waits.
LONG = 32 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one request may take: seconds in all and since the last byte, and decoded bytes."""

    seconds: float = 120.0
    #: Once a body has begun. Chosen: a proxy gives up a silent back end after 60 s, mostly.
    silence: float = 60.0
    bytes: int = bounds.BYTES


class Placed(Protocol):
    @property
    def url(self) -> str: ...
    @property
    def token(self) -> str: ...


class Host(Protocol):
    """The picture host as the client sees it."""

    def place(self, picture: Picture, via: Placeable, /) -> Placed: ...
    def fetches(self, token: str) -> tuple[Fetch, ...]: ...
    def forget(self, token: str) -> None: ...


@dataclass(slots=True, kw_only=True)
class _Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    chunks: tuple[Chunk, ...]
    elapsed: float


class Client:
    """Sends probes to the target. Use as an async context manager."""

    def __init__(
        self,
        target: Target,
        key: str,
        host: Host,
        redactor: Redactor,
        *,
        bounds: Bounds = Bounds(),
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._target = target
        self._key = key
        self._host = host
        self._redactor = redactor
        self._bounds = bounds
        is_in_the_clear = is_loopback(target.base_url) and target.base_url.startswith("http:")
        #: Shared, and left out where nobody asks for it: to load the certificates takes its time.
        self._verify = False if transport or is_in_the_clear else httpx.create_ssl_context()
        self._transport = transport
        self._pools = Pools(self._http)
        #: Where the files are that were sent as pictures: a place on this machine.
        self._folder = ""

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._pools.close()

    def _http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=self._transport,
            verify=self._verify,
            timeout=httpx.Timeout(self._bounds.seconds),
            # What is not asked for need not be understood.
            headers={"accept-encoding": "gzip, deflate"},
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=pools.MOST),
            trust_env=not is_loopback(self._target.base_url),
            follow_redirects=False,
            cookies=NoCookies(),
        )

    async def send(self, probe: Probe) -> Exchange:
        """The exchange of one probe, tried once; what went wrong on the wire is its ``trouble``."""
        sent = sent_request(probe, self._target, self._redactor)
        tokens: list[str] = []
        body = await self._body(probe, tokens)
        began = time.monotonic()
        answer, trouble, failure = await self._try(probe, sent.path, body)
        made = Exchange(
            probe=probe,
            sent=sent,
            fetches=self._log(tokens, began),
            elapsed=round(time.monotonic() - began, 4),
            trouble=trouble,
            failure=failure,
        )
        if answer is None:
            return made
        if len(answer.body) < LONG:
            return self._read_out(made, answer)
        return await asyncio.to_thread(self._read_out, made, answer)

    async def _body(self, probe: Probe, tokens: list[str]) -> bytes:
        """The body; in a thread where pictures are still to be made, so that no reply waits."""
        write = partial(chat.write_body, probe, self._target, self._addresses(tokens))
        if all(picture.is_at_hand for picture in pictures_of(probe)):
            return write()
        return await asyncio.to_thread(write)

    def _addresses(self, tokens: list[str]) -> Callable[[ImagePart], Json]:
        def write(part: ImagePart) -> Json:
            if isinstance(part.via, Inline) and part.picture is not None:
                return address.data_url(part.picture, part.via)
            if isinstance(part.via, Placeable) and part.picture is not None:
                placed = self._host.place(part.picture, part.via)
                tokens.append(placed.token)
                if isinstance(part.via, LocalFile):
                    self._folder = placed.url.removeprefix(part.via.scheme).rpartition("/")[0]
                return placed.url
            return address.symbolic(part)

        return write

    def _log(self, tokens: list[str], began: float) -> tuple[Fetch, ...]:
        found = [
            replace(
                f, at=round(max(0.0, f.at - began), 4), headers=self._redactor.headers(f.headers)
            )
            for token in tokens
            for f in self._host.fetches(token)
        ]
        for token in tokens:
            self._host.forget(token)
        return tuple(sorted(found, key=lambda f: f.at))

    async def _try(self, probe: Probe, path: str, body: bytes) -> tuple[_Answer | None, str, str]:
        """The answer, or None, the kind of trouble and what it was in words."""
        try:
            return await self._post(probe, path, body), "", ""
        except OverBound as error:
            return None, trouble.TOO_LARGE, str(error)
        except Silent:
            return None, trouble.STALL, f"no more bytes for {self._bounds.silence:g} s"
        except (httpx.TimeoutException, TimeoutError):
            return None, trouble.STALL, f"no whole reply within {self._bounds.seconds:g} s"
        except CodingError as error:
            return None, trouble.UNDECODABLE, self._redactor.text(str(error))
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            return None, kind_of(error), self._redactor.text(describe(error))

    async def _post(self, probe: Probe, path: str, body: bytes) -> _Answer:
        async with self._pools.client() as http:
            request = http.build_request(
                chat.METHODS[probe.service],
                self._target.base_url + path,
                params=dict(self._target.query) or None,
                headers=request_headers(probe, self._target, self._key),
                content=_on_the_wire(probe, body),
            )
            # Nobody who does not ask for a stream is answered by a long one.
            most = self._bounds.bytes
            most = most if probe.stream else min(most, bounds.WHOLE_BYTES)
            return await self._answered(http, request, most)

    async def _answered(
        self, http: httpx.AsyncClient, request: httpx.Request, most: int
    ) -> _Answer:
        began = time.monotonic()
        async with asyncio.timeout(self._bounds.seconds):
            response = await http.send(request, stream=True)
            try:
                bounds.judge_headers(response.headers.multi_items())
                data, chunks = await received(response, began, most, self._bounds.silence)
            finally:
                await response.aclose()
        headers = tuple(
            (name.lower(), value)
            for name, value in response.headers.multi_items()
            if name.lower() not in OF_THE_WIRE
        )
        return _Answer(
            status=response.status_code,
            headers=headers,
            body=data,
            chunks=chunks,
            elapsed=time.monotonic() - began,
        )

    def _read_out(self, made: Exchange, answer: _Answer) -> Exchange:
        """The exchange with its reply read, or without it where it holds too much."""
        try:
            chat.verify_bounds(dict(answer.headers).get("content-type", ""), answer.body)
        except OverBound as error:
            return replace(made, trouble=trouble.TOO_LARGE, failure=str(error))
        read = observed(
            replace(
                made,
                status=answer.status,
                headers=self._redactor.headers(answer.headers),
                body=self._redactor.body(address.without_folder(answer.body, self._folder)),
                chunks=answer.chunks,
                elapsed=round(answer.elapsed, 4),
            ),
            self._redactor,
        )
        return replace(read, trouble=trouble_of(read))


def _on_the_wire(probe: Probe, body: bytes) -> bytes | AsyncIterator[bytes]:
    """The body as its headers say that it is sent: compressed, or in chunks."""
    headers = dict(probe.headers)
    if headers.get("content-encoding") == "gzip":
        body = gzip.compress(body, mtime=0)
    return _pieces(body) if headers.get("transfer-encoding") == "chunked" else body


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), PIECE):
        yield body[start : start + PIECE]
