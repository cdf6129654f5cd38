"""What strangers may send to the picture host, as bytes, and what it may answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

#: Statuses of a refusal, whichever.
REFUSED = (400, 404, 405, 414, 431)
#: The connection is closed without a status line.
CLOSED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """Bytes to send, made of the path of a registered picture, and the statuses that are right."""

    id: str
    sent: Callable[[bytes], bytes]
    statuses: tuple[int, ...]
    #: The connection ends by itself afterwards, within two seconds.
    closes: bool = False
    #: Bytes that are sent over and over after it, until the host hangs up.
    endless: bytes = b""
    #: One byte a time.
    split: bool = False

    def __str__(self) -> str:
        return self.id


def request(target: bytes, *fields: bytes, method: bytes = b"GET", body: bytes = b"") -> bytes:
    head = [method + b" " + target + b" HTTP/1.1", b"Host: x", *fields]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def _known(id: str, *fields: bytes, method: bytes = b"GET", **more: object) -> Attack:
    """The registered path, asked for in an odd way that must not matter."""
    return Attack(
        id=id, sent=lambda path: request(path, *fields, method=method), statuses=(200,), **more
    )


def _other(id: str, make: Callable[[bytes], bytes], *statuses: int) -> Attack:
    """A path that leads to nothing."""
    return Attack(id=id, sent=lambda path: request(make(path)), statuses=statuses or (404,))


def _method(method: bytes, status: int = 405) -> Attack:
    name = method.decode("latin-1") or "none"
    return Attack(
        id=f"method {name}", sent=lambda path: request(path, method=method), statuses=(status,)
    )


def _raw(id: str, sent: bytes, *statuses: int, closes: bool = True, endless: bytes = b"") -> Attack:
    return Attack(
        id=id, sent=lambda path: sent, statuses=statuses or (400,), closes=closes, endless=endless
    )


def _body(id: str, method: bytes, status: int, *fields: bytes, endless: bytes) -> Attack:
    return Attack(
        id=id,
        sent=lambda path: request(path, *fields, method=method),
        statuses=(status,),
        closes=True,
        endless=endless,
    )


_MANY = 64 * 1024
_RANGES = b"Range: bytes=" + b",".join(b"%d-%d" % (n, n) for n in range(1500))
_CHUNKED = b"Transfer-Encoding: chunked"
_CHUNK = b"1000\r\n" + b"x" * 0x1000 + b"\r\n"

ATTACKS: tuple[Attack, ...] = (
    # Paths.
    _other("the root", lambda path: b"/"),
    _other("dots", lambda path: b"/../../../../etc/passwd"),
    _other("dots after the token", lambda path: path.rsplit(b"/", 1)[0] + b"/../../etc/passwd"),
    _other("dots around the picture", lambda path: path.rsplit(b"/", 1)[0] + b"/x/.." + b"/p.png"),
    _other("encoded dots", lambda path: b"/%2e%2e/%2e%2e/etc/passwd"),
    _other("twice encoded", lambda path: b"/%252e%252e/etc/passwd"),
    _other("backslashes", lambda path: b"/..\\..\\etc\\passwd"),
    _other("a NUL", lambda path: path + b"%00"),
    _other("encoded slashes", lambda path: path.replace(b"/", b"%2f")),
    _other("two slashes", lambda path: b"/" + path),
    _other("a slash behind it", lambda path: path + b"/"),
    _other("a query of its own", lambda path: path + b"?x=1"),
    _other("the token alone", lambda path: path.rsplit(b"/", 1)[0]),
    _other("half the token", lambda path: path[:20]),
    _other("a token in capitals", lambda path: path.upper()),
    _other("a hop that is none", lambda path: path.rsplit(b"/", 1)[0] + b"/hop-9/p.png"),
    _other("a star", lambda path: b"*"),
    _other("not UTF-8", lambda path: b"/\xff\xfe\xc0\x80"),
    _other("an absolute URL of a file", lambda path: b"http://x/../etc/passwd"),
    _other("another scheme", lambda path: b"file:///etc/passwd"),
    _other("a proxy's request", lambda path: b"http://169.254.169.254/latest/meta-data/"),
    Attack(
        id="an absolute URL",
        sent=lambda path: request(b"http://elsewhere" + path),
        statuses=(200,),
    ),
    # Methods.
    *map(_method, (b"POST", b"PUT", b"DELETE", b"PATCH", b"OPTIONS", b"TRACE", b"PROPFIND")),
    _method(b"CONNECT"),
    _method(b"get", 405),
    _method(b"M" * 4000),
    _known("HEAD", method=b"HEAD"),
    # Header fields.
    _known("another host", b"X-Forwarded-Host: elsewhere", b"X-Original-URL: /etc/passwd"),
    _known("a range", b"Range: bytes=0-10"),
    _known("1,500 ranges", _RANGES),
    _known("a range that is none", b"Range: bytes=-99999999999999999999-"),
    _known("an upgrade to WebSocket", b"Connection: Upgrade", b"Upgrade: websocket"),
    _known("an upgrade to HTTP/2", b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c"),
    _known("an expectation", b"Expect: 100-continue"),
    _known("an expectation that is none", b"Expect: miracles"),
    _known("a method override", b"X-HTTP-Method-Override: DELETE"),
    _known("credentials", b"Authorization: Bearer " + b"s" * 400),
    _known("one byte a time", split=True),
    _known("99 fields less the host", *(b"F%d: x" % n for n in range(99))),
    Attack(
        id="101 fields",
        sent=lambda path: request(path, *(b"F%d: x" % n for n in range(100))),
        statuses=(431,),
        closes=True,
    ),
    Attack(
        id="3,000 short fields",
        sent=lambda path: request(path, *(b"f:" for _ in range(3000))),
        statuses=(431,),
        closes=True,
    ),
    Attack(
        id="a field of 64 KiB",
        sent=lambda path: request(path, b"X: " + b"x" * _MANY),
        statuses=(431,),
        closes=True,
    ),
    Attack(
        id="a query of 64 KiB",
        sent=lambda path: request(path + b"?" + b"x" * _MANY),
        statuses=(414, 431),
        closes=True,
    ),
    # What is not HTTP.
    _raw("no HTTP", b"hello\r\n\r\n"),
    _raw("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, 404, closes=False),
    _raw("TLS", bytes.fromhex("16030100a5010000a10303") + bytes(160) + b"\r\n\r\n"),
    _raw("NULs", bytes(4000) + b"\r\n\r\n"),
    _raw("HTTP/9", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", 400, 404, closes=False),
    _raw("no host", b"GET / HTTP/1.1\r\n\r\n"),
    _raw("two hosts", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
    _raw("white space before the colon", b"GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
    _raw("a folded first field", b"GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
    _raw("a length that is none", request(b"/", b"Content-Length: -1")),
    _raw("two lengths", request(b"/", b"Content-Length: 1", b"Content-Length: 2")),
    _raw("a length of 10,000 digits", request(b"/", b"Content-Length: " + b"9" * 10_000)),
    _raw("a coding that is none", request(b"/", b"Transfer-Encoding: gzip"), 400, 501),
    _raw("a line without end", b"GET /", 414, 431, endless=b"x" * 4096),
    _raw("fields without end", b"GET / HTTP/1.1\r\n", 431, endless=b"F: x\r\n" * 600),
    _raw("blank lines without end", b"\r\n", 400, 414, 431, CLOSED, endless=b"\r\n" * 2000),
    # Bodies.
    _body("a POST without end", b"POST", 405, b"Content-Length: 99999999999", endless=b"x" * 65536),
    _body("chunks without end", b"POST", 405, b"Transfer-Encoding: chunked", endless=_CHUNK),
    _body("a GET with a body", b"GET", 200, b"Content-Length: 99999999999", endless=b"x" * 65536),
    _body(
        "a POST that waits", b"POST", 405, b"Content-Length: 9999999", b"Expect: 100-continue",
        endless=b"x" * 65536,
    ),
    Attack(
        id="chunks that are none",
        sent=lambda path: request(path, _CHUNKED, method=b"POST", body=b"zz\r\n\r\n"),
        statuses=(400, 405),
        closes=True,
    ),
    # One after the other.
    Attack(id="pipelined", sent=lambda path: request(path) * 20, statuses=(200,)),
    Attack(
        id="pipelined without end", sent=lambda path: request(path) + b"GET /", statuses=(200,),
        closes=True, endless=b"x" * 65536,
    ),
    Attack(
        id="smuggled", statuses=(400,), closes=True,
        sent=lambda path: request(
            path, b"Content-Length: 5", b"Transfer-Encoding: chunked", method=b"POST",
            body=b"0\r\n\r\n" + request(path),
        ),
    ),
)  # fmt: skip
