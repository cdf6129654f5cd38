"""Headers: too many, too long, and of bytes that have no place in them."""

from __future__ import annotations

from behaving import GOOD, STREAM, Behaviour, for_ever, made, raw, replies


def _headed(name: str, sentence: str, lines: bytes) -> Behaviour:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n"
    length = b"content-length: %d\r\n" % len(GOOD)
    return raw(name, sentence, head + length + lines + b"\r\n" + GOOD)


def _typed(name: str, sentence: str, kind: str, body: bytes = GOOD) -> Behaviour:
    return replies(name, sentence, body, kind)


HEADERS = (
    _headed("header-megabyte", "A header of one megabyte.", b"x: " + b"y" * (1 << 20) + b"\r\n"),
    _headed("header-90-kb", "A header of 90 kB.", b"x: " + b"y" * 90_000 + b"\r\n"),
    _headed("header-name-long", "A header with a name of 60,000 characters.",
            b"n" * 60_000 + b": y\r\n"),
    _headed("headers-100000", "100,000 headers.", b"x: y\r\n" * 100_000),
    _headed("headers-10000", "10,000 headers.", b"x: y\r\n" * 10_000),
    made("headers-for-ever", "Headers without end.", lambda: _for_ever()),
    _headed("header-nul", "A NUL in a header.", b"x: a\0b\r\n"),
    _headed("header-bare-cr", "A bare CR in a header.", b"x: a\rset-cookie: b\r\n"),
    _headed("header-bare-lf", "A bare LF in a header.", b"x: a\nset-cookie: b\r\n"),
    _headed("header-folded", "A header folded over lines.", b"x: a\r\n b\r\n\tc\r\n"),
    _headed("header-folded-long", "A header folded over 10,000 lines.",
            b"x: a\r\n" + b" b\r\n" * 10_000),
    _headed("header-latin", "Bytes above 127 in a header.", b"x: \xe9\xff\x80\r\n"),
    _headed("header-utf-8", "UTF-8 in a header.", "x: 视觉 ✓ 🙂\r\n".encode()),
    _headed("header-escape", "Escape sequences in a header.", b"x-request-id: \x1b[2J\x07\r\n"),
    _headed("header-no-colon", "A header without a colon.", b"no colon here\r\n"),
    _headed("header-no-name", "A header without a name.", b": value\r\n"),
    _headed("header-blank-name", "A blank before the colon.", b"x : y\r\n"),
    _headed("headers-same", "The same header 500 times.", b"x-same: y\r\n" * 500),
    _headed("header-types", "Three headers content-type that differ.",
            b"content-type: text/html\r\ncontent-type: text/event-stream\r\n"),
    _headed("cookies", "Cookies of 26 kB.",
            b"".join(b"set-cookie: c%d=%s\r\n" % (n, b"v" * 1000) for n in range(26))),
    _headed("cookie-odd", "A cookie that cannot be sent back.",
            b"set-cookie: \xe9=\x01; domain=.; path=\xff; expires=never\r\n"),
    _headed("header-hop", "Headers of the hop.",
            b"upgrade: h2c\r\nkeep-alive: timeout=-1, max=1e9\r\ntrailer: x\r\n"),
    _headed("header-link-auth", "A request to authenticate beside status 200.",
            b"www-authenticate: Negotiate\r\nproxy-authenticate: NTLM\r\n"),
    _headed("header-injection", "HTML, a formula and a shell line in headers.",
            b"server: <script>alert(1)</script>\r\nx-model: =cmd|'/C x'!A0\r\nvia: $(id)`id`\r\n"),
    _typed("type-stream", "JSON said to be a stream.", STREAM),
    _typed("type-html", "JSON said to be HTML.", "text/html"),
    _typed("type-utf-16", "JSON said to be UTF-16.", "application/json; charset=utf-16"),
    _typed("type-idna", "JSON said to be in a codec of Python.", "application/json; charset=idna"),
    _typed("type-unknown", "JSON in a charset that does not exist.",
           "application/json; charset=\x7f\xffnone"),
    _typed("type-long", "A content-type of 60,000 characters.", "x/" + "y" * 60_000),
    _typed("type-picture", "A picture in place of JSON.", "image/png", b"\x89PNG\r\n\x1a\n" * 1000),
    _typed("type-multipart", "A multipart body.", "multipart/mixed; boundary=x",
           b"--x\r\n\r\n{}\r\n--x--"),
)  # fmt: skip


def _for_ever():  # type: ignore[no-untyped-def]
    yield b"HTTP/1.1 200 OK\r\n"
    yield from for_ever(b"x: y\r\n" * 512)
