"""Only placed pictures are served, at their own URLs, and those cannot be guessed."""

from __future__ import annotations

import base64
import socket
from urllib.parse import urlsplit

import pytest


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("a%20b.png", "a%20b.png"),
        ("a%c3%a4.png", "a%C3%A4.png"),
        ("aä.png", "a%C3%A4.png"),
        ("a%7Eb.png", "a~b.png"),
        ("a(1),b.png", "a%281%29%2Cb.png"),
        ("a%2Fb.png", "a%2fb.png"),
        ("a%2520b.png", "a%2520b.png"),
        ("deep/er/p.png", "deep/er/p.png"),
        ("", ""),
    ],
)
def test_equal_spellings_of_a_path_are_the_same(place, web, picture, path, asked):
    url = place(path=path).url
    base = url[: len(url) - len(path)]
    assert web.get(base + asked).content == picture.data


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("a%20b.png", "a%2520b.png"),
        ("a%2520b.png", "a%20b.png"),
        ("a%2Fb.png", "a/b.png"),
        ("a/b.png", "a%2Fb.png"),
        ("P.png", "p.png"),
        ("p.png", "p.png/"),
        ("p.png", ""),
        ("ä.png", "%E4.png"),
        ("p.png", "hop-1/p.png"),
    ],
)
def test_other_paths_are_not_found_and_logged(place, web, host, path, asked):
    placed = place(path=path)
    base = placed.url[: len(placed.url) - len(path)]
    assert web.get(base + asked).status_code == 404
    assert [f.status for f in host.fetches(placed.token)] == [404]
    assert [f.path for f in host.fetches(placed.token)] == [f"/TOKEN/{asked}"]


@pytest.mark.parametrize(
    ("query", "asked", "status"),
    [
        ("sig=a%2Bb&x=1", "?sig=a%2Bb&x=1", 200),
        ("sig=a%2Bb&x=1", "?sig=a+b&x=1", 404),
        ("sig=a%2Bb&x=1", "?sig=a%252Bb&x=1", 404),
        ("sig=a%2Bb&x=1", "?x=1&sig=a%2Bb", 404),
        ("sig=a%2Bb&x=1", "?sig=a%2Bb", 404),
        ("sig=a%2Bb&x=1", "", 404),
        ("sig=a%2Bb&amp;x", "?sig=a%2Bb&x", 404),
        ("n=ä", "?n=%C3%A4", 200),
        ("", "?x=1", 404),
    ],
)
def test_the_query_must_be_exact(place, web, host, query, asked, status):
    placed = place(query=query)
    assert web.get(placed.url.partition("?")[0] + asked).status_code == status
    assert [f.status for f in host.fetches(placed.token)] == [status]


def test_raw_bytes_are_understood_as_curl_sends_them(place, host, picture):
    placed = place(path="ä.png", query="n=ö")
    reply = raw(placed.url, f"GET {target(placed.url)} HTTP/1.1".encode())
    assert reply.startswith(b"HTTP/1.1 200 ")
    assert reply.endswith(picture.data)
    assert [f.path for f in host.fetches(placed.token)] == ["/TOKEN/%C3%A4.png?n=%C3%B6"]


def test_the_absolute_form_of_a_target_is_understood(place, picture):
    url = place().url
    assert raw(url, f"GET {url} HTTP/1.1".encode()).endswith(picture.data)


def test_http_1_0_gets_a_chunked_body_without_chunks(place, picture):
    url = place(chunked=True).url
    assert raw(url, f"GET {target(url)} HTTP/1.0".encode()).endswith(picture.data)


def test_tokens_are_random_and_never_repeat(place):
    tokens = {place().token for _ in range(500)}
    assert len(tokens) == 500
    assert {len(base64.urlsafe_b64decode(t)) for t in tokens} == {24}


@pytest.mark.parametrize(
    "path",
    ["/", "", "/favicon.ico", "//", "/TOKEN/picture.png", "/%00", "/picture.png", "/hop-1/"],
)
def test_nothing_else_is_served(place, web, server, path):
    place()
    reply = web.get(server.url + path)
    assert reply.status_code == 404
    assert reply.text == "Nothing here.\n"


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/{token}/../../etc/passwd",
        "/{token}/..%2f..%2fetc%2fpasswd",
        "/{token}/picture.png/../../{token}",
        "/{token}",
        "/{token}/",
        "//{token}/picture.png",
        "/x/../{token}/picture.png",
        "*",
    ],
)
def test_no_way_leads_around_the_token(place, path):
    placed = place()
    line = f"GET {path.replace('{token}', placed.token)} HTTP/1.1".encode()
    assert raw(placed.url, line).startswith(b"HTTP/1.1 404 ")


def test_part_of_a_token_or_another_case_opens_nothing(place, web):
    placed = place()
    wrong = (placed.token[:-1], placed.token + "A", placed.token.swapcase())
    urls = [placed.url.replace(placed.token, t) for t in wrong]
    assert [web.get(u).status_code for u in urls] == [404, 404, 404]


def test_robots_may_come(web, server):
    reply = web.get(server.url + "/robots.txt")
    assert (reply.status_code, reply.text) == (200, "User-agent: *\nAllow: /\n")


def test_what_is_forgotten_is_gone(place, web, host):
    placed = place()
    assert web.get(placed.url).status_code == 200
    host.forget(placed.token)
    assert web.get(placed.url).status_code == 404
    assert host.fetches(placed.token) == ()
    host.forget(placed.token)


def target(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def raw(url: str, request_line: bytes) -> bytes:
    """What a socket answers to one request line."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=3) as sock:
        sock.sendall(request_line + b"\r\nHost: pictures\r\nConnection: close\r\n\r\n")
        return b"".join(iter(lambda: sock.recv(65536), b""))


def test_twins_share_a_token_and_nobody_else_does(place) -> None:
    one, other = place(path="one.png", twin="x"), place(path="two.png", twin="x")
    assert one.url.removesuffix("one.png") == other.url.removesuffix("two.png")
    tokens = {one.token, place(twin="y").token, place().token, place().token}
    assert len(tokens) == 4
