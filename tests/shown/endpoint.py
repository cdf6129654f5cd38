"""An endpoint that says hostile texts in every member of every reply, in headers and in fetches."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import threading
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from conformance.reference.account import KEY, MODEL

_PICTURE = re.compile(rb'"(http://127\.0\.0\.1:\d+/[^"]+)"')
_CLOSED = "connection: close\r\n"
#: Seconds for one fetch of a picture.
_FETCH = 5.0
#: What h11 takes in a value of a header.
_NO_VALUE = re.compile(r"[\x00-\x1f\x7f]")


class Loud:
    """Says one text after the other: the next with each request, and each in every way."""

    def __init__(self, texts: Mapping[str, str], seeing: str) -> None:
        self._texts = list(texts.values())
        self._seeing = seeing
        self.count = 0

    @property
    def next_text(self) -> str:
        return self._texts[self.count % len(self._texts)]

    def reply(self, method: str, body: bytes) -> bytes:
        text = self.next_text
        way = self.count // len(self._texts) + self.count
        self.count += 1
        if method == "GET":
            return framed(200, {"object": "list", "data": [described(text)]}, text)
        if b"image_url" not in body and b"input_image" not in body:
            return framed(200, completion(text), text)
        if way % 3:
            return self._seen(text, body)
        way //= 3
        ways = (self._told, self._streamed, self._refused, self._led_away, self._odd)
        return ways[way % len(ways)](text)

    def _seen(self, text: str, body: bytes) -> bytes:
        """What an endpoint says that looks at the picture, with the text beside it."""
        try:
            asked = json.loads(body) | {"model": MODEL}
        except (ValueError, TypeError):
            return self._refused(text)
        url, key = f"{self._seeing}/v1/chat/completions", {"authorization": f"Bearer {KEY}"}
        answer = httpx.post(url, json=asked, headers=key, timeout=30, trust_env=False)
        kind = answer.headers["content-type"]
        if "json" not in kind:
            return head(answer.status_code, kind, text) + answer.content
        said = answer.json() | {text: text, "id": text, "system_fingerprint": text}
        return framed(answer.status_code, said, text)

    def _told(self, text: str) -> bytes:
        return framed(200, completion(text), text)

    def _streamed(self, text: str) -> bytes:
        choice = {"index": 0, "delta": {"content": text, text: text}, "finish_reason": text}
        chunk = named(text, "chat.completion.chunk") | {"choices": [choice]}
        events = f"event: {flat(text)}\nid: {flat(text)}\ndata: {json.dumps(chunk)}\n\n"
        return head(200, "text/event-stream", text) + encoded(f"{events}data: [DONE]\n\n")

    def _refused(self, text: str) -> bytes:
        error = dict.fromkeys(("message", "type", "code", "param", text), text)
        return framed(400, {"error": error}, text)

    def _led_away(self, text: str) -> bytes:
        return head(302, "text/html", text, f"location: {value(text)}\r\n") + encoded(text)

    def _odd(self, text: str) -> bytes:
        return head(418, value(f"text/{text}"), text) + encoded(text)


def named(text: str, kind: str) -> dict[str, Any]:
    return {"id": text, "object": kind, "created": 1, "model": text, "system_fingerprint": text}


def described(text: str) -> dict[str, Any]:
    return {"id": text, "object": "model", "created": 1, "owned_by": text, text: [text, {text: 1}]}


def completion(text: str) -> dict[str, Any]:
    call = {"id": text, "type": "function", "function": {"name": text, "arguments": text}}
    message = {"role": "assistant", "content": text, "refusal": None, "tool_calls": [call]}
    choice = {"index": 0, "message": message, "finish_reason": text, text: text}
    usage = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12, text: text}
    whole = named(text, "chat.completion") | {"choices": [choice], "usage": usage}
    return whole | {text: {text: [text]}}


def flat(text: str) -> str:
    return re.sub(r"[\r\n\x00]", " ", text)


def value(text: str) -> str:
    return _NO_VALUE.sub("", text)[:2000].strip() or "x"


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def framed(status: int, body: dict[str, Any], text: str) -> bytes:
    return head(status, "application/json", text) + json.dumps(body).encode()


def head(status: int, kind: str, text: str, more: str = "") -> bytes:
    name = re.sub(r"[^A-Za-z0-9!#$%&'*+.^_`|~-]", "", text)[:200]
    lines = f"content-type: {kind}\r\nx-said: {value(text)}\r\nserver: {value(text)}\r\n"
    lines += f"x-request-id: {value(text)}\r\nx{name}: {value(text)}\r\n{more}{_CLOSED}\r\n"
    return encoded(f"HTTP/1.1 {status} {re.sub(r'[^ -~]', '', text)[:200]}\r\n{lines}")


@contextlib.contextmanager
def serving(loud: Loud) -> Iterator[str]:
    """The base URL of the endpoint, on a thread of its own."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(_started(loud))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def _started(loud: Loud) -> asyncio.Server:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            method, body = await _request(reader)
            for url in _PICTURE.findall(body)[:2]:
                with contextlib.suppress(OSError, TimeoutError):
                    await asyncio.wait_for(_fetch(url.decode(), loud), _FETCH)
            writer.write(await asyncio.to_thread(loud.reply, method, body))
            await writer.drain()
        writer.close()

    return await asyncio.start_server(handle, "127.0.0.1", 0, limit=1 << 26)


async def _request(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    top = await reader.readuntil(b"\r\n\r\n")
    size = re.search(rb"(?i)content-length: *(\d+)", top)
    return top.split(b" ")[0].decode(), await reader.readexactly(int(size[1]) if size else 0)


async def _fetch(url: str, loud: Loud) -> None:
    """With the next text in the path, in the query and in the headers."""
    place = urlsplit(url)
    text = loud.next_text
    tail = quote(text[:200], safe="!'()*;:@&=+$,/[]", errors="replace")
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    lines = f"GET {place.path}?{tail} HTTP/1.1\r\nhost: {place.netloc}\r\n"
    lines += f"user-agent: {value(text)}\r\nreferer: {value(text)}\r\n{_CLOSED}\r\n"
    writer.write(encoded(lines))
    await writer.drain()
    await reader.read()
    writer.close()
