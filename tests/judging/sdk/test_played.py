"""Replies played to the official library: what its users hear, without a network."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from conformance.checks.sdk.errors import refusal_is_an_exception
from conformance.checks.sdk.tool_calls import arguments_heard
from conformance.judging import sdk
from conformance.model import (
    Exchange,
    Failed,
    Lab,
    Level,
    NotApplicable,
    Observed,
    Probe,
    Sent,
    Signal,
)
from conformance.proving.rehearsal import TARGET
from conformance.registry import all_checks
from conformance.wire.chat import read_reply

openai = pytest.importorskip("openai", reason="the official client is missing: pip install openai")

JSON, STREAM = "application/json", "text/event-stream"
SENT = Sent(method="POST", path="/chat/completions", headers=(), body=b"")


def exchange(status: int, kind: str, body: bytes) -> Exchange:
    reply = read_reply(status, kind, body)
    headers = (("content-type", kind), ("x-odd", "é☃"))
    return Exchange(
        probe=Probe(), sent=SENT, status=status, headers=headers, body=body, reply=reply
    )


def completion(**message: Any) -> bytes:
    said = {"role": "assistant", "content": "KX74MP"} | message
    usage = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
    choices = [{"index": 0, "message": said, "finish_reason": "stop"}]
    return json.dumps(
        {"id": "x", "object": "chat.completion", "choices": choices, "usage": usage}
    ).encode()


def chunk(**delta: Any) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": None}
    return json.dumps({"id": "x", "object": "chat.completion.chunk", "choices": [choice]})


def stream(*datas: str) -> bytes:
    return "".join(f"data: {data}\n\n" for data in datas).encode()


def error(status: int, **members: Any) -> Exchange:
    return exchange(status, JSON, json.dumps({"error": {"message": "no"} | members}).encode())


# ---------------------------------------------------------------- the player


def test_a_completion() -> None:
    found = sdk.complete(exchange(200, JSON, completion()))
    assert isinstance(found, openai.types.chat.ChatCompletion)
    assert found.choices[0].message.content == "KX74MP"
    assert found.usage.prompt_tokens == 9


def test_a_stream() -> None:
    body = stream(chunk(content="KX"), chunk(content="74MP"), "[DONE]")
    found = sdk.chunks(exchange(200, STREAM, body))
    assert "".join(c.choices[0].delta.content for c in found) == "KX74MP"


def test_a_list_of_models() -> None:
    body = b'{"object": "list", "data": [{"id": "m", "object": "model"}]}'
    assert [model.id for model in sdk.models(exchange(200, JSON, body)).data] == ["m"]


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "BadRequestError"),
        (401, "AuthenticationError"),
        (403, "PermissionDeniedError"),
        (404, "NotFoundError"),
        (413, "APIStatusError"),
        (415, "APIStatusError"),
        (422, "UnprocessableEntityError"),
    ],
)
def test_errors(status: int, name: str) -> None:
    with pytest.raises(sdk.status_error()) as caught:
        sdk.complete(error(status, code="c", param=None, type="t"))
    assert type(caught.value).__name__ == name
    told: Any = caught.value
    assert told.body == {"message": "no", "type": "t", "param": None, "code": "c"}
    assert (told.status_code, told.code, told.type, told.param) == (status, "c", "t", None)


def test_an_error_within_a_stream() -> None:
    body = stream(chunk(content="KX"), '{"error": {"message": "no"}}')
    with pytest.raises(sdk.stream_error()):
        sdk.chunks(exchange(200, STREAM, body))


def test_a_server_error_is_played_once() -> None:
    with pytest.raises(openai.InternalServerError):
        sdk.complete(error(503))


def test_the_plainest_framing() -> None:
    body = b"\xef\xbb\xbf:\r\n\r\nid: 1\r\nevent: a\r\ndata:{\r\ndata: }\r\n\r\ndata: [DONE] \n\n"
    assert sdk.plainly_framed(body) == b"data: { }\n\ndata: [DONE]\n\n"


def test_the_library_is_imported_when_it_is_asked_for() -> None:
    code = (
        "import sys, conformance.registry as r, conformance.judging.sdk as s; r.all_checks(); "
        "assert s.is_installed(); assert 'openai' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# ---------------------------------------------------------------- the checks


def test_without_the_library_nothing_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdk, "is_installed", lambda: False)
    lab = Lab(target=TARGET, pictures={})
    for check in (c for c in all_checks() if c.area == "sdk"):
        dialogue = (
            check.dialogue(lab, check.params[0].value) if check.params else check.dialogue(lab)
        )
        with pytest.raises(NotApplicable, match=r"vision-conformance\[sdk\]"):
            next(dialogue)


def judged(name: str, told: Exchange) -> Observed | Signal:
    """The end of a check whose only request is answered so."""
    dialogue = refusal_is_an_exception(Lab(target=TARGET, pictures={}), name)
    next(dialogue)
    try:
        dialogue.send(told)
    except StopIteration as end:
        found: Observed = end.value
        return found
    except Signal as signal:
        return signal
    raise AssertionError("it asks on")


@pytest.mark.parametrize("code", [None, "c", 400, [], {}])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 415, 422])
def test_an_error_object_is_enough(status: int, code: object) -> None:
    assert isinstance(judged("wrong-key", error(status, code=code)), Observed)


def test_a_message_that_is_lost_is_a_failure() -> None:
    body = b'\xef\xbb\xbf{"error": {"message": "no"}}'
    ended = judged("no-messages", exchange(400, JSON, body))
    assert isinstance(ended, Failed)
    assert ended.actual == "BadRequestError with a body that is a str"


@pytest.mark.parametrize(
    ("arguments", "heard"),
    [('{"code": "KX74MP"}', True), ({"code": "KX74MP"}, False), (None, True), (["KX74MP"], False)],
)
def test_arguments_are_text(arguments: object, heard: bool) -> None:
    call = {"id": "c", "function": {"name": "note_code", "arguments": arguments}}
    told = exchange(200, JSON, completion(content=None, tool_calls=[call]))
    if heard:
        assert arguments_heard(told, "text") == (arguments or "")
    else:
        with pytest.raises(Failed, match="arguments is a"):
            arguments_heard(told, "text")


def test_levels_say_who_settles_it() -> None:
    """What only the library wants, and the standards leave free, is no must."""
    levels = {c.id: c.level for c in all_checks() if c.area == "sdk"}
    assert levels["sdk/framing-is-understood"] is Level.MAY
    assert levels["sdk/plain-reply-is-a-completion"] is Level.MUST
