"""The bytes of a picture: those in a data URL, or those that an http URL leads to."""

from __future__ import annotations

import asyncio
import base64
import binascii
import ipaddress
import re

import httpx
from question import Seen
from refusal import Refusal

#: Bytes. What the documentation of 2023 to 2025 allowed for one picture.
MOST_BYTES = 20 * 2**20
#: Seconds for a picture, redirects and all.
PATIENCE = 10.0
MOST_REDIRECTS = 5
DATA_URL = re.compile(r"data:image/(?:png|jpeg|jpg|webp|gif)(?:;[^;,]*)*;base64,", re.IGNORECASE)


async def picture_bytes(picture: Seen) -> bytes:
    """What stands in, or at, the address. Raises Refusal."""
    if picture.address[:5].lower() == "data:":
        return _of_data_url(picture)
    try:
        async with asyncio.timeout(PATIENCE):
            return await _downloaded(picture)
    except (TimeoutError, httpx.TimeoutException):
        raise _cannot(picture, "it took too long") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise _cannot(picture, type(error).__name__) from error


def _of_data_url(picture: Seen) -> bytes:
    start = DATA_URL.match(picture.address)
    if start is None:
        wanted = "expected 'data:image/png;base64,...' with one of png, jpeg, webp, gif"
        raise Refusal(f"Invalid '{picture.path}': {wanted}.", picture.path, "invalid_value")
    try:
        data = base64.b64decode(picture.address[start.end() :], validate=True)
    except (binascii.Error, ValueError):
        message = f"Invalid '{picture.path}': its payload is no base64."
        raise Refusal(message, picture.path, "invalid_base64_image") from None
    _must_not_be_too_many(len(data), picture)
    return data


async def _downloaded(picture: Seen) -> bytes:
    url = httpx.URL(picture.address)
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
        for _ in range(MOST_REDIRECTS + 1):
            _must_be_loopback(url, picture)
            async with client.stream("GET", url) as reply:
                if reply.next_request is None:
                    return await _whole(reply, picture)
                url = reply.next_request.url
    raise _cannot(picture, f"more than {MOST_REDIRECTS} redirects")


async def _whole(reply: httpx.Response, picture: Seen) -> bytes:
    if reply.status_code != 200:
        raise _cannot(picture, f"its host answered {reply.status_code}")
    data = bytearray()
    async for piece in reply.aiter_bytes():
        data += piece
        _must_not_be_too_many(len(data), picture)
    return bytes(data)


def _must_be_loopback(url: httpx.URL, picture: Seen) -> None:
    """This program is for tests: no other machine is asked for anything, not even for a name."""
    if url.scheme != "http":
        wanted = "expected a data URL or an http URL"
        raise Refusal(f"Invalid '{picture.path}': {wanted}.", picture.path, "invalid_image_url")
    if url.host != "localhost" and not ipaddress.ip_address(url.host).is_loopback:
        raise _cannot(picture, "its host is not on loopback")


def _must_not_be_too_many(count: int, picture: Seen) -> None:
    if count > MOST_BYTES:
        message = f"The image of '{picture.path}' is larger than {MOST_BYTES} bytes."
        raise Refusal(message, picture.path, "image_file_too_large")


def _cannot(picture: Seen, why: str) -> Refusal:
    message = f"Failed to download the image of '{picture.path}': {why}."
    return Refusal(message, picture.path, "invalid_image_url")
