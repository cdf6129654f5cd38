"""Streams of events: without end, of one event or a million, and of odd lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from behaving import STREAM, Behaviour, Piece, for_ever, head, made, replies


def _event(value: Any) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def _delta(text: Any, finish: Any = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    return {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m",
            "choices": [choice]}  # fmt: skip


_LETTER = _event(_delta("x"))
_DONE = b"data: [DONE]\n\n"
_GOOD = _event(_delta("KX74MP", "stop")) + _DONE


def _streams(name: str, sentence: str, body: bytes | Callable[[], bytes]) -> Behaviour:
    return replies(name, sentence, body, STREAM)


def _endless(name: str, sentence: str, piece: bytes) -> Behaviour:
    def pieces() -> Iterator[Piece]:
        yield head(kind=STREAM)
        yield from for_ever(piece)

    return made(name, sentence, pieces)


STREAMS = (
    _endless("stream-no-end", "Events of a letter without end.", _LETTER * 500),
    _endless("stream-comments", "Comments without end.", b": x\n\n" * 10_000),
    _endless("stream-empty-lines", "Empty lines without end.", b"\n" * 65_536),
    _endless("stream-done-no-end", "[DONE] without end.", _DONE * 5000),
    _endless("stream-one-line", "One line without end.", b"data: x" * 10_000),
    _streams("stream-letters-2-mb", "2 MB with one letter an event.",
             lambda: _LETTER * (2_000_000 // len(_LETTER)) + _DONE),
    _streams("stream-letters-7-mb", "7 MB with one letter an event.",
             lambda: _LETTER * (7_000_000 // len(_LETTER)) + _DONE),
    _streams("stream-event-8-mb", "One event of nearly 8 MB.",
             lambda: _event(_delta("x" * 8_300_000)) + _DONE),
    _streams("stream-million", "A million events of one byte.", lambda: b"data:1\n\n" * 1_000_000),
    _streams("stream-million-empty", "A million events without data.",
             lambda: b"data\n\n" * 1_000_000),
    _streams("stream-million-lines", "One event of a million lines.",
             lambda: b"data:1\n" * 1_000_000 + b"\n"),
    _streams("stream-million-names", "A million names of events.",
             lambda: b"event:x\n" * 1_000_000 + _GOOD),
    _streams("stream-keys", "Events whose members have new names.",
             lambda: b"".join(_event({f"k{n}": "x"}) for n in range(60_000)) + _DONE),
    _streams("stream-deep", "10,000 events of 900 lists.",
             lambda: (b"data: " + b"[" * 400 + b"]" * 400 + b"\n\n") * 9_000),
    _streams("stream-deep-strings", "Events of a string in 400 lists.",
             lambda: (b"data: " + b"[" * 400 + b'""' + b"]" * 400 + b"\n\n") * 9_000),
    _streams("stream-wide", "An event of a million strings.",
             lambda: b"data: [" + b",".join([b'""'] * 1_000_000) + b"]\n\n" + _DONE),
    _streams("stream-choices", "An event of 100,000 choices.",
             lambda: _event({"choices": [{}] * 100_000}) * 4 + _DONE),
    _streams("stream-cr", "Lines end in CR alone.", _GOOD.replace(b"\n", b"\r")),
    _streams("stream-mixed", "CR, LF and CR LF by turns.",
             _LETTER.replace(b"\n\n", b"\r\n\r") + b"\n" + _LETTER.replace(b"\n\n", b"\n\r\n")
             + _GOOD),
    _streams("stream-no-blank-line", "No empty line between events.",
             _GOOD.replace(b"\n\n", b"\n")),
    _streams("stream-no-newline", "No line end at all.", _GOOD.replace(b"\n", b"")),
    _streams("stream-ids", "Ids of a megabyte, and one with NUL.",
             lambda: b"id: " + b"x" * (1 << 20) + b"\nid: \0\n" + _GOOD),
    _streams("stream-retry", "retry of 5,000 digits.", b"retry: " + b"9" * 5000 + b"\n" + _GOOD),
    _streams("stream-retry-negative", "A negative retry.", b"retry: -1\n\n" + _GOOD),
    _streams("stream-event-error", "event: error and no data.", b"event: error\n\n" * 100 + _GOOD),
    _streams("stream-done-twice", "[DONE] twice.", _GOOD + _DONE),
    _streams("stream-done-first", "[DONE] first.", _DONE + _GOOD),
    _streams("stream-done-middle", "[DONE] between deltas.", _LETTER + _DONE + _GOOD),
    _streams("stream-done-only", "[DONE] and nothing else.", _DONE),
    _streams("stream-arrays", "An array in each event.", b"data: [1,2,3]\n\n" * 100 + _DONE),
    _streams("stream-bom", "A byte order mark before the stream.", b"\xef\xbb\xbf" + _GOOD),
    _streams("stream-bom-each", "One before each event.",
             (b"\xef\xbb\xbf" + _LETTER) * 100 + _GOOD),
    _streams("stream-nul", "NUL in the stream.", b"data: \0\n\n" + _GOOD.replace(b"KX", b"\0KX")),
    _streams("stream-latin", "Bytes that are no UTF-8.", b"data: \xff\xfe\n\n" + _GOOD),
    _streams("stream-utf-16", "A stream in UTF-16.", _GOOD.decode().encode("utf-16")),
    _streams("stream-cut", "A stream cut within an event.", _LETTER + _LETTER[:30]),
    _streams("stream-empty", "A stream without a byte.", b""),
    _streams("stream-json", "JSON lines in place of events.", b"{}\n" * 1000),
    _streams("stream-surrogate", "Half a surrogate in each event.",
             _event(_delta("\ud83d")) + _event(_delta("\ude42")) + _GOOD),
    _streams("stream-error-late", "An error after the end.",
             _GOOD + _event({"error": {"message": "\x1b[31mno"}})),
    _streams("stream-wrong-types", "Deltas of every type.",
             b"".join(_event(_delta(v, v)) for v in (None, 1, [], {}, True, "x", [[{}]])) + _DONE),
)  # fmt: skip
