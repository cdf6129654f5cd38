"""What one client of a server of ours may take: bytes, seconds and connections."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of a server. Seconds and counts are those of servers that strangers reach daily."""

    #: Connections at once, fewer where few files may be open. An endpoint that fetches all the
    #: pictures of a run of ``--concurrency 64`` at once stays below it.
    connections: int = 1000
    #: Bytes of a request line. nginx's large_client_header_buffers.
    line_bytes: int = 8 * 1024
    #: Bytes of a request line with all its fields. h11's own bound.
    head_bytes: int = 16 * 1024
    #: Fields of a request. Apache's LimitRequestFields.
    fields: int = 100
    #: Bytes of a body that are read and dropped before the connection is ended after its answer;
    #: None where bodies are read, and bounded by the app.
    body_bytes: int | None = None
    #: Seconds from the first byte of a request to the end of its fields. Apache's mod_reqtimeout.
    head_seconds: float = 20
    #: Seconds without a request. nginx's keepalive_timeout: shorter ones race with clients that
    #: reuse pooled connections, and the loser looks like a reset.
    idle_seconds: float = 75
    #: Seconds in which a client neither sends of its body nor takes of its answer. nginx's
    #: send_timeout and client_body_timeout.
    stall_seconds: float = 60


#: Of a server whose app reads bodies and bounds them.
LIMITS = Limits()
