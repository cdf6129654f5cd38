"""What a reply may hold: at the bound it is read, and over it one sentence says so."""

from __future__ import annotations

import json
import time

import pytest

from conformance.wire import bounds, chat
from conformance.wire.bounds import OverBound
from conformance.wire.jsontext import NotJson, parse

JSON, STREAM = "application/json", "text/event-stream"
EVENT = b"data: 1\n\n"
MEGABYTE = 1 << 20
#: 1,024 bytes.
_COMMENT = b":" * 1023 + b"\n"


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def listed(count: int) -> bytes:
    return b"[" + b",".join([b"1"] * (count - 1)) + b"]"


#: Type, a body that is taken, one that is not, and what is said of it.
EDGES = {
    "depth": (JSON, nested(100), nested(101), "nests JSON more than 100 levels deep"),
    "values": (JSON, listed(100_000), listed(100_002), "more than 100,000 JSON values"),
    "bytes": (JSON, b" " * (2 * MEGABYTE), b" " * (2 * MEGABYTE + 1), "larger than 2097152 bytes"),
    "stream": (STREAM, _COMMENT * 8 * 1024, _COMMENT * 8 * 1024 + b"x", "than 8388608 bytes"),
    "lines": (STREAM, b":\n" * 500_000, b":\n" * 500_000 + b"\r", "more than 500,000 lines"),
    "events": (STREAM, EVENT * 100_000, EVENT * 100_001, "more than 100,000 events"),
    "event": (
        STREAM,
        b"data: " + b"x" * (MEGABYTE - 6) + b"\n\n",
        b"data: " + b"x" * (MEGABYTE - 5) + b"\n\n",
        "larger than 1,048,576 bytes",
    ),
    "values of one event": (
        STREAM,
        b"data: " + listed(100_000) + b"\n\n",
        b"data: " + listed(100_002) + b"\n\n",
        "more than 100,000 JSON values",
    ),
    "values of all events": (
        STREAM,
        (b"data: " + listed(90_000) + b"\n\n") * 11,
        (b"data: " + listed(90_000) + b"\n\n") * 12,
        "more than 1,000,000 JSON values",
    ),
    "depth of an event": (
        STREAM,
        b"data: " + nested(100) + b"\n\n",
        b"data: " + nested(101) + b"\n\n",
        "more than 100 levels deep",
    ),
}


@pytest.mark.parametrize("name", EDGES)
def test_both_sides_of_a_bound(name: str) -> None:
    kind, taken, refused, why = EDGES[name]
    chat.verify_bounds(kind, taken)
    with pytest.raises(OverBound, match=why):
        chat.verify_bounds(kind, refused)


def test_headers_are_bounded_by_number_and_bytes() -> None:
    bounds.judge_headers([("x", "y")] * 256)
    bounds.judge_headers([("x", "y" * (64 * 1024 - 1))])
    bounds.judge_headers([("x" * 1000, "y")])
    with pytest.raises(OverBound, match="a name of more than 1,000 characters"):
        bounds.judge_headers([("x" * 1001, "y")])
    with pytest.raises(OverBound, match="more than 256 headers"):
        bounds.judge_headers([("x", "y")] * 257)
    with pytest.raises(OverBound, match="larger than 65,536 bytes"):
        bounds.judge_headers([("x", "y" * 64 * 1024)])


@pytest.mark.parametrize(
    "text", ['"[[[" , "{{{,,,"', '{"a": "\\"[[[[,,,"}', '["[[[', "words [,,,["]
)
def test_what_stands_in_strings_is_no_value(text: str) -> None:
    assert bounds.judge_json(text) <= 2


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-be"])
def test_the_bounds_hold_in_every_coding_that_json_is_read_in(coding: str) -> None:
    deep = nested(101).decode().encode(coding)
    with pytest.raises(OverBound):
        chat.verify_bounds(JSON, deep)
    found = parse(deep)
    assert isinstance(found, NotJson)
    assert found.reason == "the reply nests JSON more than 100 levels deep"


#: Bodies within the bounds that once took minutes or gigabytes.
COSTLY = {
    "deep and wide": (JSON, b"[" * 90 + b",".join([b'""'] * 90_000) + b"]" * 90),
    "many names": (JSON, json.dumps({f"k{n}": "" for n in range(90_000)}).encode()),
    "letters": (STREAM, b'data: {"choices": [{"delta": {"content": "x"}}]}\n\n' * 40_000),
    "names in a stream": (STREAM, b"".join(b'data: {"k%d": ""}\n\n' % n for n in range(90_000))),
    "quotes": (JSON, b'["' + b'"' * MEGABYTE),
    "backslashes": (JSON, b'["' + b"\\" * MEGABYTE),
    "closed too often": (JSON, b"[" + b"]}" * MEGABYTE),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", COSTLY)
def test_reading_takes_time_by_the_bytes(name: str) -> None:
    kind, body = COSTLY[name]
    body = body[: bounds.WHOLE_BYTES]
    began = time.process_time()
    chat.verify_bounds(kind, body)
    chat.read_reply(200, kind, body)
    chat.texts(body)
    assert time.process_time() - began < 4
