"""One endpoint in this process, asked directly: bodies as they are sent, replies as they come."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from conformance.asgi.inprocess import InProcess
from conformance.host.app import PictureHost
from conformance.model import Hosted, Picture, Pictures
from conformance.reference.account import KEY, MODEL
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint
from conformance.wire.jsontext import at, items_at, text_at

#: Names only: nothing is ever sent to them.
ENDPOINT, HOST, REFUSED = "http://127.0.0.1:1/v1", "http://127.0.0.1:2", "http://127.0.0.1:3"
Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """What came back: the status, the body, and what was told in it."""

    status: int
    body: bytes
    kind: str
    #: The value of a plain body; None where it is no JSON.
    value: Any = None
    #: The values of a stream, in order.
    chunks: list[Any] = field(default_factory=list)

    @property
    def text(self) -> str:
        deltas = [text_at(c, "choices", 0, "delta", "content") for c in self.chunks]
        return "".join(deltas) or text_at(self.value, "choices", 0, "message", "content")

    @property
    def usage(self) -> dict[str, Any]:
        return at(self.chunks[-1] if self.chunks else self.value, "usage") or {}

    @property
    def prompt(self) -> int:
        return int(self.usage["prompt_tokens"])

    @property
    def arguments(self) -> str:
        """Of the first call of a tool, those of a stream put together."""
        found = [at(self.value, "choices", 0, "message")]
        found += [at(chunk, "choices", 0, "delta") for chunk in self.chunks]
        calls = [call for each in found for call in items_at(each, "tool_calls")]
        return "".join(text_at(call, "function", "arguments") for call in calls)

    @property
    def error(self) -> Any:
        return at(self.value, "error")


class Asker:
    """Asks one endpoint; pictures are known by their id in the corpus."""

    def __init__(self, http: httpx.AsyncClient, host: PictureHost, pictures: Pictures) -> None:
        self._http = http
        self._host = host
        self.pictures = pictures

    def code(self, name: str) -> str:
        return self.pictures[name].facts.code

    def inline(self, name: str, data: bytes | None = None, **members: Any) -> Message:
        """A picture as a data URL; ``data`` stands in the place of its own bytes."""
        picture = self.pictures[name]
        payload = base64.b64encode(picture.data if data is None else data).decode()
        kind = picture.media_type if picture.media_type.startswith("image") else "image/png"
        return _part(f"data:{kind};base64,{payload}", members)

    def hosted(self, name: str, hosted: Hosted | None = None, **members: Any) -> Message:
        placed = self._host.place(self.pictures[name], hosted or Hosted())
        return _part(placed.url, members)

    def placed(self, picture: Picture, hosted: Hosted) -> Message:
        """A picture that is not of the corpus, at its URL."""
        return _part(self._host.place(picture, hosted).url, {})

    async def ask(self, *parts: Message | str, **members: Any) -> Said:
        return await self.talk([user(*parts)], **members)

    async def talk(self, messages: list[Message], **members: Any) -> Said:
        return await self.post("/chat/completions", {"messages": messages} | members)

    async def post(
        self, path: str, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> Said:
        raw = json.dumps({"model": MODEL} | body, ensure_ascii=False).encode()
        return await self.send(path, raw, headers)

    async def send(self, path: str, raw: bytes, headers: dict[str, str] | None = None) -> Said:
        shown = {"authorization": f"Bearer {KEY}"} if headers is None else headers
        return _said(await self._http.post(ENDPOINT + path, content=raw, headers=shown))

    async def get(self, path: str) -> Said:
        headers = {"authorization": f"Bearer {KEY}"}
        return _said(await self._http.get(ENDPOINT + path, headers=headers))


def user(*parts: Message | str) -> Message:
    content = [{"type": "text", "text": p} if isinstance(p, str) else p for p in parts]
    return {"role": "user", "content": content}


def assistant(words: str) -> Message:
    return {"role": "assistant", "content": words}


def _part(url: str, members: dict[str, Any]) -> Message:
    return {"type": "image_url", "image_url": {"url": url} | members}


def _said(response: httpx.Response) -> Said:
    kind = response.headers.get("content-type", "")
    if "event-stream" in kind and response.status_code == 200:
        lines = [e[6:] for e in response.text.splitlines() if e.startswith("data: {")]
        chunks = [json.loads(line) for line in lines]
        return Said(response.status_code, response.content, kind, chunks=chunks)
    try:
        value = response.json()
    except ValueError:
        value = None
    return Said(response.status_code, response.content, kind, value)


@asynccontextmanager
async def asking(make: type[Endpoint], pictures: Pictures) -> AsyncIterator[Asker]:
    """One endpoint, its picture host, and who asks."""
    host = PictureHost(HOST, refused_url=REFUSED)
    endpoint = make(downloads=InProcess({2: host, 3: host}), pictures_from=(HOST,))
    transport = httpx.ASGITransport(app=make_app(endpoint))
    async with httpx.AsyncClient(transport=transport, trust_env=False, timeout=60) as http:
        yield Asker(http, host, pictures)
    await endpoint.close()
