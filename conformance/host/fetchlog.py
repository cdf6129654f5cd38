"""What the picture host remembers of each request: bounded, and without credentials."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from conformance.model import Fetch
from conformance.redact import MARK

#: Fetches kept per token; the rest are only counted. An honest endpoint needs a handful.
KEPT = 200
#: Characters kept of all fetches of a host, and fetches kept per token beyond it, their headers
#: left out. A run of an honest endpoint needs less than one in twenty of it.
MAX_IN_ALL, KEPT_BEYOND = 16_000_000, 5
#: Request headers kept per fetch, and characters kept of a name, a value, a path, a method.
MAX_HEADERS, MAX_NAME, MAX_VALUE, MAX_PATH, MAX_METHOD = 64, 100, 500, 2000, 20

#: Names of headers that carry credentials, as substrings of the lower-case name.
_SECRET_NAME = re.compile(r"authorization|cookie|api-?key|token|secret|password|signature")
#: A scheme word in front of credentials, whatever the header is called.
_SCHEME = re.compile(r"(?i)\s*(bearer|basic|digest|negotiate|token|key|aws4-hmac-sha256)\s+\S")


@dataclass(slots=True, kw_only=True)
class Record:
    """One fetch as it goes on; ``fetch`` is the state so far."""

    at: float
    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    #: 0 until the status line is sent, and for ever where the connection is reset.
    status: int = 0
    bytes_sent: int = 0

    def fetch(self) -> Fetch:
        return Fetch(
            at=self.at,
            method=self.method,
            path=self.path,
            headers=self.headers,
            status=self.status,
            bytes_sent=self.bytes_sent,
        )


class Room:
    """What is left for the logs of one host, in characters."""

    def __init__(self, left: int = MAX_IN_ALL) -> None:
        self.left = left


class FetchLog:
    """The fetches of one token, in the order in which they arrived."""

    def __init__(self, room: Room) -> None:
        self._records: list[Record] = []
        self._room = room
        self.count = 0

    def add(self, record: Record) -> None:
        """Counts a fetch, and keeps it while there is room."""
        self.count += 1
        is_beyond = _size(record) > self._room.left
        if len(self._records) >= (KEPT_BEYOND if is_beyond else KEPT):
            return
        if is_beyond:
            record.headers = ()
        self._room.left -= _size(record)
        self._records.append(record)

    def clear(self) -> None:
        """Forgets all, and gives the room back."""
        self._room.left += sum(map(_size, self._records))
        self._records.clear()

    def fetches(self) -> tuple[Fetch, ...]:
        return tuple(record.fetch() for record in list(self._records))


def _size(record: Record) -> int:
    return len(record.path) + sum(len(name) + len(value) for name, value in record.headers)


def kept_headers(headers: Iterable[tuple[bytes, bytes]], token: str) -> tuple[tuple[str, str], ...]:
    """Request headers fit to be kept: few, short, without credentials or the token."""
    pairs = list(headers)[:MAX_HEADERS]
    return tuple((_text(name)[:MAX_NAME], _value(name, value, token)) for name, value in pairs)


def kept_path(rest: bytes, query: bytes) -> str:
    """Path and query as they were asked for, the token replaced by ``TOKEN``."""
    asked = b"/TOKEN/" + rest + (b"?" + query if query else b"")
    return _text(asked)[:MAX_PATH]


def kept_method(method: str) -> str:
    return method[:MAX_METHOD]


def _value(name: bytes, value: bytes, token: str) -> str:
    text = _text(value)
    scheme = _SCHEME.match(text)
    if scheme:
        return f"{scheme[1]} {MARK}"
    if _SECRET_NAME.search(_text(name).lower()):
        return MARK
    return text.replace(token, "TOKEN")[:MAX_VALUE]


def _text(raw: bytes) -> str:
    return raw.decode("ascii", errors="backslashreplace")
