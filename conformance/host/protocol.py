"""HTTP as strangers send it to the picture host."""

from __future__ import annotations

import re

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_HIGH = re.compile(rb"[\x80-\xff]")


class TolerantProtocol(H11Protocol):
    """Reads request targets with raw non-ASCII bytes, which h11 refuses.

    curl sends a URL's bytes as they are, so an endpoint that fetches through libcurl would get
    a 400 here which no public server gives it, and the fetch would be missing from the log.
    """

    def data_received(self, data: bytes) -> None:
        if self.conn.their_state is h11.IDLE:
            line, end, rest = data.partition(b"\r\n")
            data = _HIGH.sub(_escape, line) + end + rest
        super().data_received(data)


def _escape(match: re.Match[bytes]) -> bytes:
    return b"%%%02X" % match[0][0]
