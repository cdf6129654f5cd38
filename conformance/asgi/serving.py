"""Runs an ASGI app on a real socket in a background thread, for as long as a ``with`` lasts."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from conformance.asgi.sockets import BACKLOG, ServeError, listening_socket, url_of

#: Seconds an idle connection stays open. nginx's default: shorter ones race with clients that
#: reuse pooled connections, and the loser looks like a reset.
KEEP_ALIVE = 75
#: Seconds to wait for the thread to begin, and to end.
PATIENCE = 10.0


@contextmanager
def serve_in_thread(
    app: ASGIApp,
    bind: str | socket.socket = "127.0.0.1:0",
    *,
    protocol: type[asyncio.Protocol] | None = None,
) -> Iterator[str]:
    """Serves ``app`` over HTTP/1.1 and yields its URL.

    ``bind`` is an address to listen at or a listening socket, which is closed at the end. The
    app is served once ``yield`` is reached; on leaving, open connections are cut at once. No
    lifespan events are sent. Raises ServeError.
    """
    sock = listening_socket(bind) if isinstance(bind, str) else bind
    server = _Server(_config(app, protocol))
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

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

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


def _config(app: ASGIApp, protocol: type[asyncio.Protocol] | None) -> uvicorn.Config:
    return uvicorn.Config(
        _quiet_when_cancelled(app),
        http=protocol or "h11",
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
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE,
    )


def _quiet_when_cancelled(app: ASGIApp) -> ASGIApp:
    """Without this uvicorn logs a traceback for every request that is cut, by either end."""

    async def quiet(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except (asyncio.CancelledError, ClientDisconnect):
            return

    return quiet
