"""What the log keeps: every fetch, bounded, without credentials."""

from __future__ import annotations

import asyncio
import random
import threading
import time

import httpx
import pytest

from conformance.host.app import PictureHost
from conformance.host.fetchlog import KEPT, FetchLog, Record, Room
from conformance.model import Hosted, Picture


def test_a_fetch_is_logged_as_it_was(place, web, host, picture):
    placed = place(path="p.png", query="a=1")
    before = time.monotonic()
    web.get(placed.url, headers={"user-agent": "probe/1", "accept": "image/*"})
    (fetch,) = host.fetches(placed.token)
    assert before <= fetch.at <= time.monotonic()
    assert (fetch.method, fetch.path, fetch.status) == ("GET", "/TOKEN/p.png?a=1", 200)
    assert fetch.bytes_sent == len(picture.data)
    assert {("user-agent", "probe/1"), ("accept", "image/*")} <= set(fetch.headers)


def test_the_token_is_nowhere_in_the_log(place, web, host):
    placed = place()
    web.get(placed.url, headers={"referer": placed.url, "x-original-uri": placed.url})
    assert placed.token not in repr(host.fetches(placed.token))
    assert "TOKEN/picture.png" in dict(host.fetches(placed.token)[0].headers)["referer"]


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("Authorization", "Bearer sk-SECRET", "Bearer [redacted]"),
        ("authorization", "Basic SECRET==", "Basic [redacted]"),
        ("authorization", "sk-SECRET", "[redacted]"),
        ("authorization", "sk-SECRET more", "[redacted]"),
        ("proxy-authorization", "bearer SECRET", "bearer [redacted]"),
        ("x-forwarded-auth", "Bearer SECRET", "Bearer [redacted]"),
        ("cookie", "session=SECRET; b=2", "[redacted]"),
        ("api-key", "SECRET", "[redacted]"),
        ("X-API-Key", "SECRET", "[redacted]"),
        ("x-amz-security-token", "SECRET", "[redacted]"),
        ("x-request-id", "plain", "plain"),
    ],
)
def test_credentials_are_never_kept(place, web, host, name, value, kept):
    placed = place()
    web.get(placed.url, headers={name: value})
    (fetch,) = host.fetches(placed.token)
    assert dict(fetch.headers)[name.lower()] == kept
    assert "SECRET" not in repr(fetch)


def test_the_log_is_bounded(place, web, host):
    placed = place(status=404)
    headers = [(f"x-{n}", "v" * 600) for n in range(20)] + [(f"y-{n}", "") for n in range(70)]
    web.get(placed.url + "?" + "q" * 3000, headers=headers)
    (fetch,) = host.fetches(placed.token)
    assert len(fetch.headers) == 64
    assert max(len(v) for _, v in fetch.headers) == 500
    assert len(fetch.path) == 2000


def test_only_so_many_fetches_are_kept():
    host = PictureHost("http://pictures.test")
    placed = host.place(_any_picture(), Hosted(status=404))

    async def fetch_often() -> None:
        async with in_process(host) as client:
            for _ in range(KEPT + 5):
                await client.get(placed.url)

    asyncio.run(fetch_often())
    assert len(host.fetches(placed.token)) == KEPT
    assert host.fetch_count(placed.token) == KEPT + 5


def test_a_fetch_under_way_is_in_the_log(place, web, host):
    placed = place(first_byte=0.4)
    fetching = threading.Thread(target=web.get, args=(placed.url,))
    fetching.start()
    time.sleep(0.2)
    (fetch,) = host.fetches(placed.token)
    assert (fetch.status, fetch.bytes_sent) == (0, 0)
    fetching.join()
    assert host.fetches(placed.token)[0].status == 200


@pytest.mark.slow
def test_two_hundred_fetches_at_once_get_their_own_bytes(host, pictures):
    placed = [host.place(p, Hosted(drip=0.1 if n % 3 else 0)) for n, p in enumerate(pictures)]
    wanted = {p.url: picture.data for p, picture in zip(placed, pictures, strict=True)}
    urls = [p.url for p in placed for _ in range(17)][:200]
    random.Random(7).shuffle(urls)

    async def fetch_all() -> list[bytes]:
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(
            limits=limits, timeout=10, trust_env=False, verify=False
        ) as client:
            replies = await asyncio.gather(*(client.get(url) for url in urls))
            return [reply.content for reply in replies]

    assert asyncio.run(fetch_all()) == [wanted[url] for url in urls]
    assert [len(host.fetches(p.token)) for p in placed] == [urls.count(p.url) for p in placed]
    for p in placed:
        host.forget(p.token)


@pytest.mark.parametrize(
    ("orders", "wanted"),
    [({}, 200), ({"status": 403}, 403), ({"redirects": (302, 307)}, 200), ({"drip": 0.1}, 200)],
)
def test_the_app_works_in_process(orders, wanted):
    host = PictureHost("http://pictures.test")
    placed = host.place(_any_picture(), Hosted(**orders))

    async def fetch() -> int:
        async with in_process(host) as client:
            return (await client.get(placed.url, follow_redirects=True)).status_code

    assert asyncio.run(fetch()) == wanted
    assert host.fetches(placed.token)[-1].status == wanted


@pytest.mark.parametrize("orders", [{"reset": True}, {"refused": True}])
def test_in_process_a_lost_connection_is_an_exception(orders):
    host = PictureHost("http://pictures.test")
    placed = host.place(_any_picture(), Hosted(**orders))

    async def fetch() -> None:
        async with in_process(host) as client:
            await client.get(placed.url)

    with pytest.raises(ConnectionResetError):
        asyncio.run(fetch())


def in_process(host: PictureHost) -> httpx.AsyncClient:
    return httpx.AsyncClient(verify=False, transport=httpx.ASGITransport(host))


def _any_picture() -> Picture:
    return Picture(id="p", file_bytes=b"picture", sha256="0", file="p.png", media_type="image/png")


def test_all_logs_together_are_bounded():
    room = Room(left=10_000)
    logs = [FetchLog(room) for _ in range(3)]
    for log in logs:
        for _ in range(50):
            log.add(Record(at=0, method="GET", path="/TOKEN/p", headers=(("x", "v" * 400),)))
    assert [len(log.fetches()) for log in logs] == [24, 5, 5]
    assert [len(log.fetches()[0].headers) for log in logs] == [1, 0, 0]
    assert {log.count for log in logs} == {50}
    for log in logs:
        log.clear()
    assert room.left == 10_000
