"""The chat completions dialect, both ways."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.model import (
    Hosted,
    ImagePart,
    Inline,
    Probe,
    Reply,
    Service,
    Target,
    TextPart,
    Turn,
    Usage,
    Verbatim,
)
from conformance.wire import chat

TARGET = Target(name="t", base_url="http://127.0.0.1:1/v1", model="m", output_tokens=9)
WORDS = Turn(parts=(TextPart(text="ü?"),))


def image(**more: object) -> ImagePart:
    return ImagePart(**{"picture": None, "via": Inline(), **more})


def written(probe: Probe, target: Target = TARGET) -> dict[str, object]:
    return json.loads(chat.write_body(probe, target, lambda part: "ADDRESS"))


def content(*parts: TextPart | ImagePart) -> object:
    return written(Probe(turns=(Turn(parts=parts),)))["messages"][0]["content"]


def test_a_plain_question() -> None:
    assert written(Probe(turns=(WORDS,))) == {
        "model": "m",
        "messages": [{"role": "user", "content": "ü?"}],
        "max_tokens": 9,
    }


def test_text_is_written_as_utf8() -> None:
    assert "ü?".encode() in chat.write_body(Probe(turns=(WORDS,)), TARGET, lambda part: "")


@pytest.mark.parametrize(
    ("part", "wanted"),
    [
        (image(), {"type": "image_url", "image_url": {"url": "ADDRESS"}}),
        (
            image(detail='"high"'),
            {"type": "image_url", "image_url": {"url": "ADDRESS", "detail": "high"}},
        ),
        (
            image(detail="null"),
            {"type": "image_url", "image_url": {"url": "ADDRESS", "detail": None}},
        ),
        (
            image(more=(("uuid", '"u"'),)),
            {"type": "image_url", "image_url": {"url": "ADDRESS"}, "uuid": "u"},
        ),
        (image(via=Hosted(bare=True)), {"type": "image_url", "image_url": "ADDRESS"}),
        (image(via=Verbatim(json="7")), {"type": "image_url", "image_url": {"url": "ADDRESS"}}),
        (image(via=Verbatim(json='{"type":"x"}', whole_part=True)), {"type": "x"}),
    ],
)
def test_a_picture_as_a_part(part: ImagePart, wanted: object) -> None:
    assert content(part) == [wanted]


def test_parts_keep_their_order() -> None:
    found = content(TextPart(text="a"), image(), TextPart(text="b"))
    assert [part["type"] for part in found] == ["text", "image_url", "text"]


def target(**changes: object) -> Target:
    return Target(name="t", base_url="http://127.0.0.1:1/v1", model="m", **changes)


@pytest.mark.parametrize(
    ("probe", "described", "wanted"),
    [
        (Probe(), target(), {}),
        (Probe(stream=True), target(), {"stream": True}),
        (Probe(params=(("n", "2"), ("user", '"u"'))), target(), {"n": 2, "user": "u"}),
        (Probe(), target(body=(("top_k", "1"),)), {"top_k": 1}),
        (Probe(params=(("top_k", "2"),)), target(body=(("top_k", "1"),)), {"top_k": 2}),
        (Probe(params=(("model", '"other"'),)), target(), {"model": "other"}),
        (Probe(params=(("max_tokens", "1"),)), target(), {"max_tokens": 1}),
    ],
)
def test_members_of_the_body(probe: Probe, described: Target, wanted: dict[str, object]) -> None:
    plain = {"model": "m", "messages": [], "max_tokens": 4096}
    assert written(probe, described) == plain | wanted


def test_the_output_limit_has_the_name_and_size_of_the_target() -> None:
    body = written(Probe(), target(output_limit="max_completion_tokens", output_tokens=5))
    assert body == {"model": "m", "messages": [], "max_completion_tokens": 5}


@pytest.mark.parametrize("name", ["model", "messages", "max_tokens", "absent"])
def test_members_are_left_out(name: str) -> None:
    assert name not in written(Probe(omit=(name,)))


def test_a_raw_body_is_sent_as_it_is() -> None:
    probe = Probe(turns=(WORDS,), raw_body=b"{not json")
    assert chat.write_body(probe, TARGET, lambda part: "") == b"{not json"


def test_the_list_of_models_is_asked_for_without_a_body() -> None:
    assert chat.write_body(Probe(service=Service.MODELS), TARGET, lambda part: "") == b""


# ---------------------------------------------------------------- replies


def completion(message: object, **more: object) -> dict[str, object]:
    return {"choices": [{"message": message, "finish_reason": "stop"}], **more}


@pytest.mark.parametrize(
    ("status", "value", "wanted"),
    [
        (200, completion({"content": "a"}), Reply(text="a", finish_reason="stop")),
        (200, completion({"content": None}), Reply(finish_reason="stop")),
        (
            200,
            completion({"content": [{"type": "text", "text": "a"}, 7, {"text": "b"}]}),
            Reply(text="ab", finish_reason="stop"),
        ),
        (
            200,
            completion({"content": "", "refusal": "no"}),
            Reply(refusal="no", finish_reason="stop"),
        ),
        (200, {"choices": []}, Reply()),
        (200, {"choices": {"0": 1}}, Reply()),
        (200, [], Reply()),
        (200, None, Reply()),
        (500, {}, Reply(is_error=True)),
        (400, {"error": {"message": "m"}}, Reply(is_error=True, error_message="m")),
        (200, {"error": {"message": "m"}}, Reply(is_error=True, error_message="m")),
        (200, {"error": None}, Reply()),
        (400, {"error": "m"}, Reply(is_error=True, error_message="m")),
        (400, {"message": "m"}, Reply(is_error=True, error_message="m")),
        (400, {"detail": "m"}, Reply(is_error=True, error_message="m")),
        (422, {"detail": [{"msg": "m"}]}, Reply(is_error=True)),
        (
            200,
            {"usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}},
            Reply(usage=Usage(prompt=1, completion=2, total=3)),
        ),
        (
            200,
            {"usage": {"prompt_tokens": True, "completion_tokens": -1, "total_tokens": "3"}},
            Reply(usage=Usage()),
        ),
        (200, {"usage": {"prompt_tokens": 1.0}}, Reply(usage=Usage())),
        (200, {"usage": []}, Reply()),
    ],
)
def test_a_plain_reply(status: int, value: object, wanted: Reply) -> None:
    assert chat.read_reply(status, "application/json", json.dumps(value).encode()) == wanted


def stream(*values: object) -> bytes:
    return "".join(f"data: {json.dumps(value)}\n\n" for value in values).encode()


def delta(content: object, **more: object) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": {"content": content}, **more}]}


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (stream(delta("a"), delta("b")) + b"data: [DONE]\n\n", Reply(text="ab")),
        (
            stream(delta("a", finish_reason="stop"), delta(None)),
            Reply(text="a", finish_reason="stop"),
        ),
        (
            stream({"choices": [{"index": 1, "delta": {"content": "x"}}]}, delta("a")),
            Reply(text="a"),
        ),
        (
            stream(delta("a"), {"choices": [], "usage": {"prompt_tokens": 4}}),
            Reply(text="a", usage=Usage(prompt=4)),
        ),
        (
            stream(delta("a"), {"error": {"message": "m"}}),
            Reply(text="a", is_error=True, error_message="m"),
        ),
        (stream(7, None, [], {"choices": 7}, {"choices": [7]}), Reply()),
        (b"data: {broken\n\n" + stream(delta("a")), Reply(text="a")),
        (stream(delta("a")) + b"data: cut", Reply(text="a")),
        (b": ping\n\n" + stream(delta("a")), Reply(text="a")),
    ],
)
def test_a_streamed_reply(body: bytes, wanted: Reply) -> None:
    assert chat.read_reply(200, "text/event-stream; charset=utf-8", body) == wanted


@pytest.mark.parametrize("content_type", ["", "application/json", "text/plain"])
def test_a_stream_is_known_by_its_bytes_as_well(content_type: str) -> None:
    assert chat.read_reply(200, content_type, b"\n" + stream(delta("a"))).text == "a"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["choices", "message", "delta", "content", "usage", "error", "text", "index"]
            )
            | st.text(),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)
content_types = st.sampled_from(["", "application/json", "text/event-stream"])


@given(st.integers(0, 999), content_types, st.binary())
def test_any_bytes_are_a_reply(status: int, content_type: str, body: bytes) -> None:
    reply = chat.read_reply(status, content_type, body)
    assert isinstance(reply, Reply)
    assert all(isinstance(text, str) for text in chat.texts(body))


@given(st.integers(0, 999), st.lists(anything, min_size=1, max_size=3))
def test_any_values_are_a_reply(status: int, values: list[object]) -> None:
    plain = chat.read_reply(status, "application/json", json.dumps(values[0]).encode())
    streamed = chat.read_reply(status, "text/event-stream", stream(*values))
    for reply in (plain, streamed):
        for text in (reply.text, reply.finish_reason, reply.refusal, reply.error_message):
            assert isinstance(text, str)


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"a":' * 100_000, b"1" * 10_000, b"\xff\xfe\x00", b"\x00", b"NaN"],
    ids=["deep list", "deep object", "long number", "utf-16", "nul", "nan"],
)
@pytest.mark.parametrize("framing", [b"%s", b"data: %s\n\n"], ids=["plain", "streamed"])
def test_what_breaks_json_parsers_is_a_reply(body: bytes, framing: bytes) -> None:
    assert chat.read_reply(200, "", framing % body) == Reply()
