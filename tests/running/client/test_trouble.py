"""What is wrong with a reply as such: a table."""

from __future__ import annotations

import pytest

from conformance.model import Exchange, Probe, Sent, Service
from conformance.wire import trouble
from conformance.wire.chat import read_reply
from conformance.wire.trouble import convicts, is_of_the_server, trouble_of

JSON, STREAM, HTML = "application/json", "text/event-stream; charset=utf-8", "text/html"
GOOD = b'{"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]}'
HI = b'data: {"choices":[{"delta":{"content":"hi"}}]}\n\n'
STOP = b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n'
DONE = b"data: [DONE]\n\n"
ERROR = b'data: {"error":{"message":"no"}}\n\n'
PING = b": ping\n\n"

#: Status, content type, body and the kind of trouble; "" where it can be judged.
REPLIES = [
    (200, JSON, GOOD, ""),
    (200, JSON, b"\n\n" + GOOD + b"\n", ""),
    (200, HTML, GOOD, ""),
    (200, "", GOOD, ""),
    (200, JSON, b'{"error":{"message":"no"}}', ""),
    (200, JSON, b"[]", ""),
    (200, JSON, b"", "malformed"),
    (200, JSON, GOOD[:-1], "malformed"),
    (200, JSON, GOOD * 2, "malformed"),
    (200, HTML, b"<html></html>", "malformed"),
    (200, JSON, b"\xff\xfe", "malformed"),
    # Any proper end will do: what is missing beside it is for checks to tell.
    (200, STREAM, HI + STOP + DONE, ""),
    (200, STREAM, HI + STOP, ""),
    (200, STREAM, HI + DONE, ""),
    (200, STREAM, HI + ERROR, ""),
    (200, STREAM, PING + HI + STOP + PING, ""),
    (200, STREAM, HI, "cut"),
    (200, STREAM, HI + STOP[:-9], "cut"),
    (200, STREAM, b"", "cut"),
    (200, STREAM, PING, "cut"),
    # A stream by its bytes, whatever is said of it.
    (200, JSON, HI, "cut"),
    (200, "", HI + DONE, ""),
    (200, "TEXT/EVENT-STREAM", HI, "cut"),
    # Other statuses tell by themselves, whatever the body is.
    (201, JSON, b"", ""),
    (204, "", b"", ""),
    (301, HTML, b"<html>", ""),
    (400, JSON, b'{"error":{"message":"no"}}', ""),
    (400, HTML, b"<html>", ""),
    (401, JSON, b"", ""),
    (404, STREAM, HI, ""),
    (418, JSON, b"", ""),
    (402, JSON, b'{"error":{"message":"insufficient_quota"}}', "402"),
    (408, JSON, b"", "408"),
    (429, JSON, b'{"error":{"message":"slow down"}}', "429"),
    (500, JSON, b'{"error":{"message":"no"}}', "500"),
    (501, HTML, b"<html>", "501"),
    (503, JSON, GOOD, "503"),
    (529, JSON, b"", "529"),
    (999, JSON, b"{}", "999"),
]


def exchange(status: int, kind: str, body: bytes, **more: object) -> Exchange:
    probe = Probe(service=more.pop("service", Service.CHAT))
    return Exchange(
        probe=probe,
        sent=Sent(method="POST", path="/", headers=(), body=b""),
        status=status,
        headers=(("content-type", kind),) if kind else (),
        body=body,
        reply=read_reply(status, kind, body, probe.service),
        **more,
    )


@pytest.mark.parametrize(("status", "kind", "body", "found"), REPLIES)
def test_the_table(status: int, kind: str, body: bytes, found: str) -> None:
    assert trouble_of(exchange(status, kind, body)) == found


def test_trouble_on_the_wire_comes_first() -> None:
    assert trouble_of(exchange(200, JSON, GOOD, trouble="stall")) == "stall"


@pytest.mark.parametrize("service", [Service.RESPONSES, Service.MESSAGES])
def test_streams_of_other_dialects_end_in_ways_of_their_own(service: Service) -> None:
    """Whether they end as they must is for their checks to say."""
    body = b'event: response.created\ndata: {"type":"response.created"}\n\n'
    assert trouble_of(exchange(200, STREAM, body, service=service)) == ""


#: Kind; whether it is of the server; whether it convicts where it is always the same.
KINDS = [
    ("500", True, True),
    ("503", True, True),
    ("999", True, True),
    ("429", False, False),
    ("408", False, False),
    ("402", False, False),
    ("stall", False, True),
    ("reset", False, True),
    # Whoever cannot be reached does not tell one request from another.
    ("unreachable", False, False),
    ("undecodable", False, False),
    ("too-large", False, False),
    # What was said is judged by what it says.
    ("cut", False, False),
    ("malformed", False, False),
    ("", False, False),
]


@pytest.mark.parametrize(("kind", "of_the_server", "convicting"), KINDS)
def test_what_a_kind_of_trouble_proves(kind: str, of_the_server: bool, convicting: bool) -> None:
    assert is_of_the_server(kind) is of_the_server
    assert convicts(kind) is convicting


def test_the_kinds_are_told_apart() -> None:
    assert not trouble.SAID & trouble.FINAL
    assert not {str(status) for status in trouble.LATER} & trouble.SAID
    assert all(status < 500 for status in trouble.LATER)
