"""Starting and stopping, and what is said when that cannot be done."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import httpx
import pytest

from conformance.asgi.serving import serve_in_thread
from conformance.asgi.sockets import ServeError, listening_socket, url_of
from conformance.host.errors import HostError
from conformance.host.server import HostServer
from conformance.model import Hosted


def has_ipv6() -> bool:
    try:
        listening_socket("[::1]:0").close()
    except ServeError:
        return False
    return True


@pytest.mark.parametrize("bind", ["127.0.0.1:0", "localhost:0", "[::1]:0"])
def test_the_host_serves_where_it_is_bound(bind, picture):
    if bind == "[::1]:0" and not has_ipv6():
        pytest.skip("this machine has no IPv6")
    with HostServer(bind) as server, httpx.Client(trust_env=False, verify=False) as web:
        assert server.url.startswith("http://[::1]:" if "::" in bind else "http://127.0.0.1:")
        placed = server.host.place(picture, Hosted())
        assert web.get(placed.url).content == picture.data
        refused = server.host.place(picture, Hosted(refused=True))
        with pytest.raises(httpx.ConnectError):
            web.get(refused.url)


@pytest.mark.parametrize("prefix_kept", [True, False])
def test_a_public_url_stands_before_every_path(picture, prefix_kept):
    with HostServer("0.0.0.0:0", "https://example.org/pics/") as server:
        placed = server.host.place(picture, Hosted(redirects=(302,)))
        assert placed.url.startswith("https://example.org/pics/" + placed.token)
        refused = server.host.place(picture, Hosted(refused=True))
        assert refused.url.startswith("http://example.org:")
        with listening_on(server) as web:
            below = placed.url.removeprefix("https://example.org/pics")
            reply = web.get(("/pics" if prefix_kept else "") + below)
        assert reply.status_code == 302
        assert reply.headers["location"].startswith(f"https://example.org/pics/{placed.token}/")


def listening_on(server: HostServer) -> httpx.Client:
    """A client of the app itself, past whatever the public URL stands for."""
    return httpx.Client(transport=_Sync(server.host), base_url="http://inside")


class _Sync(httpx.BaseTransport):
    def __init__(self, app) -> None:
        self._app = httpx.ASGITransport(app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def go() -> httpx.Response:
            reply = await self._app.handle_async_request(request)
            return httpx.Response(reply.status_code, headers=reply.headers)

        return asyncio.run(go())


@pytest.mark.parametrize(
    "bind",
    ["", "8765", ":8765", "127.0.0.1", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:65536",
     "127.0.0.1:-1", "::1:0", "[127.0.0.1]:0", "example.org:80", "127.0.0.1:٣", "[::1]"],
)  # fmt: skip
def test_a_bind_that_cannot_be_read_is_explained(bind):
    with pytest.raises(HostError, match=r"127\.0\.0\.1:0.*--picture-host-bind"), HostServer(bind):
        pass


def test_a_port_in_use_is_explained():
    with listening_socket("127.0.0.1:0") as taken:
        bind = url_of(taken).removeprefix("http://")
        with pytest.raises(HostError, match="another program has this port"), HostServer(bind):
            pass


def test_an_address_of_another_machine_is_explained():
    with pytest.raises(HostError, match="no such address"), HostServer("192.0.2.1:0"):
        pass


@pytest.mark.parametrize("bind", ["0.0.0.0:0", "[::]:0"])
def test_listening_everywhere_needs_a_public_url(bind):
    with pytest.raises(HostError, match="--picture-host-url"), HostServer(bind):
        pass


@pytest.mark.parametrize(
    "url", ["pictures", "ftp://x", "https://", "https://x?q=1", "http://x:y", "http://a b"]
)
def test_a_public_url_that_is_none_is_explained(url):
    with pytest.raises(HostError, match="--picture-host-url"), HostServer(public_url=url):
        pass


def test_slow_connections_do_not_hold_up_the_end(picture, caplog):
    sockets = []
    before = serving_threads()
    with HostServer() as server:
        place = server.host.place
        slow = [Hosted(drip=60), Hosted(first_byte=60), Hosted(instead="huge")]
        for placed in [place(picture, hosted) for hosted in slow * 5]:
            sockets.append(open_request(placed.url))
        sockets.append(open_request(server.url + "/"))
        time.sleep(0.1)
        start = time.monotonic()
    took = time.monotonic() - start
    for sock in sockets:
        sock.close()
    assert took < 0.5
    assert caplog.records == []
    assert serving_threads() == before


def test_the_port_is_free_again_though_clients_linger(picture):
    with httpx.Client(trust_env=False, verify=False) as web:
        with HostServer() as server:
            bind = server.url.removeprefix("http://")
            web.get(server.host.place(picture, Hosted()).url)
        with HostServer(bind) as again:
            assert again.url.removeprefix("http://") == bind


def test_an_app_that_ignores_hang_ups_is_cut_without_a_word(caplog):
    cut = threading.Event()

    async def app(scope, receive, send):
        try:
            await asyncio.sleep(60)
        finally:
            cut.set()

    with serve_in_thread(app) as url:
        waiting = open_request(url)
        time.sleep(0.1)
        start = time.monotonic()
    assert time.monotonic() - start < 0.5
    assert cut.is_set()
    assert caplog.records == []
    waiting.close()


def test_any_app_can_be_served():
    async def app(scope, receive, send):
        message = await receive()
        head = {"type": "http.response.start", "status": 201, "headers": [(b"x-kind", b"echo")]}
        await send(head)
        await send({"type": "http.response.body", "body": message["body"][::-1]})

    with serve_in_thread(app) as url:
        reply = httpx.post(url, content="abcä".encode(), trust_env=False, verify=False)
    assert (reply.status_code, reply.headers["x-kind"]) == (201, "echo")
    assert reply.content == "abcä".encode()[::-1]
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False, verify=False)


def serving_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "serving"]


def open_request(url: str) -> socket.socket:
    parts = httpx.URL(url)
    sock = socket.create_connection((parts.host, parts.port))
    sock.sendall(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % parts.raw_path)
    return sock


def test_small_replies_are_not_held_back(web, place):
    """With Nagle's algorithm on, each takes 40 ms on a connection that is kept open."""
    url = place(status=404).url
    start = time.monotonic()
    for _ in range(40):
        web.get(url)
    assert time.monotonic() - start < 1.2
