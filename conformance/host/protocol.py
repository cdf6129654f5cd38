"""HTTP as strangers send it to the picture host."""

from __future__ import annotations

import re

import h11

from conformance.asgi.guard import GuardedProtocol
from conformance.asgi.limits import Limits

#: Pictures are asked for without a body: of one that comes, what fits in one read is dropped.
LIMITS = Limits(body_bytes=64 * 1024)

_HIGH = re.compile(rb"[\x80-\xff]")


class TolerantProtocol(GuardedProtocol):
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
