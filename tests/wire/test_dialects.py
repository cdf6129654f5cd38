"""The dialects beside chat completions: how a probe is written, how a reply is read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.model import (
    ImagePart,
    Inline,
    Json,
    Probe,
    Reply,
    Service,
    Target,
    TextPart,
    Turn,
    Usage,
    canonical,
)
from conformance.wire import chat

TARGET = Target(name="t", base_url="http://127.0.0.1:1/v1", model="m/1", output_tokens=9)
WORDS = TextPart(text="What is this?")
PICTURE = ImagePart(picture=None, via=Inline(), detail='"low"')
CALL = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"a":1}'}}
CALLS = Turn(parts=(), role="assistant", more=(("tool_calls", canonical([CALL])),))
RESULT = Turn(parts=(WORDS, PICTURE), role="tool", more=(("tool_call_id", '"c1"'),))
TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}
TOOLS = (("tools", canonical([TOOL])),)
INLINE = "data:a/b;base64,QQ"
TOLD = Turn(parts=(TextPart(text="Be brief."),), role="system")


def written(
    service: Service, *turns: Turn, address: str = "data:a/b;base64,QQ", **more: Any
) -> Any:
    probe = Probe(service=service, turns=turns, **more)
    return json.loads(chat.write_body(probe, TARGET, lambda part: address))


def user(*parts: TextPart | ImagePart) -> Turn:
    return Turn(parts=parts)


def test_a_question_at_responses() -> None:
    assert written(Service.RESPONSES, user(WORDS)) == {
        "model": "m/1",
        "input": [{"role": "user", "content": "What is this?"}],
        "max_output_tokens": 9,
    }


def test_a_picture_at_responses() -> None:
    (message,) = written(Service.RESPONSES, user(PICTURE, WORDS))["input"]
    assert message["content"] == [
        {"type": "input_image", "image_url": "data:a/b;base64,QQ", "detail": "low"},
        {"type": "input_text", "text": "What is this?"},
    ]


def test_a_tool_result_at_responses() -> None:
    body = written(Service.RESPONSES, CALLS, RESULT, params=TOOLS)
    call, output = body["input"]
    named = {"name": "look", "arguments": '{"a":1}'}
    assert call == {"type": "function_call", "call_id": "c1", **named}
    assert (output["type"], output["call_id"]) == ("function_call_output", "c1")
    assert [part["type"] for part in output["output"]] == ["input_text", "input_image"]
    assert body["tools"] == [{"type": "function", "name": "look", "parameters": {"type": "object"}}]


def test_a_question_at_messages() -> None:
    assert written(Service.MESSAGES, TOLD, user(WORDS)) == {
        "model": "m/1",
        "system": [{"type": "text", "text": "Be brief."}],
        "messages": [{"role": "user", "content": [{"type": "text", "text": "What is this?"}]}],
        "max_tokens": 9,
    }


@pytest.mark.parametrize(
    ("address", "source"),
    [
        (
            "data:image/png;base64,{{sha256:ab:sheet-01}}",
            {"type": "base64", "media_type": "image/png", "data": "{{sha256:ab:sheet-01}}"},
        ),
        ("https://a.example/b,c.png", {"type": "url", "url": "https://a.example/b,c.png"}),
    ],
)
def test_a_picture_at_messages(address: str, source: Json) -> None:
    (message,) = written(Service.MESSAGES, user(PICTURE), address=address)["messages"]
    assert message["content"] == [{"type": "image", "source": source}]


def test_a_tool_result_at_messages() -> None:
    body = written(Service.MESSAGES, CALLS, RESULT, params=TOOLS)
    called, said = body["messages"]
    used = {"type": "tool_use", "id": "c1", "name": "look", "input": {"a": 1}}
    assert called == {"role": "assistant", "content": [used]}
    (result,) = said["content"]
    assert (said["role"], result["type"], result["tool_use_id"]) == ("user", "tool_result", "c1")
    assert [block["type"] for block in result["content"]] == ["text", "image"]
    assert body["tools"] == [{"name": "look", "input_schema": {"type": "object"}}]


def test_a_count_has_no_limit_of_output() -> None:
    assert set(written(Service.COUNT_TOKENS, user(WORDS))) == {"model", "messages"}


def test_a_tool_result_in_chat() -> None:
    _, said = written(Service.CHAT, CALLS, RESULT)["messages"]
    assert (said["role"], said["tool_call_id"]) == ("tool", "c1")


@pytest.mark.parametrize(
    ("service", "path"),
    [
        (Service.MODEL, "/models/m/1"),
        (Service.RESPONSES, "/responses"),
        (Service.COUNT_TOKENS, "/messages/count_tokens"),
    ],
)
def test_each_service_has_its_door(service: Service, path: str) -> None:
    assert chat.path_of(Probe(service=service), TARGET) == path


def test_a_model_is_looked_up_without_a_body() -> None:
    assert chat.write_body(Probe(service=Service.MODEL), TARGET, lambda part: "") == b""


SAID = {"type": "message", "content": [{"type": "output_text", "text": "KX7"}, {"text": "4MP"}]}
COUNTS = {"input_tokens": 5, "output_tokens": 2, "total_tokens": 7}
CACHED = {"input_tokens": 5, "cache_read_input_tokens": 30, "output_tokens": 2}
CUT = {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}


@pytest.mark.parametrize(
    ("service", "value", "wanted"),
    [
        (
            Service.RESPONSES,
            {
                "status": "completed",
                "error": None,
                "output": [{"type": "reasoning", "content": [{"text": "Hm."}]}, SAID],
                "usage": COUNTS,
            },
            Reply(
                text="KX74MP",
                finish_reason="stop",
                usage=Usage(prompt=5, completion=2, total=7),
            ),
        ),
        (Service.RESPONSES, CUT, Reply(finish_reason="length")),
        (
            Service.RESPONSES,
            {"status": "failed", "error": {"code": "invalid_image", "message": "No."}},
            Reply(is_error=True, error_message="No."),
        ),
        (
            Service.MESSAGES,
            {
                "content": [{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": "A"}],
                "stop_reason": "end_turn",
                "usage": CACHED,
            },
            Reply(text="A", finish_reason="stop", usage=Usage(prompt=35, completion=2)),
        ),
        (
            Service.MESSAGES,
            {"type": "error", "error": {"type": "invalid_request_error", "message": "No."}},
            Reply(is_error=True, error_message="No."),
        ),
        (Service.COUNT_TOKENS, {"input_tokens": 8}, Reply(usage=Usage(prompt=8))),
        (Service.COUNT_TOKENS, {"input_tokens": True}, Reply(usage=Usage())),
    ],
)
def test_a_reply(service: Service, value: Json, wanted: Reply) -> None:
    body = json.dumps(value).encode()
    assert chat.read_reply(200, "application/json", body, service) == wanted


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["output", "content", "usage", "input_tokens", "type", "text", "status"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(service=st.sampled_from(list(Service)), value=JSON)
def test_any_value_is_read(service: Service, value: Json) -> None:
    reply = chat.read_reply(200, "application/json", json.dumps(value).encode(), service)
    assert isinstance(reply.text, str)
