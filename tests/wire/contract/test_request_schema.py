"""Which requests the schema takes, which it refuses, and where the refusal points."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.wire import contract


def text(value: str = "What is this?") -> dict[str, Any]:
    return {"type": "text", "text": value}


def image(url: object = "https://example.com/a.png", **more: object) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url, **more}}


def message(role: str = "user", content: object = "hello", **more: object) -> dict[str, Any]:
    return {"role": role, "content": content, **more}


def request(*messages: object, **more: object) -> dict[str, Any]:
    return {"model": "gpt-4o", "messages": list(messages) or [message()], **more}


TOOL_CALL = {"id": "t", "type": "function", "function": {"name": "f", "arguments": "{}"}}
REQUESTS_TAKEN: dict[str, Any] = {
    "string content": request(message("user", "hi")),
    "image alone": request(message("user", [image()])),
    "data URL": request(message("user", [image("data:image/png;base64,AAAA")])),
    "detail original": request(message("user", [image(detail="original")])),
    "all detail": request(message("user", [image(detail=d) for d in ("auto", "low", "high")])),
    "cache breakpoint": request(
        message("user", [image() | {"prompt_cache_breakpoint": {"mode": "explicit"}}])
    ),
    "file part": request(message("user", [{"type": "file", "file": {"file_id": "f"}}])),
    "developer": request(message("developer", [text()]), message()),
    "system string": request(message("system"), message()),
    "assistant parts": request(message("assistant", [text(), text()]), message()),
    "assistant refusal": request(message("assistant", [{"type": "refusal", "refusal": "no"}])),
    "assistant calls": request({"role": "assistant", "tool_calls": [TOOL_CALL]}),
    "assistant null": request(message("assistant", None)),
    "tool": request(message("tool", "4", tool_call_id="t")),
    "function": request(message("function", None, name="f")),
    "max_tokens zero": request(max_tokens=0),
    "nulls": request(temperature=None, n=None, stop=None, stream=None, stream_options=None),
    "bounds": request(temperature=2, top_p=0, n=128, top_logprobs=20, frequency_penalty=-2),
    "stop": request(stop=["a", "b", "c", "d"]),
    "stop string": request(stop="a"),
    "logit_bias": request(logit_bias={"50256": -100}),
    "json mode": request(response_format={"type": "json_object"}),
    "tools": request(
        tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}],
        tool_choice="auto",
    ),
    "tool choice": request(tool_choice={"type": "function", "function": {"name": "f"}}),
    "stream options": request(stream=True, stream_options={"include_usage": True}),
}


@pytest.mark.parametrize("body", REQUESTS_TAKEN.values(), ids=REQUESTS_TAKEN.keys())
def test_takes_the_request(body: Any) -> None:
    assert contract.problems("chat_request", body) == []


PART = "messages[0].content[1]"
REQUESTS_REFUSED: dict[str, tuple[Any, str, str]] = {
    "nothing": ({}, "model", "required"),
    "not an object": ([], "", "type"),
    "no messages": ({"model": "m"}, "messages", "required"),
    "empty messages": ({"model": "m", "messages": []}, "messages", "minItems"),
    "model number": (request() | {"model": 4}, "model", "type"),
    "message string": (request("hi"), "messages[0]", "type"),
    "no role": (request({"content": "a"}), "messages[0].role", "required"),
    "unknown role": (request(message("robot")), "messages[0].role", "enum"),
    "no content": (request({"role": "user"}), "messages[0].content", "required"),
    "null content": (request(message("user", None)), "messages[0].content", "type"),
    "object content": (request(message("user", text())), "messages[0].content", "type"),
    "no parts": (request(message("user", [])), "messages[0].content", "minItems"),
    "part string": (request(message("user", [text(), "a"])), PART, "type"),
    "no type": (request(message("user", [text(), {"text": "a"}])), f"{PART}.type", "required"),
    "unknown type": (request(message("user", [text(), {"type": "image"}])), f"{PART}.type", "enum"),
    "no text": (request(message("user", [text(), {"type": "text"}])), f"{PART}.text", "required"),
    "no image_url": (
        request(message("user", [text(), {"type": "image_url"}])),
        f"{PART}.image_url",
        "required",
    ),
    "image_url string": (
        request(message("user", [text(), {"type": "image_url", "image_url": "https://a/b"}])),
        f"{PART}.image_url",
        "type",
    ),
    "image_url null": (
        request(message("user", [text(), {"type": "image_url", "image_url": None}])),
        f"{PART}.image_url",
        "type",
    ),
    "no url": (
        request(message("user", [text(), {"type": "image_url", "image_url": {}}])),
        f"{PART}.image_url.url",
        "required",
    ),
    "url null": (request(message("user", [text(), image(None)])), f"{PART}.image_url.url", "type"),
    # Seeds 003: both of its examples send an empty address.
    "url empty": (
        request(message("user", [text(), image("")]), max_tokens=300),
        f"{PART}.image_url.url",
        "minLength",
    ),
    "detail unknown": (
        request(message("user", [text(), image(detail="ultra")])),
        f"{PART}.image_url.detail",
        "enum",
    ),
    "detail null": (
        request(message("user", [text(), image(detail=None)])),
        f"{PART}.image_url.detail",
        "type",
    ),
    "image in system": (request(message("system", [text(), image()])), f"{PART}.type", "enum"),
    "image in developer": (
        request(message("developer", [text(), image()])),
        f"{PART}.type",
        "enum",
    ),
    "image in assistant": (
        request(message("assistant", [text(), image()])),
        f"{PART}.type",
        "enum",
    ),
    "image in tool": (
        request(message("tool", [text(), image()], tool_call_id="t")),
        f"{PART}.type",
        "enum",
    ),
    "tool without call": (request(message("tool")), "messages[0].tool_call_id", "required"),
    "assistant silent": (request({"role": "assistant"}), "messages[0].content", "required"),
    "two refusals": (
        request(message("assistant", [{"type": "refusal", "refusal": "no"}] * 2)),
        "messages[0].content",
        "maxItems",
    ),
    "temperature high": (request(temperature=2.1), "temperature", "maximum"),
    "temperature low": (request(temperature=-1), "temperature", "minimum"),
    "temperature text": (request(temperature="1"), "temperature", "type"),
    "temperature true": (request(temperature=True), "temperature", "type"),
    "top_p": (request(top_p=1.01), "top_p", "maximum"),
    "n zero": (request(n=0), "n", "minimum"),
    "n large": (request(n=129), "n", "maximum"),
    "max_tokens text": (request(max_tokens="400"), "max_tokens", "type"),
    "max_tokens fraction": (request(max_tokens=1.5), "max_tokens", "type"),
    "penalty": (request(presence_penalty=-2.5), "presence_penalty", "minimum"),
    "stop five": (request(stop=list("abcde")), "stop", "maxItems"),
    "stop none": (request(stop=[]), "stop", "minItems"),
    "stop number": (request(stop=[1]), "stop[0]", "type"),
    "logit_bias": (request(logit_bias={"5": "a"}), "logit_bias.5", "type"),
    "stream text": (request(stream="true"), "stream", "type"),
    "include_usage": (
        request(stream_options={"include_usage": 1}),
        "stream_options.include_usage",
        "type",
    ),
    "top_logprobs": (request(top_logprobs=21), "top_logprobs", "maximum"),
    "tool name": (
        request(tools=[{"type": "function", "function": {}}]),
        "tools[0].function.name",
        "required",
    ),
    "tool_choice": (request(tool_choice="any"), "tool_choice", "enum"),
    "format": (request(response_format={"type": "xml"}), "response_format.type", "enum"),
    "format schema": (
        request(response_format={"type": "json_schema"}),
        "response_format.json_schema",
        "required",
    ),
}


@pytest.mark.parametrize(
    ("body", "path", "keyword"), REQUESTS_REFUSED.values(), ids=REQUESTS_REFUSED.keys()
)
def test_refuses_the_request_and_points_there(body: Any, path: str, keyword: str) -> None:
    problem = contract.first_problem("chat_request", body)
    assert problem is not None
    assert (problem.path, problem.keyword) == (path, keyword)


def test_seed_002_sends_a_body_that_is_not_json() -> None:
    with pytest.raises(json.JSONDecodeError):
        json.loads('{"type": "image_url", "image_url": {"url": "the first",}}')


def test_seed_000_sends_bare_base64_which_the_schema_cannot_tell_from_a_uri() -> None:
    body = request(message("user", [text(), image("iVBORw0KGgo=")]))
    assert contract.problems("chat_request", body) == []
