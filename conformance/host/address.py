"""URLs of the picture host: how they are made, and which requests are for them.

``{public_url}/{token}/{path}[?query]``, and ``{public_url}/{token}/hop-2/{path}`` after two
redirects.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlsplit

from conformance.model import Hosted

_ASCII = "".join(map(chr, range(0x21, 0x7F)))


def url(base: str, token: str, hosted: Hosted, hop: int = 0) -> str:
    """The address of one hop; hop 0 is the one that goes into the request."""
    prefix = f"hop-{hop}/" if hop else ""
    query = f"?{hosted.query}" if hosted.query else ""
    return f"{base}/{token}/{prefix}{hosted.path}{query}"


def hop_asked(hosted: Hosted, rest: bytes, query: bytes) -> int | None:
    """Which hop a request below the token is for; None where it is for none.

    Paths are equal where they differ in percent-encoding only, "%2F" and "/" excepted. Queries
    are equal byte by byte, save that raw non-ASCII equals its percent-encoding.
    """
    if _escaped(query) != _escaped(hosted.query.encode()):
        return None
    wanted = _segments(rest)
    path = hosted.path.encode()
    hops = 2 if hosted.loop else len(hosted.redirects) + 1
    candidates = (path, *(b"hop-%d/%s" % (hop, path) for hop in range(1, hops)))
    return next((i for i, known in enumerate(candidates) if _segments(known) == wanted), None)


def header_value(location: str) -> bytes:
    """A URL as it may stand in a header: non-ASCII percent-encoded."""
    return quote(location, safe=_ASCII).encode()


def raw_target(scope: Any) -> bytes:
    """The request's path as it was written, without the query or an absolute form's origin."""
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    if raw.lower().startswith((b"http://", b"https://")):
        raw = b"/" + raw.split(b"/", 3)[-1] if raw.count(b"/") > 2 else b"/"
    return raw


def split_target(raw: bytes, base: str) -> tuple[str, bytes]:
    """Token and the rest of the path. A path in ``base`` may be there or not: proxies differ."""
    prefix = urlsplit(base).path.encode() + b"/"
    if len(prefix) > 1 and raw.startswith(prefix):
        raw = raw[len(prefix) - 1 :]
    token, _, rest = raw[1:].partition(b"/")
    return token.decode("latin-1"), rest


def _segments(path: bytes) -> list[bytes]:
    return [unquote_to_bytes(segment) for segment in path.split(b"/")]


def _escaped(query: bytes) -> str:
    return quote(query, safe=_ASCII)
