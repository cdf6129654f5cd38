"""Our own picture host, fetched through its public address before anybody else is asked to.

Behind a tunnel that is down, every picture sent by URL would look like the endpoint's fault.
"""

from __future__ import annotations

import asyncio

import httpx

from conformance.judging.replies import quote
from conformance.model import Exchange, Hosted, Picture, Probe, Sent
from conformance.preflight import gatekeepers
from conformance.preflight.preflight import PreflightError
from conformance.preflight.wrongcalls import plain, said
from conformance.running.client import Host
from conformance.running.failures import describe
from conformance.wire.address import is_loopback

#: Seconds for one fetch: a tunnel that is slower is slower than many an endpoint waits.
PATIENCE = 5.0
#: Seconds before the second and last fetch; one lost packet is no verdict.
PAUSE = 0.5


async def verify_own_host(host: Host, picture: Picture, *, patience: float = PATIENCE) -> None:
    """Fetches the picture from where ``host`` places it. Raises PreflightError.

    Nothing but that address is connected to: no redirect is followed, and no proxy is used for an
    address on this machine.
    """
    placed = host.place(picture, Hosted())
    try:
        seen = await _seen(placed.url, picture, patience)
        if seen:
            await asyncio.sleep(PAUSE)
            seen = await _seen(placed.url, picture, patience)
    finally:
        host.forget(placed.token)
    if seen:
        # What follows is unguessable, and stays so.
        public = placed.url.partition(placed.token)[0].rstrip("/")
        raise PreflightError(
            "our own picture host cannot be reached at the address we were given, "
            f"{public}: {seen}; check --picture-host-url and what leads from there to "
            "--picture-host-bind, or say url = false under [claims] of the target file"
        )


async def _seen(url: str, picture: Picture, patience: float) -> str:
    """What is at the address instead of the picture; "" where the picture is."""
    try:
        async with asyncio.timeout(patience):
            got = await _get(url, most=picture.weight + 1)
    except (httpx.TimeoutException, TimeoutError):
        return f"no whole reply within {patience:g} s"
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        return plain(describe(error))
    if got.status == 200 and got.body == picture.data:
        return ""
    return _instead(got)


async def _get(url: str, *, most: int) -> Exchange:
    """What one GET brings, at most so many bytes of its body and a little more."""
    headers = {"user-agent": "vision-conformance", "accept-encoding": "identity"}
    web = httpx.AsyncClient(
        timeout=None, trust_env=not is_loopback(url), follow_redirects=False, headers=headers
    )
    body = bytearray()
    async with web, web.stream("GET", url) as response:
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) >= most:
                break
    sent = Sent(method="GET", path="", headers=(), body=b"")
    found = tuple((name.lower(), value) for name, value in response.headers.multi_items())
    return Exchange(
        probe=Probe(), sent=sent, status=response.status_code, headers=found, body=bytes(body)
    )


def _instead(got: Exchange) -> str:
    if 300 <= got.status < 400:
        place = quote(plain(got.header("location")))
        return f"it redirects ({got.status}) to {place}, as not every endpoint follows"
    if gatekeepers.is_page(got):
        return f"another page is there ({said(got)})"
    if got.status == 200:
        return f"other bytes than the picture's are there, {len(got.body)} of them"
    return f"it answers {said(got)}"
