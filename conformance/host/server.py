"""The picture host on a real socket."""

from __future__ import annotations

import ipaddress
from contextlib import ExitStack
from types import TracebackType
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from conformance.asgi.limits import Limits
from conformance.asgi.serving import serve_in_thread
from conformance.asgi.sockets import ServeError, bound_socket, listening_socket, split_bind, url_of
from conformance.host.app import PictureHost
from conformance.host.errors import HostError
from conformance.host.protocol import LIMITS, TolerantProtocol

Kind = TypeVar("Kind", bound=PictureHost)


class HostServer(Generic[Kind]):
    """Runs a picture host in a background thread while the ``with`` block lasts.

    ``bind`` is where to listen, such as ``127.0.0.1:0``; ``public_url`` is how clients reach
    it, where that is not the same; ``kind`` is what answers; ``limits`` bound what strangers
    may take. Entering raises HostError.
    """

    host: Kind
    #: Base URL of the pictures, without a slash at its end.
    url: str

    def __init__(
        self,
        bind: str = "127.0.0.1:0",
        public_url: str = "",
        *,
        kind: type[Kind] = PictureHost,  # type: ignore[assignment]
        limits: Limits = LIMITS,
    ) -> None:
        self._bind = bind
        self._public_url = public_url.strip().rstrip("/")
        self._kind = kind
        self._limits = limits
        self._stack = ExitStack()

    def __enter__(self) -> HostServer[Kind]:
        with ExitStack() as stack:
            try:
                self._open(stack)
            except ServeError as error:
                raise HostError(f"picture host: {error} (--picture-host-bind)") from error
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def _open(self, stack: ExitStack) -> None:
        address, _ = split_bind(self._bind)
        _check_public_url(self._public_url)
        if not self._public_url and ipaddress.ip_address(address).is_unspecified:
            raise HostError(
                f"the picture host listens at {self._bind}, which is no address to fetch from: "
                "name the URL under which the endpoint reaches it with --picture-host-url"
            )
        listener = stack.enter_context(listening_socket(self._bind))
        # Bound and never listening: connections are refused, and no other program can take it.
        closed = stack.enter_context(bound_socket(address, 0, shown=self._bind))
        self.url = self._public_url or url_of(listener)
        self.host = self._kind(self.url, refused_url=_with_port_of(self.url, url_of(closed)))
        served = serve_in_thread(
            self.host, listener, protocol=TolerantProtocol, limits=self._limits
        )
        stack.enter_context(served)


def _with_port_of(url: str, other: str) -> str:
    """The host of ``url`` at the port of ``other``, over plain http."""
    name = urlsplit(url).hostname or ""
    bracketed = f"[{name}]" if ":" in name else name
    return f"http://{bracketed}:{urlsplit(other).port}"


def _check_public_url(url: str) -> None:
    if url and not _is_base_url(url):
        raise HostError(
            f"{url!r} is not a base URL for the picture host: --picture-host-url takes one such "
            "as https://pictures.example.org, without query or fragment"
        )


def _is_base_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port_is_right = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or any(c.isspace() for c in url))
    return parts.scheme in ("http", "https") and bool(parts.hostname) and plain and port_is_right
