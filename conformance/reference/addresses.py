"""How the reference endpoint gets the bytes of a picture: from a data URL, or by http."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from conformance.reference.failure import ApiError

MIME_TYPES = frozenset({"image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp"})
#: Longest download in bytes, and seconds to wait for it.
MOST_BYTES = 32 * 1024 * 1024
PATIENCE = 10.0
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
        data = base64.b64decode(re.sub(r"[\r\n]", "", payload), validate=True)
    except (binascii.Error, ValueError):
        raise _invalid(path, "an invalid base64-encoded value") from None
    return Loaded(data=data, source="data")


def _invalid(path: str, got: str) -> ApiError:
    return ApiError(
        f"Invalid '{path}'. {_EXPECTED}, but got {got}.", param=path, code="invalid_value"
    )


class Downloader:
    """Fetches pictures over http, from loopback addresses only."""

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._http = httpx.AsyncClient(
            transport=transport,
            timeout=PATIENCE,
            trust_env=False,
            follow_redirects=True,
            max_redirects=MOST_REDIRECTS,
            headers={"user-agent": "reference-endpoint/1", "accept": "image/*"},
            event_hooks={"request": [_stay_on_loopback]},
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def get(self, url: str, path: str) -> Loaded:
        """The bytes at a URL; raises ApiError as OpenAI words it."""
        if urlsplit_or_none(url) is None:
            raise ApiError(
                f"Invalid '{path}'. Expected a valid URL, but got a value with an invalid format.",
                param=path,
                code="invalid_value",
            )
        try:
            async with self._http.stream("GET", url) as response:
                return Loaded(data=await self._body(response), source="http")
        except httpx.TimeoutException:
            raise ApiError(f"Timeout while downloading {url}.", code="invalid_image_url") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise ApiError(
                f"Error while downloading {url}: {type(error).__name__}.", code="invalid_image_url"
            ) from None

    async def _body(self, response: httpx.Response) -> bytes:
        if response.status_code != 200:
            raise ApiError(
                f"Error while downloading file. Upstream status code: {response.status_code}.",
                param="url",
                code="invalid_image_url",
            )
        body = bytearray()
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > MOST_BYTES:
                raise ApiError(
                    f"Failed to download image from {response.url}. Image size exceeds the limit.",
                    code="invalid_image",
                )
        return bytes(body)


def urlsplit_or_none(url: str) -> str | None:
    """The host of an http URL; None where it is none."""
    try:
        parts = urlsplit(url)
        return parts.hostname if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


async def _stay_on_loopback(request: httpx.Request) -> None:
    try:
        allowed = ipaddress.ip_address(request.url.host.strip("[]")).is_loopback
    except ValueError:
        allowed = request.url.host == "localhost"
    if not allowed:
        raise ApiError(
            "The reference endpoint downloads from loopback addresses only.",
            param="url",
            code="invalid_image_url",
        )
