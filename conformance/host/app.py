"""The picture host as an ASGI app: pictures at unguessable URLs, every fetch logged."""

from __future__ import annotations

import math
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from starlette.types import Receive, Scope, Send

from conformance.host import address, answer
from conformance.host.answer import Answer
from conformance.host.fetchlog import FetchLog, Record, Room, kept_headers, kept_method, kept_path
from conformance.host.line import Line
from conformance.model import Fetch, Hosted, Picture

#: Bytes of randomness in a token: 192 bits, twice what RFC 6749 section 10.10 asks of a secret.
TOKEN_BYTES = 24
_ROBOTS = "User-agent: *\nAllow: /\n"
_METHODS = ("GET", "HEAD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a picture was placed: the URL for the request, the token for the log."""

    url: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    picture: Picture
    hosted: Hosted
    #: Where the last redirect leads, if not to the picture here.
    onward: str = ""
    log: FetchLog
    #: How often the picture itself was asked for by GET before.
    turns: Iterator[int] = field(default_factory=count)


class PictureHost:
    """Serves what is placed and nothing else. Needs asyncio; may be used from any thread.

    ``public_url`` is the base URL under which clients reach the app; ``refused_url`` is one at
    which connections are refused (without it such pictures answer with a reset).
    """

    def __init__(self, public_url: str = "", *, refused_url: str = "") -> None:
        self.public_url = public_url.rstrip("/")
        self.refused_url = refused_url.rstrip("/")
        # Written by the engine's thread and read by the server's: single dict operations only.
        self._placed: dict[str, _Placed] = {}
        self._room = Room()
        #: Tokens of twins, which must be the same for both.
        self._twins: dict[str, str] = {}

    def place(
        self, picture: Picture, hosted: Hosted, token: str = "", *, onward: str = ""
    ) -> Placement:
        """Makes a picture available until it is forgotten. Raises ValueError for bad orders.

        Give a ``token`` only to repeat a recorded request, or one made by another host; without
        one the URL is unguessable. ``onward`` is where the last redirect leads, if not here.
        """
        _validate(hosted)
        token = token or self._twins.get(hosted.twin) or secrets.token_urlsafe(TOKEN_BYTES)
        if hosted.twin:
            self._twins[hosted.twin] = token
        base = (self.refused_url if hosted.refused else "") or self.public_url
        log = FetchLog(self._room)
        self._placed[token] = _Placed(picture=picture, hosted=hosted, onward=onward, log=log)
        return Placement(url=address.url(base, token, hosted), token=token)

    def fetches(self, token: str) -> tuple[Fetch, ...]:
        """The fetches so far, those under way included, at most 200; ``at`` is monotonic time.

        Status 0 means that no status line was sent (yet).
        """
        placed = self._placed.get(token)
        return placed.log.fetches() if placed else ()

    def fetch_count(self, token: str) -> int:
        """How many fetches there were, those that were no longer kept included."""
        placed = self._placed.get(token)
        return placed.log.count if placed else 0

    def is_placed(self, token: str) -> bool:
        """Whether a picture stands at this token."""
        return token in self._placed

    def forget(self, token: str) -> None:
        """Takes the picture and its log away; unknown tokens are ignored."""
        placed = self._placed.pop(token, None)
        if placed:
            placed.log.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"the picture host speaks HTTP, not {scope['type']}")
        token, rest = address.split_target(address.raw_target(scope), self.public_url)
        placed = self._placed.get(token)
        record = _record(scope, token, rest)
        if placed:
            placed.log.add(record)
        async with Line(receive, send, head=scope["method"] == "HEAD") as line:
            if placed and placed.hosted.refused:
                await line.reset()
                return
            reply = self._known(placed, scope, token, rest) if placed else _unknown(scope)
            await line.answer(reply, record)

    def _known(self, placed: _Placed, scope: Scope, token: str, rest: bytes) -> Answer:
        hosted = placed.hosted
        hop = address.hop_asked(hosted, rest, scope.get("query_string", b""))
        if hop is None:
            return answer.not_found()
        allowed = _METHODS[:1] if hosted.head_refused else _METHODS
        if scope["method"] not in allowed:
            return answer.method_refused(", ".join(allowed))
        if hosted.loop:
            return answer.redirect(302, self._url(token, hosted, 1 - hop))
        if hop < len(hosted.redirects):
            is_last = hop == len(hosted.redirects) - 1
            onward = placed.onward if is_last else ""
            target = onward or self._url(token, hosted, hop + 1)
            return answer.redirect(hosted.redirects[hop], target)
        if hosted.once and scope["method"] == "GET" and next(placed.turns):
            return answer.gone()
        return answer.final(placed.picture, hosted)

    def _url(self, token: str, hosted: Hosted, hop: int) -> str:
        return address.url(self.public_url, token, hosted, hop)


def _record(scope: Scope, token: str, rest: bytes) -> Record:
    return Record(
        at=time.monotonic(),
        method=kept_method(scope["method"]),
        path=kept_path(rest, scope.get("query_string", b"")),
        headers=kept_headers(scope["headers"], token),
    )


def _unknown(scope: Scope) -> Answer:
    if address.raw_target(scope) == b"/robots.txt" and scope["method"] in _METHODS:
        return answer.text(200, _ROBOTS)
    return answer.not_found()


def _validate(hosted: Hosted) -> None:
    wrong = next((problem for bad, problem in _problems(hosted) if bad), "")
    if wrong:
        raise ValueError(f"this cannot be hosted: {wrong}")


def _problems(hosted: Hosted) -> list[tuple[bool, str]]:
    written = hosted.path + hosted.query
    delays = (hosted.first_byte, hosted.drip)
    return [
        (any(c in hosted.path for c in "?#"), f"the path {hosted.path!r} holds ? or #"),
        ("#" in hosted.query, f"the query {hosted.query!r} holds #"),
        (any(c.isspace() or ord(c) < 32 for c in written), f"{written!r} holds white space"),
        (not 200 <= hosted.status <= 599, f"status {hosted.status} is not a final one"),
        (not all(300 <= s <= 399 for s in hosted.redirects), f"redirects {hosted.redirects}"),
        (not all(math.isfinite(d) and d >= 0 for d in delays), f"delays {delays}"),
        (not _is_header(hosted.content_type or ""), f"content type {hosted.content_type!r}"),
        (hosted.instead not in answer.INSTEAD, f"instead {hosted.instead!r}"),
    ]


def _is_header(value: str) -> bool:
    return value.isascii() and value.isprintable() and value == value.strip()
