"""Runs an ASGI app on a real socket in a background thread, for as long as a ``with`` lasts."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

#: Connections that may wait to be accepted; a whole run may knock at once.
BACKLOG = 2048
#: Seconds an idle connection stays open. nginx's default: shorter ones race with clients that
#: reuse pooled connections, and the loser looks like a reset.
KEEP_ALIVE = 75
#: Seconds to wait for the thread to begin, and to end.
PATIENCE = 10.0


class ServeError(Exception):
    """The socket could not be had; the message is one sentence that names the way out."""


def split_bind(bind: str) -> tuple[str, int]:
    """The IP address and port of ``127.0.0.1:0``, ``[::1]:0`` or ``localhost:0``.

    Host names other than ``localhost`` are refused, so that nothing is ever looked up.
    Raises ServeError.
    """
    name, _, port = bind.rpartition(":")
    bare = name[1:-1] if name.startswith("[") and name.endswith("]") else name
    bracketed = bare is not name
    host = "127.0.0.1" if bare == "localhost" else bare
    if not _is_address(host, version=6 if bracketed else 4) or not _is_port(port):
        raise ServeError(
            f"{bind!r} is not an address to listen at: write an IP address and a port, "
            "such as 127.0.0.1:0, [::1]:0 or 0.0.0.0:8765 (port 0 takes any free one)"
        )
    return host, int(port)


def listening_socket(bind: str) -> socket.socket:
    """A TCP socket that listens at ``bind``; the caller closes it. Raises ServeError."""
    sock = bound_socket(*split_bind(bind), shown=bind, reuse=True)
    try:
        sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        raise ServeError(_advice(bind, error)) from error
    return sock


def bound_socket(host: str, port: int, *, shown: str, reuse: bool = False) -> socket.socket:
    """A TCP socket that is bound and does not listen: connections to it are refused."""
    sock: socket.socket | None = None
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # With the protocol unsaid asyncio leaves Nagle's algorithm on: 40 ms for every reply.
        sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if reuse:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
    except OSError as error:
        if sock is not None:
            sock.close()
        raise ServeError(_advice(shown, error)) from error
    return sock


def url_of(sock: socket.socket) -> str:
    """The http URL of a bound socket, without a slash at its end."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


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
    """Without this uvicorn logs a traceback for every request cut by the shutdown."""

    async def quiet(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except asyncio.CancelledError:
            return

    return quiet


def _is_address(text: str, *, version: int) -> bool:
    try:
        return ipaddress.ip_address(text).version == version
    except ValueError:
        return False


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535


def _advice(bind: str, error: OSError) -> str:
    ways_out = {
        errno.EADDRINUSE: "another program has this port: choose another, or 0 for any free one",
        errno.EADDRNOTAVAIL: "this machine has no such address: use 127.0.0.1 or one of its own",
        errno.EACCES: "this port needs more rights: choose one above 1023",
        errno.EAFNOSUPPORT: "this machine has no IPv6: use an IPv4 address",
    }
    way_out = ways_out.get(error.errno or 0, f"{error.strerror or error}: choose another address")
    return f"cannot listen at {bind}: {way_out}"
