"""The URLs of a target: of the endpoint, of the picture host, of an address within."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, parse_qsl, urlsplit

from conformance.target.terms import Pairs, Table, TargetError


def first_given(*places: tuple[str, str]) -> tuple[str, Pairs]:
    """The first URL given, in normal form without a slash at its end, and what its query said."""
    place, text = next(((p, t.strip()) for p, t in places if t.strip()), ("", ""))
    if not text:
        raise TargetError(
            "no base URL is given: use --base-url, write base_url into the target file, "
            "or set OPENAI_BASE_URL"
        )
    url = _split(text, place)
    path = url.path.rstrip("/").removesuffix("/chat/completions").rstrip("/")
    query = tuple(parse_qsl(url.query, keep_blank_values=True))
    return f"{url.scheme}://{url.netloc}{path}", query


def _split(text: str, place: str) -> SplitResult:
    """A URL taken apart; raises TargetError, which does not repeat it."""
    if not re.match(r"https?://", text, re.IGNORECASE):
        raise TargetError(f"{place}: expected a URL that begins with https:// or http://")
    try:
        url = urlsplit(text)
        sound = bool(url.hostname) and url.port != 0
    except ValueError:
        sound = False
    if not sound or re.search(r"[\s\x00-\x1f\x7f\\\ud800-\udfff]", text):
        raise TargetError(f"{place}: expected a URL such as https://api.example.com/v1")
    if "@" in url.netloc:
        raise TargetError(
            f"{place}: holds a user name or password; put the key into an environment variable "
            "and name that with key_env"
        )
    if url.fragment:
        raise TargetError(f"{place}: has a part after #, which is never sent; leave it out")
    return url


def picture_host_url(host: Table, place: str) -> str | None:
    text: str = host.get("url", "")
    if not text:
        return None
    url = _split(text, place)
    if url.query:
        raise TargetError(f"{place}: has a query, which no picture's URL would keep")
    return text.rstrip("/")


def inner_address(document: Table, place: str) -> str | None:
    text: str | None = document.get("security", {}).get("inner_address")
    if text is None:
        return None
    try:
        address = ipaddress.ip_address(_split(text, place).hostname or "")
        odd = address.is_loopback or address.is_unspecified or getattr(address, "ipv4_mapped", None)
        sound = address.is_private and not odd
    except TargetError:
        raise
    except ValueError:
        sound = False
    if not sound:
        raise TargetError(
            f"{place}: expected a URL at a private or link-local IP address of your own, where "
            "nothing answers"
        )
    return text
