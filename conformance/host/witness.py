"""The witness: a second host of ours on loopback, at a port that no endpoint was told to trust."""

from __future__ import annotations

import errno
import socket
from contextlib import ExitStack
from types import TracebackType

from conformance.asgi.serving import serve_in_thread
from conformance.asgi.sockets import ServeError, listening_socket, url_of
from conformance.host.app import PictureHost
from conformance.host.errors import HostError
from conformance.host.protocol import LIMITS, TolerantProtocol

#: Ports that are tried until one is free on both IPv4 and IPv6.
TRIES = 20
_NO_IPV6 = (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL)


class WitnessServer:
    """Runs a picture host at 127.0.0.1 and, where there is IPv6, at the same port of ::1.

    Use as a context manager; entering raises HostError.
    """

    host: PictureHost

    def __init__(self) -> None:
        self._stack = ExitStack()

    def __enter__(self) -> WitnessServer:
        with ExitStack() as stack:
            try:
                sockets = _sockets()
                self.host = PictureHost(url_of(sockets[0]))
                for sock in sockets:
                    served = serve_in_thread(
                        self.host, sock, protocol=TolerantProtocol, limits=LIMITS
                    )
                    stack.enter_context(served)
            except ServeError as error:
                raise HostError(f"the witness of --security: {error}") from error
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()


def _sockets() -> list[socket.socket]:
    """Listening sockets. What is sent to our port must never reach another program at ::1."""
    for _ in range(TRIES):
        first = listening_socket("127.0.0.1:0")
        port = first.getsockname()[1]
        try:
            return [first, listening_socket(f"[::1]:{port}")]
        except ServeError as error:
            if isinstance(error.__cause__, OSError) and error.__cause__.errno in _NO_IPV6:
                return [first]
            first.close()
    raise ServeError("no port is free on both IPv4 and IPv6: run again")
