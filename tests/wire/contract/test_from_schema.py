"""Whatever is made from a schema, and spoiled, is read and judged without an exception."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.model import Exchange, Probe, Sent, Service
from conformance.wire import chat, contract
from conformance.wire.bounds import OverBound
from conformance.wire.jsontext import NotJson, parse
from conformance.wire.trouble import trouble_of
from tests.wire.contract.from_schema import texts

NAMES = ("chat_response", "chat_chunk", "error")
SENT = Sent(method="POST", path="/chat/completions", headers=(), body=b"")
_LOOSE = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True}


def read(name: str, text: str, service: Service, status: int) -> None:
    body = text.encode()
    kind = "text/event-stream" if name == "chat_chunk" else "application/json"
    body = b"data: " + body + b"\n\n" if name == "chat_chunk" else body
    with suppress(OverBound):
        chat.verify_bounds(kind, body)
    reply = chat.read_reply(status, kind, body, service)
    headers = (("content-type", kind),)
    probe = Probe(service=service)
    made = Exchange(probe=probe, sent=SENT, status=status, headers=headers, body=body, reply=reply)
    assert isinstance(trouble_of(made), str)
    assert all(isinstance(found, str) for found in chat.texts(body))
    value = parse(text)
    if not isinstance(value, NotJson):
        for told in contract.problems(name, value):
            assert len(told) <= 400


@pytest.mark.parametrize("examples", [15, pytest.param(400, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", NAMES)
def test_no_exception_whatever_comes(name: str, examples: int) -> None:
    @settings(max_examples=examples, **_LOOSE)
    @given(
        text=texts(name),
        service=st.sampled_from(list(Service)),
        status=st.sampled_from([200, 400, 500]),
    )
    def each(text: str, service: Service, status: int) -> None:
        read(name, text, service, status)

    each()
