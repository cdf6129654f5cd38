"""What a hostile endpoint does: a name, a sentence, and the bytes it writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

JSON, STREAM, TEXT = "application/json", "text/event-stream", "text/plain"
#: The connection is reset, with nothing sent in closing.
RESET: Final = "reset"
#: Bytes are written, a number is a pause in seconds.
Piece = bytes | float | str
Pieces = Callable[[], Iterable[Piece]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """One way to hurt. ``pieces`` are written to the socket one after the other, made anew each
    time; the connection is closed after the last, unless ``holds`` says that it stays open."""

    name: str
    sentence: str
    pieces: Pieces
    holds: bool = False


def raw(name: str, sentence: str, *pieces: Piece, holds: bool = False) -> Behaviour:
    """The very bytes."""
    return Behaviour(name=name, sentence=sentence, pieces=lambda: pieces, holds=holds)


def made(name: str, sentence: str, pieces: Pieces) -> Behaviour:
    """Bytes that are made when they are asked for: many, or without end."""
    return Behaviour(name=name, sentence=sentence, pieces=pieces)


def replies(
    name: str, sentence: str, body: bytes | Callable[[], bytes], kind: str = JSON, more: str = ""
) -> Behaviour:
    """A well-framed reply of status 200 with this body; ``more`` are lines of headers."""

    def pieces() -> Iterator[Piece]:
        yield reply(body if isinstance(body, bytes) else _once(body), kind, more)

    return made(name, sentence, pieces)


@lru_cache(maxsize=8)
def _once(body: Callable[[], bytes]) -> bytes:
    """Large bodies are asked for several times in a row."""
    return body()


def reply(body: bytes, kind: str = JSON, more: str = "", status: str = "200 OK") -> bytes:
    return head(f"content-length: {len(body)}\r\n{more}", kind, status) + body


def head(lines: str = "", kind: str = JSON, status: str = "200 OK") -> bytes:
    """The head of a reply; ``lines`` end in CR LF each."""
    text = f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\nconnection: close\r\n{lines}\r\n"
    return text.encode("latin-1")


def completion(text: Any = "KX74MP", **members: Any) -> dict[str, Any]:
    """A correct reply but for what is named."""
    message = {"role": "assistant", "content": text, "refusal": None}
    choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
    usage = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}
    whole = {"id": "x", "object": "chat.completion", "created": 1, "model": "m"}
    return whole | {"choices": choices, "usage": usage} | members


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


GOOD: Final = dumped(completion())


def for_ever(piece: bytes, pause: float = 0.0) -> Iterator[Piece]:
    while True:
        yield piece
        if pause:
            yield pause
