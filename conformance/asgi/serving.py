"""Runs an ASGI app on a real socket in a background thread, for as long as a ``with`` lasts."""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import uvicorn
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from conformance.asgi.crowd import Crowd
from conformance.asgi.guard import GuardedProtocol
from conformance.asgi.limits import LIMITS, Limits
from conformance.asgi.sockets import BACKLOG, ServeError, listening_socket, url_of

#: Seconds to wait for the thread to begin, and to end.
PATIENCE = 10.0
#: Turns of the server's clock, of 0.1 s each, between two looks for connections that are overdue.
TURNS = 3
#: What ``accept`` says where no more can be open.
_EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


@contextmanager
def serve_in_thread(
    app: ASGIApp,
    bind: str | socket.socket = "127.0.0.1:0",
    *,
    protocol: type[GuardedProtocol] = GuardedProtocol,
    limits: Limits = LIMITS,
) -> Iterator[str]:
    """Serves ``app`` over HTTP/1.1 and yields its URL.

    ``bind`` is an address to listen at or a listening socket, which is closed at the end. The
    app is served once ``yield`` is reached; on leaving, open connections are cut at once, and
    meanwhile those that go beyond ``limits``. No lifespan events are sent. Raises ServeError.
    """
    sock = listening_socket(bind) if isinstance(bind, str) else bind
    crowd = Crowd(limits)
    server = _Server(_config(app, protocol, crowd), crowd)
    thread = threading.Thread(target=_run, args=(server, sock), name="serving", daemon=True)
    try:
        thread.start()
        if not server.up.wait(PATIENCE) or not server.started:
            raise ServeError(f"the server at {url_of(sock)} did not start: see the log for why")
        yield url_of(sock)
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        sock.close()


class _Server(uvicorn.Server):
    """Says when it is up, and ends without waiting for slow clients."""

    def __init__(self, config: uvicorn.Config, crowd: Crowd) -> None:
        super().__init__(config)
        self.up = threading.Event()
        self._crowd = crowd

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().set_exception_handler(self._troubled)
        await super().startup(sockets)
        # What asyncio accepts at one go it also takes for the length of the queue.
        for sock in sockets or ():
            sock.listen(BACKLOG)
        self.up.set()

    async def on_tick(self, counter: int) -> bool:
        if counter % TURNS == 0:
            self._crowd.sweep(asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    def _troubled(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Makes room where no more files can be open; asyncio accepts again after a second."""
        error = context.get("exception")
        if isinstance(error, OSError) and error.errno in _EXHAUSTED:
            self._crowd.thin()
        else:
            loop.default_exception_handler(context)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        # Two turns of the loop: one tells each connection it is lost, one wakes its app.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=0.2)


def _run(server: _Server, sock: socket.socket) -> None:
    try:
        asyncio.run(server.serve(sockets=[sock]))
    finally:
        server.up.set()


def _config(app: ASGIApp, protocol: type[GuardedProtocol], crowd: Crowd) -> uvicorn.Config:
    return uvicorn.Config(
        _quiet_when_cancelled(app),
        http=partial(protocol, crowd),  # type: ignore[arg-type]
        loop="asyncio",
        ws="none",
        interface="asgi3",
        lifespan="off",
        # The app must get uvicorn's own ``send``: the picture host resets connections by it.
        proxy_headers=False,
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        date_header=False,
        backlog=crowd.at_once,
        timeout_keep_alive=crowd.limits.idle_seconds,  # type: ignore[arg-type]
    )


def _quiet_when_cancelled(app: ASGIApp) -> ASGIApp:
    """Without this uvicorn logs a traceback for every request that is cut, by either end."""

    async def quiet(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except (asyncio.CancelledError, ClientDisconnect):
            return

    return quiet
