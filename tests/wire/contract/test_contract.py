"""Sentences about what is wrong, and that no instance, however hostile, makes them fail."""

from __future__ import annotations

import copy
import json
import socket
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance import data
from conformance.wire import contract

NAMES = sorted(file.stem for file in data.folder("schemas").glob("*.json"))
REPLY: dict[str, Any] = {
    "id": "c",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "a"},
            "finish_reason": "stop",
        }
    ],
}


def request(part: object, **more: object) -> dict[str, Any]:
    return {"model": "m", "messages": [{"role": "user", "content": [part]}], **more}


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


FINISH = "is not one of 'stop', 'length', 'tool_calls', 'content_filter', 'function_call'"
SENTENCES: dict[str, tuple[str, Any, str]] = {
    "missing": ("chat_response", {**REPLY, "choices": [{}]}, "choices[0].index: required,"),
    "type": ("chat_response", REPLY | {"created": "1"}, "created: expected an integer, got '1'"),
    "types": (
        "chat_request",
        {"model": "m", "messages": [{"role": "user", "content": None}]},
        "messages[0].content: expected a string or an array, got null",
    ),
    "enum": (
        "chat_response",
        REPLY | {"choices": [REPLY["choices"][0] | {"finish_reason": "done"}]},
        f"choices[0].finish_reason: 'done' {FINISH}",
    ),
    "const": ("chat_response", REPLY | {"object": "x"}, "object: 'x' is not 'chat.completion'"),
    "whole": ("error", [], "the document: expected an object, got an array of size 0"),
    "maximum": (
        "chat_request",
        request({"type": "text", "text": ""}, temperature=3),
        "temperature: 3 is above 2, the greatest allowed",
    ),
    "minItems": (
        "chat_request",
        {"model": "m", "messages": []},
        "messages: has too few items: 0, where 1 is the least",
    ),
    "minLength": (
        "chat_request",
        request({"type": "image_url", "image_url": {"url": ""}}),
        "messages[0].content[0].image_url.url: has too few characters: 0, where 1 is the least",
    ),
    "data URL": (
        "chat_request",
        request({"type": "image_url", "image_url": "data:image/png;base64," + "A" * 10**6}),
        "messages[0].content[0].image_url: expected an object, got 'data:image/png;base64,AAA",
    ),
    "control characters": (
        "chat_response",
        REPLY | {"object": "\x1b[2J\n"},
        r"object: '\x1b[2J\n'",
    ),
    "bidirectional": ("chat_response", REPLY | {"object": "\u202eb"}, r"object: '\u202eb'"),
    "surrogate": ("chat_response", REPLY | {"object": "\ud800"}, r"object: '\ud800'"),
}


@pytest.mark.parametrize(("name", "instance", "start"), SENTENCES.values(), ids=SENTENCES.keys())
def test_says_in_one_sentence(name: str, instance: Any, start: str) -> None:
    first = contract.problems(name, instance)[0]
    assert first.startswith(start)
    assert first.isprintable()
    assert len(first) <= 400


def test_a_problem_carries_what_an_error_body_needs() -> None:
    problem = contract.first_problem("chat_request", request({"type": "image_url", "image_url": 5}))
    assert problem == contract.Problem(
        path="messages[0].content[0].image_url",
        message="expected an object, got 5",
        keyword="type",
        expected="object",
        actual_type="integer",
    )


def test_tells_one_problem_for_each_place_and_the_nearest_to_the_root_first() -> None:
    body = request({"type": "image_url", "image_url": {"url": "", "detail": 7}}, n=0)
    del body["model"]
    told = [line.split(":")[0] for line in contract.problems("chat_request", body)]
    assert told[:2] == ["model", "n"]
    assert sorted(told[2:]) == [f"messages[0].content[0].image_url.{k}" for k in ("detail", "url")]


@pytest.mark.parametrize("limit", [-1, 0, 1, 3])
def test_tells_no_more_than_asked_for(limit: int) -> None:
    assert len(contract.problems("chat_response", {}, limit=limit)) == max(limit, 0)


def test_two_missing_members_are_two_problems() -> None:
    lines = contract.problems("chat_request", {})
    assert lines == ["model: required, but missing", "messages: required, but missing"]


def test_an_unknown_schema_names_the_nearest() -> None:
    with pytest.raises(ValueError, match="the nearest is 'chat_chunk'"):
        contract.problems("chat_chunks", {})


