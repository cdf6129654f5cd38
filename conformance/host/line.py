"""The line to one client: sends, pauses, notices when the client hangs up, and can cut it."""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import suppress
from types import TracebackType

from starlette.types import Receive, Send

from conformance.host.answer import Answer
from conformance.host.fetchlog import Record

#: Seconds to wait until a reset has taken effect.
_RESET_TAKES = 1.0


class Line:
    """One request's way back. Use as an async context manager, on asyncio."""

    def __init__(self, receive: Receive, send: Send, *, head: bool) -> None:
        self._receive = receive
        self._send = send
        self._head = head
        self._gone = asyncio.Event()

    async def __aenter__(self) -> Line:
        self._watcher = asyncio.create_task(self._watch())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._watcher.cancel()
        with suppress(asyncio.CancelledError):
            await self._watcher

    async def answer(self, answer: Answer, record: Record) -> None:
        """Sends an answer and keeps the record up to date. Raises ConnectionResetError only
        where a reset is ordered and there is no socket to do it on."""
        if not await self._pause(answer.delay):
            return
        if answer.reset:
            await self.reset()
            return
        record.status = answer.status
        start = {"status": answer.status, "headers": answer.headers}
        await self._send({"type": "http.response.start", **start})
        if not self._head:
            await self._pieces(answer, record)
        if answer.cut and not self._head and not self._gone.is_set():
            await self.reset()
            return
        await self._finish()

    async def reset(self) -> None:
        """Cuts the connection with a TCP RST; in-process raises ConnectionResetError."""
        transport = _transport(self._send)
        sock = transport.get_extra_info("socket") if transport else None
        if transport is None or sock is None:
            raise ConnectionResetError("the picture host resets this connection on order")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
        # Until uvicorn has noticed, it would call a return without a reply an error.
        await self._pause(_RESET_TAKES)

    async def _pieces(self, answer: Answer, record: Record) -> None:
        for number, piece in enumerate(answer.pieces):
            if number and not await self._pause(answer.gap):
                return
            # Counted first: the client may be done before this thread gets its next turn.
            record.bytes_sent += len(piece)
            await self._send({"type": "http.response.body", "body": piece, "more_body": True})
            if self._gone.is_set():
                record.bytes_sent -= len(piece)
                return

    async def _finish(self) -> None:
        if not self._gone.is_set():
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _pause(self, seconds: float) -> bool:
        """Waits; False, and at once, where the client hangs up."""
        if seconds > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._gone.wait(), seconds)
        else:
            await asyncio.sleep(0)
        return not self._gone.is_set()

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone.set()


def _transport(send: Send) -> asyncio.Transport | None:
    """The transport below uvicorn's own ``send``; None in-process."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    return transport if isinstance(transport, asyncio.Transport) else None
