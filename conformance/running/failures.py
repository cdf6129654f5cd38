"""What a failure of the wire is: its kind of trouble, and in words."""

from __future__ import annotations

import httpx

from conformance.wire import trouble


def kind_of(error: Exception) -> str:
    """The kind of trouble that a failure of the wire is."""
    if isinstance(error, httpx.ConnectError):
        return trouble.UNREACHABLE
    return trouble.TOO_LARGE if _is_too_long(error) else trouble.RESET


def _is_too_long(error: BaseException | None) -> bool:
    """Whether headers, or a line about a chunk, were longer than the parser of HTTP takes.

    h11 says so with a hint at status 431, below two libraries that only repeat its words.
    """
    while error is not None and not hasattr(error, "error_status_hint"):
        error = error.__cause__ or error.__context__
    return getattr(error, "error_status_hint", 0) == 431


def describe(error: Exception) -> str:
    """What a failure of the wire means, in a few words."""
    if _is_too_long(error):
        return "the headers of the reply, or a line between its chunks, are longer than 100 kB"
    text = str(error) or type(error).__name__
    if isinstance(error, httpx.ConnectError):
        return f"cannot connect: {text}"
    if isinstance(error, (httpx.NetworkError, httpx.RemoteProtocolError)):
        return f"the connection broke off: {text}"
    return f"{type(error).__name__}: {text}"
