"""Bytes that are no reply of HTTP, or one that never ends."""

from __future__ import annotations

from collections.abc import Iterator

from behaving import GOOD, RESET, STREAM, Behaviour, Piece, for_ever, head, made, raw, reply

_CHUNKED = head("transfer-encoding: chunked\r\n")
_MEGABYTE = b"x" * (1 << 20)


def _after(first: bytes, piece: bytes, pause: float = 0.0) -> Iterator[Piece]:
    yield first
    yield from for_ever(piece, pause)


def _lengths() -> list[Behaviour]:
    def length(value: str) -> bytes:
        return head(f"content-length: {value}\r\n") + GOOD

    return [
        raw("length-short", "A content-length smaller than the body.", length("7")),
        raw("length-long", "A content-length larger than the body, then the end.", length("9999")),
        raw("length-held", "A content-length larger than the body, kept open.", length("9999"),
            holds=True),
        raw("length-negative", "A negative content-length.", length("-1")),
        raw("length-huge", "A content-length of 10**30.", length("1" + "0" * 30)),
        raw("length-digits", "A content-length of 5,000 digits.", length("9" * 5000)),
        raw("length-words", "A content-length that is a word.", length("many")),
        raw("length-plus", "A content-length with a plus sign.", length(f"+{len(GOOD)}")),
        raw("length-hex", "A content-length in hexadecimal.", length(hex(len(GOOD)))),
        raw("length-list", "A content-length with two values.", length(f"5, {len(GOOD)}")),
        raw("length-twice", "Two content-length headers that differ.",
            length(f"{len(GOOD)}\r\ncontent-length: 5")),
        raw("length-and-chunked", "A content-length beside transfer-encoding: chunked.",
            head("content-length: 5\r\ntransfer-encoding: chunked\r\n") + b"0\r\n\r\n"),
        raw("length-empty", "A content-length without a value.", length("")),
        raw("length-zero", "A content-length of 0 and a body.", length("0")),
    ]  # fmt: skip


def _chunks() -> list[Behaviour]:
    size = b"%x\r\n" % len(GOOD)
    return [
        raw("chunk-size-words", "A chunk size that is a word.", _CHUNKED + b"many\r\n" + GOOD),
        raw("chunk-size-negative", "A negative chunk size.", _CHUNKED + b"-5\r\n" + GOOD),
        raw("chunk-size-huge", "A chunk size of 40 digits.", _CHUNKED + b"f" * 40 + b"\r\n" + GOOD),
        raw("chunk-size-wrong", "A chunk size smaller than the chunk.",
            _CHUNKED + b"5\r\n" + GOOD + b"\r\n0\r\n\r\n"),
        raw("chunk-no-end", "Chunks without the last one, then the end.", _CHUNKED + size + GOOD),
        raw("chunk-held", "Chunks without the last one, kept open.",
            _CHUNKED + size + GOOD + b"\r\n", holds=True),
        made("chunk-extension", "Chunk extensions of megabytes.",
             lambda: _after(_CHUNKED + b"5;", _MEGABYTE)),
        made("chunk-size-line", "A line of a chunk size without end.",
             lambda: _after(_CHUNKED, b"0" * 65536)),
        made("chunk-extensions", "Each chunk of one byte has an extension of 4,000.",
             lambda: _after(_CHUNKED, b"1;" + b"x" * 4000 + b"\r\n \r\n")),
        made("chunk-tiny", "Chunks of one byte without end.",
             lambda: _after(_CHUNKED, b"1\r\n \r\n" * 4096)),
        made("trailers", "Trailers without end.",
             lambda: _after(_CHUNKED + b"0\r\n", b"x: y\r\n" * 4096)),
        raw("trailer-words", "A trailer that is no header.",
            _CHUNKED + size + GOOD + b"\r\n0\r\nno header\r\n\r\n"),
        raw("transfer-encoding-odd", "transfer-encoding: gzip, chunked.",
            head("transfer-encoding: gzip, chunked\r\n") + size + GOOD + b"\r\n0\r\n\r\n"),
        raw("transfer-encoding-twice", "Two headers transfer-encoding: chunked.",
            head("transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n") + size + GOOD),
    ]  # fmt: skip


def _ends() -> list[Behaviour]:
    return [
        raw("nothing", "The connection is closed without a byte."),
        raw("silence", "Nothing is ever said.", holds=True),
        raw("reset-at-once", "The connection is reset at once.", RESET),
        raw("reset-in-head", "The connection is reset within the headers.", b"HTTP/1.1 200", RESET),
        raw("reset-in-body", "The connection is reset within the body.",
            head("content-length: 999\r\n") + GOOD, 0.05, RESET),
        raw("close-in-head", "It is closed within the headers.", b"HTTP/1.1 200 OK\r\n"),
        raw("held-in-head", "The headers stop and the connection stays open.",
            b"HTTP/1.1 200 OK\r\nx: ", holds=True),
        raw("held-before-body", "No body comes.", head("content-length: 9\r\n"), holds=True),
        raw("no-length", "A body that ends with the connection.", head() + GOOD),
        made("drip-body", "The body comes at one byte a second.",
             lambda: _after(head("content-length: 9999\r\n"), b" ", 1.0)),
        made("drip-head", "The headers come at one byte a second.",
             lambda: _after(b"HTTP/1.1 200 OK\r\nx: ", b"y", 1.0)),
        made("drip-chunks", "Chunks of one byte come each second.",
             lambda: _after(_CHUNKED, b"1\r\n \r\n", 1.0)),
        made("drip-stream", "A comment of a stream comes each second.",
             lambda: _after(head(kind=STREAM), b": wait\n\n", 1.0)),
        made("drip-fast", "The body comes a byte each hundredth second.",
             lambda: _after(head("content-length: 9999\r\n"), b" ", 0.01)),
        made("body-without-end", "A body that has no end.", lambda: _after(head(), _MEGABYTE)),
        raw("two-replies", "Two replies to one request.", reply(GOOD) + reply(GOOD)),
        raw("keep-alive-junk", "Bytes after a reply on a connection that is kept.",
            reply(GOOD).replace(b"connection: close\r\n", b"") + b"junk" * 1000, holds=True),
    ]  # fmt: skip


def _no_http() -> list[Behaviour]:
    return [
        raw("http-0.9", "A body without any head.", GOOD),
        raw("http-2-preface", "The preface of HTTP/2.", b"\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64"),
        raw("tls-alert", "An alert of TLS.", b"\x15\x03\x01\0\x02\x02\x50"),
        raw("ssh", "The greeting of SSH.", b"SSH-2.0-OpenSSH_9.9\r\n", holds=True),
        raw("smtp", "The greeting of SMTP.", b"220 mail ESMTP\r\n", holds=True),
        raw("zeroes", "A megabyte of zero bytes.", bytes(1 << 20)),
        raw("lf-only", "Lines of the head end in LF alone.", reply(GOOD).replace(b"\r\n", b"\n")),
        raw("leading-blank-lines", "A thousand empty lines, then a reply.",
            b"\r\n" * 1000 + reply(GOOD)),
        made("blank-lines", "Empty lines without end.", lambda: for_ever(b"\r\n" * 4096)),
        raw("request-echoed", "The request line comes back.",
            b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n\r\n"),
        raw("http-3.7", "HTTP/3.7 in the status line.",
            reply(GOOD).replace(b"HTTP/1.1", b"HTTP/3.7")),
        raw("icy", "ICY 200 OK.", reply(GOOD).replace(b"HTTP/1.1", b"ICY")),
    ]  # fmt: skip


FRAMING = (*_lengths(), *_chunks(), *_ends(), *_no_http())
