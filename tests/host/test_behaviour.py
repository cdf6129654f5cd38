"""Every misbehaviour that can be ordered, over a real socket."""

from __future__ import annotations

import math
import socket
import time

import httpx
import pytest

from conformance.host.answer import HUGE_BYTES, LOGIN_PAGE


def test_the_picture_is_served_whole_and_plainly(place, web, picture):
    reply = web.get(place().url)
    assert (reply.status_code, reply.content) == (200, picture.data)
    assert reply.headers["content-type"] == "image/png"
    assert reply.headers["content-length"] == str(len(picture.data))
    assert not {"accept-ranges", "transfer-encoding", "server", "date"} & set(reply.headers)


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429, 500, 503])
def test_a_status_is_sent_with_a_small_text(place, web, host, status):
    placed = place(status=status)
    reply = web.get(placed.url)
    assert reply.status_code == status
    assert reply.headers["content-type"].startswith("text/plain")
    assert 0 < len(reply.content) < 100
    assert ("retry-after" in reply.headers) == (status == 429)
    assert ("www-authenticate" in reply.headers) == (status == 401)
    assert [f.status for f in host.fetches(placed.token)] == [status]


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_a_body_has_none(place, web, status):
    reply = web.get(place(status=status).url)
    assert (reply.status_code, reply.content) == (status, b"")


@pytest.mark.parametrize("hops", [(301,), (302,), (303,), (307,), (308,), (301, 302, 307, 308)])
def test_redirects_lead_to_the_picture(place, web, host, picture, hops):
    placed = place(redirects=hops, path="a/p.png", query="k=v")
    reply = web.get(placed.url, follow_redirects=True)
    assert tuple(r.status_code for r in reply.history) == hops
    assert all(r.headers["location"].startswith(host.public_url) for r in reply.history)
    assert reply.content == picture.data
    wanted = ["/TOKEN/a/p.png?k=v"]
    wanted += [f"/TOKEN/hop-{n}/a/p.png?k=v" for n in range(1, len(hops) + 1)]
    assert [f.path for f in host.fetches(placed.token)] == wanted
    assert [f.status for f in host.fetches(placed.token)] == [*hops, 200]


def test_hops_that_were_not_ordered_do_not_exist(place, web):
    url = place(redirects=(302,)).url
    names = ("hop-0", "hop-2", "hop-01", "hop--1")
    wrong = [url.replace("/picture.png", f"/{name}/picture.png") for name in names]
    assert [web.get(u).status_code for u in wrong] == [404] * 4


def test_a_redirect_of_a_non_ascii_path_is_ascii_on_the_wire(place, web, picture):
    placed = place(redirects=(302,), path="bild-äöü-図.png")
    location = web.get(placed.url).headers["location"]
    assert location.isascii()
    assert web.get(location).content == picture.data


def test_a_loop_never_ends(place, web, host):
    placed = place(loop=True)
    with pytest.raises(httpx.TooManyRedirects):
        web.get(placed.url, follow_redirects=True)
    fetches = host.fetches(placed.token)
    assert [f.path for f in fetches[:4]] == ["/TOKEN/picture.png", "/TOKEN/hop-1/picture.png"] * 2
    assert {f.status for f in fetches} == {302}


@pytest.mark.parametrize(
    ("ordered", "sent"),
    [(None, "image/png"), ("", None), ("application/octet-stream",) * 2, ("text/html",) * 2],
)
def test_the_content_type_is_as_ordered(place, web, picture, ordered, sent):
    reply = web.get(place(content_type=ordered).url)
    assert reply.headers.get("content-type") == sent
    assert reply.content == picture.data


def test_chunked_replies_have_no_length_and_several_pieces(place, web, picture):
    with web.stream("GET", place(chunked=True).url) as reply:
        assert reply.headers["transfer-encoding"] == "chunked"
        assert "content-length" not in reply.headers
        assert b"".join(reply.iter_raw()) == picture.data


def test_chunked_pieces_are_several_on_the_wire(place, host, picture):
    placed = place(chunked=True)
    parts = httpx.URL(placed.url)
    with socket.create_connection((parts.host, parts.port), timeout=3) as sock:
        ask = b"GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % parts.raw_path
        sock.sendall(ask)
        reply = b"".join(iter(lambda: sock.recv(65536), b""))
    size = math.ceil(len(picture.data) / 4)
    assert reply.count(b"\r\n%x\r\n" % size) >= 3
    assert reply.endswith(b"\r\n0\r\n\r\n")