UNFIT: dict[str, tuple[Any, str]] = {
    "deep list": (nested(100_000), "nested more than 64 levels deep"),
    "deep object": (json.loads('{"a":' * 900 + "1" + "}" * 900), "nested more than 64 levels"),
    "deep member": (REPLY | {"usage": nested(5_000)}, "nested more than 64 levels"),
    "many values": ({"choices": [{}] * 300_000}, "more than 100000 values"),
    "long integer": (REPLY | {"created": 10**5_000}, "an integer of thousands of digits"),
}


@pytest.mark.parametrize(("instance", "why"), UNFIT.values(), ids=UNFIT.keys())
def test_what_cannot_be_judged_is_said_so(instance: Any, why: str) -> None:
    (line,) = contract.problems("chat_response", instance)
    assert why in line
    problem = contract.first_problem("chat_response", instance)
    assert problem is not None
    assert problem.keyword == "unfit"


def test_many_violations_stay_cheap_and_few() -> None:
    lines = contract.problems("chat_response", REPLY | {"choices": [7] * 90_000})
    assert len(lines) == 5


def test_our_own_documents_may_be_large() -> None:
    (line,) = contract.problems("exchange", {"notes": [0] * 300_000}, limit=1)
    assert line == "request: required, but missing"


def test_long_names_do_not_make_long_paths() -> None:
    body = request({"type": "text", "text": "a"}, logit_bias={"k\n" * 10_000: "x"})
    (line,) = contract.problems("chat_request", body)
    assert line.isprintable()
    assert len(line) < 400


def test_no_reference_needs_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a schema was looked for on the network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    for name in NAMES:
        contract.problems(name, {"choices": [{}], "findings": [{"evidence": [{}]}]})


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "null"),
        (True, "boolean"),
        (1, "integer"),
        (1.0, "number"),
        ("", "string"),
        ([], "array"),
        ({}, "object"),
    ],
)
def test_names_the_json_type(value: Any, name: str) -> None:
    assert contract.json_type(value) == name


MEMBERS = st.sampled_from(
    ["id", "object", "model", "choices", "usage", "message", "finish_reason", "role", "content"]
) | st.sampled_from(
    ["messages", "type", "text", "image_url", "url", "detail", "stop", "error", "data", "header"]
)
WORDS = st.sampled_from(["user", "assistant", "text", "image_url", "stop", "chat.completion", ""])
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | WORDS
    | st.text(max_size=20)
    | st.text(st.characters(categories=["Cs", "Cc", "Cf"]), max_size=5)
)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(MEMBERS | st.text(max_size=8), inner, max_size=6)
    ),
    max_leaves=25,
)


@given(name=st.sampled_from(NAMES), instance=JSON)
@settings(max_examples=120, deadline=None)
def test_any_json_is_judged(name: str, instance: Any) -> None:
    lines = contract.problems(name, instance)
    first = contract.first_problem(name, instance)
    assert bool(lines) == (first is not None)
    assert len(lines) <= 5
    assert all(line.isprintable() and len(line) <= 400 for line in lines)


PLACES: list[tuple[str, tuple[str | int, ...]]] = [
    *(("chat_response", (key,)) for key in REPLY),
    *(("chat_response", ("choices", 0, key)) for key in REPLY["choices"][0]),
    *(("chat_response", ("choices", 0, "message", key)) for key in ("role", "content")),
    *(("chat_request", (key,)) for key in ("model", "messages", "stop", "tools", "logit_bias")),
    *(("chat_request", ("messages", 0, key)) for key in ("role", "content", "tool_calls")),
    *(("chat_request", ("messages", 0, "content", 0, key)) for key in ("type", "image_url")),
    *(("chat_request", ("messages", 0, "content", 0, "image_url", k)) for k in ("url", "detail")),
]


@given(where=st.sampled_from(PLACES), value=JSON)
@settings(max_examples=120, deadline=None)
def test_any_json_in_any_place_is_judged(where: tuple[str, Any], value: Any) -> None:
    name, (*way, last) = where
    part = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    instance = copy.deepcopy(REPLY if name == "chat_response" else request(part))
    assert contract.problems(name, instance) == []
    place: Any = instance
    for step in way:
        place = place[step]
    place[last] = value
    lines = contract.problems(name, instance)
    assert all(line.isprintable() and len(line) <= 400 for line in lines)
