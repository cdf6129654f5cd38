"""A raw server of one behaviour on loopback: bytes as they are, no HTTP of any library."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from behaving import RESET, Behaviour, completion, dumped, reply

#: What a picture request has, and no plain question.
_PICTURE = b'"image_url"'
_READY = reply(dumped(completion("ready")))


@contextlib.asynccontextmanager
async def serving(behaviour: Behaviour, *, everywhere: bool) -> AsyncIterator[str]:
    """The base URL. Plain questions are answered as they should be, unless ``everywhere``."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            hurts = _PICTURE in await _request(reader) or everywhere
            await (_write(writer, behaviour) if hurts else _answer(writer))
            if hurts and behaviour.holds:
                await reader.read()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.close()


async def _request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    sizes = [int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")]
    return await reader.readexactly(sizes[0]) if sizes else b""


async def _answer(writer: asyncio.StreamWriter) -> None:
    writer.write(_READY)
    await writer.drain()


async def _write(writer: asyncio.StreamWriter, behaviour: Behaviour) -> None:
    for piece in behaviour.pieces():
        if isinstance(piece, float):
            await asyncio.sleep(piece)
        elif isinstance(piece, bytes):
            writer.write(piece)
            await writer.drain()
        elif piece == RESET:
            writer.transport.abort()
