"""How the reference endpoint gets the bytes of a picture: from a data URL, or by http."""

from __future__ import annotations

import asyncio
import base64
import binascii
import ipaddress
import socket
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlsplit

import httpx

from conformance.reference.failure import ApiError

MIME_TYPES = frozenset({"image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp"})
#: Longest download in bytes, and seconds to wait for it: three times what the slowest host takes.
MOST_BYTES = 32 * 1024 * 1024
PATIENCE = 7.0
MOST_REDIRECTS = 5

_EXPECTED = (
    "Expected a base64-encoded data URL with an image MIME type (e.g. 'data:image/png;base64,…')"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The bytes of a picture and where they came from: "data" or "http"."""

    data: bytes
    source: str


def from_data_url(url: str, path: str) -> Loaded:
    """The bytes of a data URL; raises ApiError. ``path`` names the member for the error."""
    head, comma, payload = url[5:].partition(",")
    media_type, *parameters = head.split(";")
    if not comma or [p.lower() for p in parameters][-1:] != ["base64"]:
        raise _invalid(path, "a value without the ';base64' separator")
    if media_type.lower() not in MIME_TYPES:
        raise _invalid(path, f"unsupported MIME type '{media_type[:80]}'")
    if not payload:
        raise _invalid(path, "empty base64-encoded bytes")
    try:
        data = base64.b64decode(payload.replace("\r", "").replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        raise _invalid(path, "an invalid base64-encoded value") from None
    return Loaded(data=data, source="data")


def _invalid(path: str, got: str) -> ApiError:
    return ApiError(
        f"Invalid '{path}'. {_EXPECTED}, but got {got}.", param=path, code="invalid_value"
    )


def _no_url(path: str) -> ApiError:
    return ApiError(
        f"Invalid '{path}'. Expected a valid URL, but got a value with an invalid format.",
        param=path,
        code="invalid_value",
    )


class Downloader:
    """Fetches pictures over http, from the origins it is told and from no others."""

    #: Such as ``http://127.0.0.1:8398``, as they must be written; None for any on loopback.
    origins: frozenset[str] | None = None
    #: Seconds for a whole download, however steadily it drips.
    patience: float = PATIENCE

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._http = httpx.AsyncClient(
            transport=LoopbackOnly(transport or httpx.AsyncHTTPTransport(trust_env=False)),
            timeout=PATIENCE,
            trust_env=False,
            follow_redirects=True,
            max_redirects=MOST_REDIRECTS,
            headers={
                "user-agent": "reference-endpoint/1",
                "accept": "image/*",
                "accept-encoding": "identity",
            },
            event_hooks={"request": [self._judge]},
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def get(self, url: str, path: str) -> Loaded:
        """The bytes at a URL; raises ApiError as OpenAI words it."""
        if urlsplit_or_none(url) is None:
            raise _no_url(path)
        try:
            async with (
                asyncio.timeout(self.patience),
                self._http.stream("GET", url) as response,
            ):
                return Loaded(data=await self._body(response), source="http")
        except (httpx.TimeoutException, TimeoutError):
            raise ApiError(f"Timeout while downloading {url}.", code="invalid_image_url") from None
        except httpx.InvalidURL:
            raise _no_url(path) from None
        except (httpx.HTTPError, OSError) as error:
            raise ApiError(
                f"Error while downloading {url}: {type(error).__name__}.", code="invalid_image_url"
            ) from None

    def allows(self, url: httpx.URL) -> bool:
        """True for an origin that is allowed, in the one spelling that was given."""
        if self.origins is None:
            return url.host in ("localhost", str(loopback(url.host)))
        return _origin(url) in self.origins

    async def _judge(self, request: httpx.Request) -> None:
        """Called before every hop."""
        if not self.allows(request.url):
            raise ApiError(
                "Pictures may not be downloaded from this address.",
                param="url",
                code="invalid_image_url",
            )

    async def _body(self, response: httpx.Response) -> bytes:
        if response.status_code != 200:
            raise ApiError(
                f"Error while downloading file. Upstream status code: {response.status_code}.",
                param="url",
                code="invalid_image_url",
            )
        if response.headers.get("content-encoding", "identity") != "identity":
            raise ApiError("The image was sent compressed.", param="url", code="invalid_image")
        body = bytearray()
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > MOST_BYTES:
                raise ApiError(
                    f"Failed to download image from {response.url}. Image size exceeds the limit.",
                    code="invalid_image",
                )
        return bytes(body)


class LoopbackOnly(httpx.AsyncBaseTransport):
    """Connects to loopback and nowhere else, whatever the address was taken for before.

    Nothing is ever looked up: an address goes on as the number that it is.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        address = loopback(request.url.host)
        if address is None:
            raise httpx.ConnectError("this is no loopback address", request=request)
        onward = httpx.Request(
            request.method,
            request.url.copy_with(host=str(address)),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return await self._inner.handle_async_request(onward)

    async def aclose(self) -> None:
        await self._inner.aclose()


def origin_of(text: str) -> str:
    """The origin of a URL as it is compared; raises ValueError."""
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError(f"{text!r} is no origin: write one such as http://127.0.0.1:8398")
    return _origin(url)


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode()}"


Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


def loopback(host: str) -> Address | None:
    """The loopback address that a host is, however it is spelled; None where it is none."""
    if host.lower() == "localhost":
        return ipaddress.IPv4Address("127.0.0.1")
    address = _address(host)
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    return address if address is not None and address.is_loopback else None


def _address(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        # The short, octal, hexadecimal and decimal forms that every C library takes.
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def urlsplit_or_none(url: str) -> str | None:
    """The host of an http URL; None where it is none."""
    try:
        parts = urlsplit(url)
        return parts.hostname if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None
