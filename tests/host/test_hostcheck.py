"""The picture host is fetched through its public address before an endpoint is blamed."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from conformance.asgi.serving import serve_in_thread
from conformance.host.app import PictureHost
from conformance.host.server import HostServer
from conformance.model import Picture
from conformance.preflight.hostcheck import verify_own_host
from conformance.preflight.preflight import PreflightError


@pytest.fixture
def served() -> Iterator[Callable[[ASGIApp], str]]:
    """Serves what stands at the public address; gives that address."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(serve_in_thread(app))


def told(host: PictureHost, picture: Picture, patience: float = 5.0) -> str:
    with pytest.raises(PreflightError) as caught:
        asyncio.run(verify_own_host(host, picture, patience=patience))
    sentence = str(caught.value)
    assert sentence.startswith(
        "our own picture host cannot be reached at the address we were given, "
        f"{host.public_url or 'http'}"
    )
    assert sentence.isprintable()
    assert "--picture-host-url" in sentence
    assert not host._placed, "nothing stays placed"
    return sentence


def test_a_host_that_is_reached(server: HostServer, picture: Picture) -> None:
    before = dict(server.host._placed)
    asyncio.run(verify_own_host(server.host, picture))
    assert server.host._placed == before


def test_a_tunnel_that_is_up(picture: Picture) -> None:
    """What leads to the host may put a path of its own before it."""
    with HostServer() as running:
        running.host.public_url = f"{running.url}/pictures"
        asyncio.run(verify_own_host(running.host, picture))


def test_nobody_listens(picture: Picture) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        assert "cannot connect: " in told(PictureHost(url), picture)


def test_silence(picture: Picture) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        began = time.monotonic()
        assert "no whole reply within 0.2 s" in told(PictureHost(url), picture, 0.2)
        assert time.monotonic() - began < 3


HOSTILE = "\x1b[2Jowned\u202e"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            HTMLResponse("<html><title>Tunnel not found</title></html>", 404),
            "another page is there (404: “Tunnel not found”)",
        ),
        (HTMLResponse("<!doctype html><title>Visit site</title>"), "(200: “Visit site”)"),
        (HTMLResponse(f"<title>{HOSTILE}</title>", 530), r"(530: “\x1b[2Jowned\u202e”)"),
        (Response(b"no healthy upstream", 503), "it answers 503: “no healthy upstream”"),
        (Response(b"", 502), "it answers 502, without a word"),
        (Response(b"\x89PNG"), "other bytes than the picture's are there, 4 of them"),
        (Response(b"x" * 5_000_000), "other bytes than the picture's are there"),
        (RedirectResponse("https://pictures.example/a"), "it redirects (307) to “https://pictu"),
    ],
)
def test_another_answer(
    picture: Picture, served: Callable[[ASGIApp], str], answer: Response, words: str
) -> None:
    assert words in told(PictureHost(served(answer)), picture)


def test_a_redirect_is_not_followed(picture: Picture, served: Callable[[ASGIApp], str]) -> None:
    reached: list[str] = []

    async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append(scope["path"])
        await Response(b"")(scope, receive, send)

    url = served(RedirectResponse(served(elsewhere)))
    assert "it redirects (307)" in told(PictureHost(url), picture)
    assert reached == []


def test_one_lost_fetch_is_no_verdict(picture: Picture) -> None:
    with HostServer() as running:
        host, asked = running.host, []

        async def flaky(scope: Scope, receive: Receive, send: Send) -> None:
            asked.append(scope["path"])
            answer: ASGIApp = Response(b"", 502) if len(asked) == 1 else host
            await answer(scope, receive, send)

        with serve_in_thread(flaky) as url:
            host.public_url = url
            asyncio.run(verify_own_host(host, picture))
    assert len(asked) == 2


def test_the_unguessable_part_is_not_told(picture: Picture) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}/deep"
        assert f"we were given, {url}: " in told(PictureHost(url), picture)
