"""What the picture host answers: one placed picture, asked for at one hop, by one method."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from conformance.drawing import flood
from conformance.host.address import header_value
from conformance.model import Hosted, Picture

Headers: TypeAlias = list[tuple[bytes, bytes]]

#: Bytes handed over at a time, so that a client which stops reading stops the host.
PIECE = 64 * 1024
#: Body bytes of a "huge" reply: above the largest published limit for one picture that we know
#: of (Perplexity: 50 MB).
HUGE_BYTES = 60_000_000
#: What a "vast" reply says of its length.
ANNOUNCED = 10_000_000_000
#: What may be ordered in the place of a picture.
INSTEAD = ("", "html", "empty", "huge", *flood.KINDS)
#: Seconds a client is told to wait after a 429. Short: a target that obeys must not stall a run.
RETRY_AFTER = 1
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
LOGIN_PAGE = (
    b"<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in</h1>"
    b"<form><input name=user><input name=password type=password></form></body></html>"
)
_CHUNKED = Hosted(chunked=True)
#: Statuses whose replies have no body.
_BODILESS = (204, 205, 304)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One reply. ``pieces`` may be consumed once; ``gap`` seconds lie between two of them."""

    status: int
    headers: Headers
    pieces: Iterable[bytes] = ()
    #: Seconds before the status line.
    delay: float = 0.0
    gap: float = 0.0
    #: The connection is reset instead.
    reset: bool = False
    #: The connection is reset after the last piece.
    cut: bool = False


def not_found() -> Answer:
    return text(404, "Nothing here.\n")


def gone() -> Answer:
    return text(410, "It was given out before.\n")


def method_refused(allowed: str) -> Answer:
    return text(405, "Method not allowed.\n", (b"allow", allowed.encode()))


def redirect(status: int, location: str) -> Answer:
    return text(status, "Moved.\n", (b"location", header_value(location)))


def text(status: int, body: str, *headers: tuple[bytes, bytes]) -> Answer:
    """A small plain text reply."""
    data = b"" if status in _BODILESS else body.encode()
    kind = (b"content-type", b"text/plain; charset=utf-8")
    return Answer(status=status, headers=[kind, _length(data), *headers], pieces=(data,))


def final(picture: Picture, hosted: Hosted) -> Answer:
    """The reply at the last hop: the picture, or what ``hosted`` orders in its place."""
    if hosted.reset:
        return Answer(status=0, headers=[], delay=hosted.first_byte, reset=True)
    if hosted.status != 200:
        return _refusal(hosted)
    if hosted.instead in flood.KINDS:
        return _flood(picture, hosted)
    body, kind, size = _body(picture, hosted)
    pieces, gap = _paced(body, size, hosted)
    return Answer(
        status=200,
        headers=_headers(kind, size, hosted),
        pieces=pieces,
        delay=hosted.first_byte,
        gap=gap,
    )


def _flood(picture: Picture, hosted: Hosted) -> Answer:
    return Answer(
        status=200,
        headers=[*_headers(picture.media_type, 0, _CHUNKED), *_flood_headers(hosted.instead)],
        pieces=flood.pieces(picture.data, hosted.instead),
        # What was announced is never all sent, which the server would call an error of its own.
        cut=hosted.instead == flood.VAST,
    )


def _flood_headers(kind: str) -> Headers:
    if kind == flood.VAST:
        return [(b"content-length", b"%d" % ANNOUNCED)]
    return [(b"content-encoding", b"gzip")] if kind == flood.INFLATED else []


def _refusal(hosted: Hosted) -> Answer:
    extra: dict[int, tuple[bytes, bytes]] = {
        401: (b"www-authenticate", b'Basic realm="pictures"'),
        429: (b"retry-after", b"%d" % RETRY_AFTER),
    }
    headers = [extra[hosted.status]] if hosted.status in extra else []
    plain = text(hosted.status, f"Status {hosted.status}.\n", *headers)
    return replace(plain, delay=hosted.first_byte)


def _body(picture: Picture, hosted: Hosted) -> tuple[bytes | None, str, int]:
    """Bytes (None for the huge stream), media type and size."""
    if hosted.instead == "html":
        return LOGIN_PAGE, "text/html; charset=utf-8", len(LOGIN_PAGE)
    if hosted.instead == "empty":
        return b"", picture.media_type, 0
    if hosted.instead == "huge":
        return None, picture.media_type, HUGE_BYTES
    return picture.data, picture.media_type, picture.weight


def _headers(kind: str, size: int, hosted: Hosted) -> Headers:
    declared = kind if hosted.content_type is None else hosted.content_type
    # Public tunnels cache by file extension, and what they cache is never logged here.
    headers = [(b"cache-control", b"no-store")]
    if declared:
        headers.append((b"content-type", declared.encode("ascii", "replace")))
    if not hosted.chunked:
        headers.append((b"content-length", b"%d" % size))
    return headers


def _paced(body: bytes | None, size: int, hosted: Hosted) -> tuple[Iterable[bytes], float]:
    """The body in pieces, and the seconds between two of them."""
    if body is None:
        return _huge(), 0.0
    if not hosted.drip:
        step = math.ceil(size / 4) if hosted.chunked else PIECE
        return _cut(body, min(step, PIECE)), 0.0
    wanted = max(2, min(size, 100, math.ceil(hosted.drip / 0.05)))
    step = max(1, math.ceil(size / wanted))
    gaps = max(1, math.ceil(size / step) - 1)
    return _cut(body, step), hosted.drip / gaps


def _cut(body: bytes, step: int) -> Iterator[bytes]:
    for start in range(0, len(body), max(1, step)):
        yield body[start : start + step]


def _huge() -> Iterator[bytes]:
    zeros = bytes(PIECE)
    yield PNG_SIGNATURE
    left = HUGE_BYTES - len(PNG_SIGNATURE)
    while left > 0:
        yield zeros[:left]
        left -= PIECE


def _length(data: bytes) -> tuple[bytes, bytes]:
    return b"content-length", b"%d" % len(data)
