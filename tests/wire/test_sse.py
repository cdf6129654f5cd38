"""Bytes to events, by the rules of the WHATWG standard."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.wire.sse import Event, events


def data(*texts: str) -> tuple[Event, ...]:
    return tuple(Event(data=text) for text in texts)


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (b"", ()),
        (b"data: a\n\n", data("a")),
        (b"data: a\r\n\r\n", data("a")),
        (b"data: a\r\r", data("a")),
        (b"data: a\r\n\ndata: b\r\n\r", data("a", "b")),
        (b"data:a\n\n", data("a")),
        (b"data:  a\n\n", data(" a")),
        (b"data: a\ndata: b\n\n", data("a\nb")),
        (b"data\n\n", data("")),
        (b"data:\n\n", data("")),
        (b"data: a: b\n\n", data("a: b")),
        (b": keep-alive\n\ndata: a\n\n", data("a")),
        (b": inside\ndata: a\n: the event\n\n", data("a")),
        (b"\n\n\ndata: a\n\n\n\n", data("a")),
        (b"\xef\xbb\xbfdata: a\n\n", data("a")),
        (b"\xef\xbb\xbf\xef\xbb\xbfdata: a\n\n", ()),
        (b"Data: a\n\n", ()),
        (b" data: a\n\n", ()),
        (b"id: 7\nretry: 10\ndata: a\n\n", data("a")),
        (b"event: error\ndata: a\n\n", (Event(data="a", type="error"),)),
        (b"event: error\n\ndata: a\n\n", data("a")),
        (b"data: a\xff\n\n", data("a\ufffd")),
        (b"data: a\xe2\x80\xa8b\x0bc\x85\n\n", data("a\u2028b\x0bc\ufffd")),
        (b"data: cut off", ()),
        (b"data: cut off\n", ()),
        (b"data: a\n\ndata: cut off\n", data("a")),
    ],
    ids=repr,
)
def test_the_table(body: bytes, wanted: tuple[Event, ...]) -> None:
    assert events(body) == wanted


lines = st.lists(
    st.sampled_from(["data: a", "data", ": c", "event: e", "", "", "x", "data: {}", "\ufeff"])
)


@given(st.binary())
def test_any_bytes_are_read(body: bytes) -> None:
    assert all(isinstance(event, Event) for event in events(body))


@given(lines)
def test_the_line_ending_makes_no_difference(written: list[str]) -> None:
    found = {events(end.join([*written, ""]).encode()) for end in ("\n", "\r", "\r\n")}
    assert len(found) == 1


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\r\n"), max_size=9), max_size=6))
def test_what_is_written_is_read(texts: list[str]) -> None:
    body = "".join(f"data: {text}\n\n" for text in texts).encode("utf-8", "replace")
    assert events(body) == data(*(t.encode("utf-8", "replace").decode() for t in texts))


@given(lines, st.integers(0, 200))
def test_more_bytes_only_add_events(written: list[str], cut: int) -> None:
    """However the body is cut, the events of its first piece stay: chunking changes nothing."""
    body = "\n".join(written).encode()
    whole = events(body)
    first = events(body[:cut])
    assert whole[: len(first)] == first


def test_a_body_without_lines_takes_no_longer_than_it_is_long() -> None:
    """A megabyte took minutes once: each byte was the beginning of a line without an end."""
    began = time.process_time()
    assert events(b'{"data": "' + b"x" * 2_000_000) == ()
    assert time.process_time() - began < 2
