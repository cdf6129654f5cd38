"""An endpoint that tells its key back in every spelling, in pieces, in every place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement, pairwise
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.spellings import SPELLINGS

#: Five pieces of it still have eight characters of the part that is drawn.
KEY = "sk-proj-q7Rk2WzNv9Xt4LmBc8Hd3PyGs6Jf1TaUe5VoZi0K"
#: As a key in hex, and one with signs in it.
KEYS = (
    KEY,
    "d41d8cd98f00b204e9800998ecf8427ea7c31b5f60294d8e",
    "Zk3+Vn8/Qw5=Lx2+Rt7/By4-Hm9_Jc6+Pd1/Gs0-Fa8_Ue5i",
)
Object = dict[str, Any]


def _choice(said: Object) -> Object:
    choices = said.setdefault("choices", [])
    if not choices:
        choices.append({"index": 0, "delta": {}})
    return choices[0]


def _message(said: Object) -> Object:
    choice = _choice(said)
    return choice.setdefault("delta" if "delta" in choice else "message", {})


def _call(said: Object) -> Object:
    calls = _message(said).setdefault("tool_calls", [])
    if not calls:
        calls.append({"index": 0, "id": "c", "type": "function", "function": {}})
    return calls[0]["function"]


def _add(of: Object, name: str, piece: str) -> None:
    before = of.get(name)
    of[name] = f"{before} ~ {piece}" if isinstance(before, str) and before else piece


def _error(said: Object) -> Object:
    error = said.setdefault("error", {})
    return error if isinstance(error, dict) else said


def _token(said: Object, piece: str) -> None:
    logprobs = _choice(said).setdefault("logprobs", {"content": []})
    if logprobs is None:
        logprobs = _choice(said)["logprobs"] = {"content": []}
    logprobs["content"].append({"token": piece, "logprob": 0.0, "bytes": None, "top_logprobs": []})


IN_BODY: dict[str, Callable[[Object, str], None]] = {
    "content": lambda said, piece: _add(_message(said), "content", piece),
    "refusal": lambda said, piece: _add(_message(said), "refusal", piece),
    "id": lambda said, piece: _add(said, "id", piece),
    "model": lambda said, piece: _add(said, "model", piece),
    "finish reason": lambda said, piece: _add(_choice(said), "finish_reason", piece),
    "name in usage": lambda said, piece: (said.get("usage") or said).update({piece: 1}),
    "extra member": lambda said, piece: _add(said, "x_more", piece),
    "name of a member": lambda said, piece: said.update({piece: True}),
    "name of a tool": lambda said, piece: _add(_call(said), "name", piece),
    "arguments": lambda said, piece: _add(_call(said), "arguments", piece),
    "token": _token,
    "error message": lambda said, piece: _add(_error(said), "message", piece),
    "error code": lambda said, piece: _add(_error(said), "code", piece),
    "error type": lambda said, piece: _add(_error(said), "type", piece),
}
IN_HEADERS = ("header name", "header value")
#: Of these a reply in one piece has none: there they stand in a header.
IN_EVENTS = {"event id": "id: ", "event name": "event: ", "comment": ": "}
PLACES = (*IN_BODY, *IN_HEADERS, *IN_EVENTS)
PAIRS = tuple(combinations_with_replacement(PLACES, 2))
SPLITS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Telling:
    """How one reply tells the key."""

    spelling: str
    pieces: tuple[str, ...]
    pair: tuple[str, str]


def telling(number: int, key: str) -> Telling:
    """Of 60 replies in a row each is of another spelling, of 300 each of another split, too.

    The pair moves by one each time, and by one more each round, so that in 60 * 190 replies each
    spelling meets each pair.
    """
    spelling = tuple(SPELLINGS)[number % len(SPELLINGS)]
    count = SPLITS[number // len(SPELLINGS) % len(SPLITS)]
    pair = PAIRS[(number + number // len(SPELLINGS)) % len(PAIRS)]
    form = SPELLINGS[spelling](key)
    cuts = [len(form) * n // count for n in range(count + 1)]
    pieces = tuple(form[a:b] for a, b in pairwise(cuts))
    return Telling(spelling, pieces, pair)


@dataclass
class Canary:
    """An app in front of another one, into whose replies it puts the key that it was sent."""

    inner: ASGIApp
    statuses: Sequence[int] = (200,)
    #: The first telling, and every which reply tells: one that tells nothing lets a run go on.
    number: int = 0
    every: int = 1
    heard: int = 0
    told: list[tuple[Telling, int, bool]] = field(default_factory=list)
    #: Replies as they were sent, where they are kept.
    raw: list[bytes] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        heard: list[Message] = []

        async def hear(message: Message) -> None:
            heard.append(message)

        await self.inner(scope, receive, hear)
        head = {k.decode().lower(): v.decode() for k, v in heard[0]["headers"]}
        key = dict(scope["headers"]).get(b"authorization", b"").decode().removeprefix("Bearer ")
        body = b"".join(message.get("body", b"") for message in heard[1:])
        reply = self._told(heard[0]["status"], head, body, key)
        if self.raw is not None:
            self.raw.append(repr(reply.raw_headers).encode() + bytes(reply.body))
        await reply(scope, receive, send)

    def _told(self, status: int, head: dict[str, str], body: bytes, key: str) -> Response:
        head = {k: v for k, v in head.items() if k != "content-length"}
        self.heard += 1
        if key not in KEYS or self.heard % self.every:
            return Response(body, status, head)
        told, number = telling(self.number, key), self.number
        self.number += 1
        wanted = self.statuses[(number + number // 300) % len(self.statuses)]
        status = wanted if status == 200 else status
        is_stream = head.get("content-type", "").startswith("text/event-stream")
        self.told.append((told, status, is_stream))
        placed = [(told.pair[n % 2], piece) for n, piece in enumerate(told.pieces)]
        if is_stream:
            made = _streamed(body, placed)
        else:
            said = _parsed(body)
            for place, piece in placed:
                if place in IN_BODY:
                    IN_BODY[place](said, piece)
            made = json.dumps(said, ensure_ascii=number % 2 == 0).encode()
        for n, (place, piece) in enumerate(placed):
            if place in IN_HEADERS or (place in IN_EVENTS and not is_stream):
                name, value = _header(place, piece, n)
                head[name] = value
        return Response(made, status, head)


def _parsed(body: bytes) -> Object:
    try:
        said = json.loads(body)
    except ValueError:
        said = {}
    return said if isinstance(said, dict) else {"data": said}


def _streamed(body: bytes, placed: Sequence[tuple[str, str]]) -> bytes:
    """Each piece stands in an event of its own, right after the first of the stream."""
    first, _, rest = body.partition(b"\n\n")
    events = []
    for place, piece in placed:
        base: Object = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        if place in IN_BODY:
            IN_BODY[place](base, piece)
        begun = IN_EVENTS.get(place)
        line = begun + " ".join(piece.splitlines()) + "\n" if begun else ""
        events.append(f"{line}data: {json.dumps(base)}".encode())
    return b"\n\n".join([first, *events, rest])


def _header(place: str, piece: str, n: int) -> tuple[str, str]:
    """What no name can hold stands in a value, and what no value can hold, in escapes."""
    if place == "header name" and re.fullmatch(r"[A-Za-z0-9._~*!#$%&'+^|`-]+", piece):
        return f"x-{n}-{piece}", "1"
    if piece != piece.strip() or not all(" " <= c <= "~" for c in piece):
        piece = json.dumps(piece)
    return f"x-echo-{n}", piece
