"""What may stand between a client and an endpoint: transports that change what comes back."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from hashlib import blake2b
from typing import Any

import httpx

from conformance.proving.rehearsal import Around

#: Changes a reply; ``body`` is that of the request, {} where it is no JSON object.
Change = Callable[[dict[str, Any], httpx.Response], httpx.Response | None]
Before = Callable[[dict[str, Any], httpx.Request], httpx.Response | None]


class Between(httpx.AsyncBaseTransport):
    """Answers by itself where ``before`` does, and else changes the reply by ``after``."""

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport,
        before: Before = lambda _, __: None,
        after: Change = lambda _, __: None,
    ) -> None:
        self._inner = inner
        self._before = before
        self._after = after

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = parsed(await request.aread())
        instead = self._before(body, request)
        if instead is not None:
            return instead
        response = await self._inner.handle_async_request(request)
        await response.aread()
        changed = self._after(body, response)
        if changed is not None:
            return changed
        return httpx.Response(
            response.status_code, headers=response.headers, stream=Raw(response.content)
        )


class Raw(httpx.AsyncByteStream):
    """Bytes as they are on the wire."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._data


def before(answer: Before) -> Around:
    return lambda inner: Between(inner, before=answer)


def after(change: Change) -> Around:
    return lambda inner: Between(inner, after=change)


def parsed(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def reply(status: int, body: Any = b"", kind: str = "application/json") -> httpx.Response:
    """A reply made here; ``body`` is JSON unless it is bytes."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx.Response(status, headers={"content-type": kind}, stream=Raw(raw))


def error(status: int, message: str, **more: Any) -> httpx.Response:
    kind = {"type": "invalid_request_error", "param": None, "code": None}
    return reply(status, {"error": {"message": message, **kind, **more}})


#: The part of a picture's address that is new in every run.
_TOKEN = re.compile(rb"(?<=http://127\.0\.0\.1:\d/)[^/\"]+")
PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


def has_picture(body: dict[str, Any]) -> bool:
    return "image_url" in json.dumps(body.get("messages", ""))


# ---------------------------------------------------------------- weather


def mixed(seed: int, chances: dict[str, float]) -> Around:
    """Trouble by chance: ``500``, ``429``, ``reset``, ``stall`` or ``cut``, as parts of one.

    What becomes of a try follows from the seed, the request and how often it came before.
    """
    tries: Counter[str] = Counter()

    def drawn(request: httpx.Request) -> str:
        asked = blake2b(_TOKEN.sub(b"", request.content), digest_size=16).hexdigest()
        tries[asked] += 1
        rng = random.Random(f"{seed}/{request.url.path}/{asked}/{tries[asked]}")
        left = rng.random()
        for kind, chance in chances.items():
            left -= chance
            if left < 0:
                return kind
        return ""

    return lambda inner: _Weather(inner, drawn)


class _Weather(httpx.AsyncBaseTransport):
    def __init__(
        self, inner: httpx.AsyncBaseTransport, drawn: Callable[[httpx.Request], str]
    ) -> None:
        self._inner = inner
        self._drawn = drawn

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        kind = self._drawn(request)
        if kind == "stall":
            raise httpx.ReadTimeout("nothing came", request=request)
        if kind == "reset":
            raise httpx.ReadError("reset by peer", request=request)
        if kind.isdecimal():
            return error(int(kind), "Not now.")
        response = await self._inner.handle_async_request(request)
        if kind == "cut":
            await response.aread()
            half = response.content[: len(response.content) // 2]
            return httpx.Response(
                response.status_code, headers=_open(response), stream=_Cut(half, request)
            )
        return response


def _open(response: httpx.Response) -> dict[str, str]:
    return {k: v for k, v in response.headers.items() if k.lower() != "content-length"}


class _Cut(httpx.AsyncByteStream):
    """Half of a body, and the end of the connection."""

    def __init__(self, half: bytes, request: httpx.Request) -> None:
        self._half = half
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._half
        words = "peer closed connection without sending complete message body"
        raise httpx.RemoteProtocolError(words, request=self._request)