def test_the_first_byte_may_be_late(place, web, picture):
    start = time.monotonic()
    with web.stream("GET", place(first_byte=0.3).url) as reply:
        assert 0.3 <= time.monotonic() - start < 1.5
        assert reply.read() == picture.data


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_may_be_dripped(place, web, picture, chunked):
    start = time.monotonic()
    with web.stream("GET", place(drip=0.3, chunked=chunked).url) as reply:
        began = time.monotonic() - start
        times = [time.monotonic() - start for _ in reply.iter_raw()]
    assert began < 0.2
    assert len(times) >= 3
    assert 0.3 <= times[-1] < 1.5


@pytest.mark.parametrize("instead", ["html", "empty"])
def test_something_else_may_be_sent(place, web, instead):
    reply = web.get(place(instead=instead).url)
    kind, body = {"html": ("text/html; charset=utf-8", LOGIN_PAGE), "empty": ("image/png", b"")}[
        instead
    ]
    assert (reply.status_code, reply.headers["content-type"], reply.content) == (200, kind, body)
    assert reply.headers["content-length"] == str(len(body))


def test_a_huge_body_stops_when_the_client_hangs_up(place, web, settled):
    placed = place(instead="huge")
    with web.stream("GET", placed.url) as reply:
        assert reply.headers["content-length"] == str(HUGE_BYTES)
        assert next(reply.iter_raw()).startswith(b"\x89PNG\r\n\x1a\n")
    assert 0 < settled(placed.token).bytes_sent < HUGE_BYTES / 2


def test_a_huge_body_is_as_long_as_declared(place, web, host):
    placed = place(instead="huge")
    with web.stream("GET", placed.url) as reply:
        assert sum(map(len, reply.iter_raw(chunk_size=1 << 20))) == HUGE_BYTES
    assert host.fetches(placed.token)[0].bytes_sent == HUGE_BYTES


def test_a_slow_body_stops_when_the_client_hangs_up(place, web, settled, picture):
    placed = place(drip=30)
    with web.stream("GET", placed.url) as reply:
        next(reply.iter_raw())
    assert 0 < settled(placed.token).bytes_sent < len(picture.data) / 2


@pytest.mark.parametrize("orders", [{}, {"first_byte": 0.1}, {"redirects": (302,)}])
def test_the_connection_may_be_reset(place, web, host, orders, caplog):
    placed = place(reset=True, **orders)
    with pytest.raises(httpx.ReadError, match="reset by peer"):
        web.get(placed.url, follow_redirects=True)
    fetch = host.fetches(placed.token)[-1]
    assert (fetch.status, fetch.bytes_sent) == (0, 0)
    assert caplog.records == []


def test_the_connection_may_be_refused(place, web, host):
    placed = place(refused=True)
    with pytest.raises(httpx.ConnectError, match="refused"):
        web.get(placed.url)
    assert host.fetches(placed.token) == ()
    assert placed.url.startswith("http://127.0.0.1:")


def test_head_tells_what_get_would(place, web, host):
    placed = place()
    reply, whole = web.head(placed.url), web.get(placed.url)
    assert reply.content == b""
    assert dict(reply.headers) == dict(whole.headers)
    assert [(f.method, f.bytes_sent) for f in host.fetches(placed.token)] == [
        ("HEAD", 0),
        ("GET", len(whole.content)),
    ]


def test_head_may_be_refused(place, web, picture):
    url = place(head_refused=True).url
    assert web.head(url).status_code == 405
    assert web.head(url).headers["allow"] == "GET"
    assert web.get(url).content == picture.data


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"])
def test_other_methods_are_refused_and_logged(place, web, host, method):
    placed = place()
    reply = web.request(method, placed.url)
    assert (reply.status_code, reply.headers["allow"]) == (405, "GET, HEAD")
    assert [(f.method, f.status) for f in host.fetches(placed.token)] == [(method, 405)]


def test_a_range_is_ignored_and_logged(place, web, host, picture):
    placed = place()
    reply = web.get(placed.url, headers={"range": "bytes=0-9"})
    assert (reply.status_code, reply.content) == (200, picture.data)
    assert ("range", "bytes=0-9") in host.fetches(placed.token)[0].headers


@pytest.mark.parametrize(
    "orders",
    [
        {"path": "a?b"},
        {"path": "a#b"},
        {"path": "a\r\nb"},
        {"query": "a#b"},
        {"query": "a b"},
        {"status": 100},
        {"status": 600},
        {"redirects": (200,)},
        {"first_byte": -1.0},
        {"drip": float("nan")},
        {"instead": "surprise"},
        {"content_type": "image/png\r\nx: y"},
        {"content_type": "image/図"},
    ],
)
def test_impossible_orders_are_refused_at_the_door(place, orders):
    with pytest.raises(ValueError, match="cannot be hosted"):
        place(**orders)


def test_a_picture_may_be_given_out_once(place, web, picture):
    url = place(once=True).url
    assert web.head(url).status_code == 200
    assert web.get(url).content == picture.data
    assert [web.get(url).status_code for _ in range(2)] == [410, 410]
