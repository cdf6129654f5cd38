"""Sockets that listen where one says, or an error that names the way out."""

from __future__ import annotations

import errno
import ipaddress
import socket

#: Connections that may wait to be accepted; a whole run may knock at once.
BACKLOG = 2048


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
