"""HTTP/1.1 as uvicorn speaks it, within limits that no client can talk it out of."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from conformance.asgi.crowd import Crowd, Phase
from conformance.asgi.limits import Limits

#: Bytes that may wait to be taken by a client before the app is held up.
HIGH_WATER = 32 * 1024
#: Seconds between the end of an answer and the end of the connection, where the client is still
#: sending: cut at once, it might never read the answer.
LINGER = 1.0


class GuardedProtocol(H11Protocol):
    """One connection; a member of the crowd of its server."""

    def __init__(self, crowd: Crowd, **server: Any) -> None:
        super().__init__(**server)
        self._crowd = crowd
        self.conn: _Connection = _Connection(crowd.limits)
        #: Bytes that came so far.
        self._came = 0
        #: Where it is True nothing is read any more.
        self._is_deaf = False
        #: Nothing more is written, either.
        self._is_over = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=HIGH_WATER)
        if not self._crowd.enter(self, self.loop.time()):
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._crowd.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self._is_deaf:
            self._came += len(data)
            super().data_received(data)

    def handle_events(self) -> None:
        super().handle_events()
        most = self._crowd.limits.body_bytes
        if most is None or self.cycle is None:
            return
        # Nobody is asked for a body that is not wanted.
        self.cycle.waiting_for_100_continue = False
        if self.conn.body_bytes > most:
            self._stop_reading()

    def on_response_complete(self) -> None:
        is_unread = self.conn.their_state is h11.SEND_BODY
        super().on_response_complete()
        if is_unread and self._crowd.limits.body_bytes is not None:
            self._hang_up()

    def send_400_response(self, msg: str) -> None:
        """Refuses what is no request, with the status that says why."""
        if self.cycle is not None and not self.cycle.response_complete:
            # The app may have begun to answer; from here on it speaks to nobody.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.write(_refusal(self.conn.status))
        self._hang_up()

    def phase(self) -> Phase:
        if self._is_over or self.transport.is_closing() or self.flow.write_paused:
            return Phase.STUCK
        if self.conn.their_state is h11.IDLE:
            return Phase.HEAD if self.conn.trailing_data[0] else Phase.SILENT
        if self.conn.their_state is not h11.SEND_BODY or self._is_deaf:
            return Phase.ANSWERING
        return Phase.AFTER if self.cycle.response_complete else Phase.BODY

    def progress(self) -> tuple[object, ...]:
        phase = self.phase()
        taken = self.transport.get_write_buffer_size() if phase is Phase.STUCK else 0
        return self.conn.requests, self._came if phase is Phase.BODY else 0, taken

    def end(self) -> None:
        if self.phase() is Phase.SILENT:
            self.transport.close()
        else:
            self.transport.abort()

    def _stop_reading(self) -> None:
        # Not by uvicorn's flow control, which the app would undo with its next ``receive``.
        self._is_deaf = True
        self.transport.pause_reading()

    def _hang_up(self) -> None:
        """No more is read; what was written is sent, and then the connection ends."""
        self._is_over = True
        self._stop_reading()
        self._unset_keepalive_if_required()
        if not self.transport.is_closing():
            self.transport.write_eof()
            self.loop.call_later(LINGER, self.transport.abort)


class _Connection(h11.Connection):
    """Knows what is too much, and which status says so."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(h11.SERVER, limits.head_bytes)
        self._limits = limits
        self.status = 400
        self.requests = 0
        #: Bytes of the body of this request that came so far.
        self.body_bytes = 0

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        try:
            event = super().next_event()
            if isinstance(event, h11.Request):
                self.requests += 1
                self.body_bytes = 0
                self._check(event)
            elif isinstance(event, h11.Data):
                self.body_bytes += len(event.data)
        except h11.RemoteProtocolError as error:
            self.status = error.error_status_hint
            raise
        return event

    def _check(self, request: h11.Request) -> None:
        line = len(request.method) + len(request.target)
        fields = list(request.headers)
        if line > self._limits.line_bytes:
            raise h11.RemoteProtocolError("request line too long", error_status_hint=414)
        size = line + sum(len(name) + len(value) for name, value in fields)
        if len(fields) > self._limits.fields or size > self._limits.head_bytes:
            raise h11.RemoteProtocolError("too many request fields", error_status_hint=431)
        # RFC 9112, section 6.1: whoever sends both may be smuggling a request.
        if {b"content-length", b"transfer-encoding"} <= {name.lower() for name, _ in fields}:
            raise h11.RemoteProtocolError("two lengths of one body")


def _refusal(status: int) -> bytes:
    phrase = HTTPStatus(status).phrase
    body = f"{phrase}\n"
    head = (
        f"HTTP/1.1 {status} {phrase}\r\ncontent-type: text/plain; charset=utf-8\r\n"
        f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    return (head + body).encode("ascii")
