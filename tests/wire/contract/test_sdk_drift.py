"""The schemas beside the types of the official Python client, so that drift is noticed."""

from __future__ import annotations

import typing
from typing import Any

import pytest

from conformance.wire import contract

pytest.importorskip("openai", reason="the official client is not installed (extra: dev)")

from openai.types import CompletionUsage, ErrorObject, Model
from openai.types.chat import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionContentPartImageParam,
    ChatCompletionMessage,
    chat_completion,
    chat_completion_chunk,
    chat_completion_content_part_image_param,
    completion_create_params,
)

Node = dict[str, Any]


def node(name: str, *steps: str) -> Node:
    """The subschema at these steps, which must exist."""
    place = contract.schema(name)
    for step in steps:
        place = place[step]
    return dict(place)


def fields(kind: Any) -> set[str]:
    if hasattr(kind, "model_fields"):
        return set(kind.model_fields)
    return set(typing.get_type_hints(kind, include_extras=True))


def required(kind: Any) -> set[str]:
    """Members a type cannot do without. Its TypedDicts are ``total=False`` with ``Required``."""
    if hasattr(kind, "model_fields"):
        return {name for name, field in kind.model_fields.items() if field.is_required()}
    hints = typing.get_type_hints(kind, include_extras=True)
    return {name for name, hint in hints.items() if "Required[" in str(hint)}


def literals(annotation: Any) -> set[Any]:
    """Every value of every Literal inside a type."""
    if typing.get_origin(annotation) is typing.Literal:
        return set(typing.get_args(annotation))
    return set().union(*map(literals, typing.get_args(annotation)))


ImageURL = chat_completion_content_part_image_param.ImageURL
CreateParams = completion_create_params.CompletionCreateParamsNonStreaming

USAGE = node("chat_response", "$defs", "usage")
PAIRS: dict[str, tuple[Any, Node]] = {
    "completion": (ChatCompletion, node("chat_response")),
    "choice": (chat_completion.Choice, node("chat_response", "$defs", "choice")),
    "message": (ChatCompletionMessage, node("chat_response", "$defs", "message")),
    "usage": (CompletionUsage, USAGE),
    "chunk": (ChatCompletionChunk, node("chat_chunk")),
    "chunk choice": (chat_completion_chunk.Choice, node("chat_chunk", "$defs", "choice")),
    "delta": (chat_completion_chunk.ChoiceDelta, node("chat_chunk", "$defs", "delta")),
    "error": (ErrorObject, node("error", "properties", "error")),
    "model": (Model, node("model_list", "properties", "data", "items")),
    "request": (CreateParams, node("chat_request")),
    "image_url": (ImageURL, node("chat_request", "$defs", "image_url")),
    "image part": (
        ChatCompletionContentPartImageParam,
        {
            "required": ["type", "image_url"],
            "properties": node("chat_request", "$defs", "user_part", "properties")
            | node("chat_request", "$defs", "if_image_url", "then", "properties"),
        },
    ),
}
each_pair = pytest.mark.parametrize(("kind", "schema"), PAIRS.values(), ids=PAIRS.keys())


@each_pair
def test_what_the_client_requires_is_described(kind: Any, schema: Node) -> None:
    assert required(kind) - set(schema["properties"]) == set()


@each_pair
def test_what_is_required_is_known_to_the_client(kind: Any, schema: Node) -> None:
    assert set(schema.get("required", ())) - fields(kind) == set()


@each_pair
def test_what_is_described_is_known_to_the_client(kind: Any, schema: Node) -> None:
    assert set(schema["properties"]) - fields(kind) == set()


def test_the_comparison_sees_required_fields() -> None:
    assert required(CompletionUsage) == {"prompt_tokens", "completion_tokens", "total_tokens"}
    assert required(CreateParams) == {"model", "messages"}
    assert required(ImageURL) == {"url"}


@pytest.mark.parametrize(
    ("details", "kind"),
    [
        ("prompt_tokens_details", "PromptTokensDetails"),
        ("completion_tokens_details", "CompletionTokensDetails"),
    ],
)
def test_token_details_are_the_clients(details: str, kind: str) -> None:
    from openai.types import completion_usage

    ours = USAGE["properties"][details]["properties"]
    assert set(ours) == fields(getattr(completion_usage, kind))


@pytest.mark.parametrize(
    ("name", "kind"),
    [("chat_response", chat_completion.Choice), ("chat_chunk", chat_completion_chunk.Choice)],
)
def test_finish_reasons_are_the_clients(name: str, kind: Any) -> None:
    ours = node(name, "$defs", "choice", "properties", "finish_reason")["enum"]
    theirs = literals(kind.model_fields["finish_reason"].annotation)
    assert set(ours) - {None} == theirs


def test_roles_of_a_delta_are_the_clients() -> None:
    ours = node("chat_chunk", "$defs", "delta", "properties", "role")["enum"]
    role = chat_completion_chunk.ChoiceDelta.model_fields["role"]
    assert set(ours) - {None} == literals(role.annotation)


def test_details_are_the_clients_and_original() -> None:
    """``original`` came to the client between 3.3.1 and 3.52.0; the schema says why it is ours."""
    ours = set(node("chat_request", "$defs", "image_url", "properties", "detail")["enum"])
    theirs = literals(typing.get_type_hints(ImageURL, include_extras=True)["detail"])
    assert ours == theirs | {"original"}


def test_service_tiers_are_the_clients() -> None:
    ours = set(node("chat_request", "properties", "service_tier")["enum"]) - {None}
    hints = typing.get_type_hints(CreateParams, include_extras=True)
    assert ours == literals(hints["service_tier"])


@pytest.mark.parametrize(
    ("name", "kind"),
    [("chat_response", ChatCompletion), ("chat_chunk", ChatCompletionChunk)],
)
def test_object_is_the_clients(name: str, kind: Any) -> None:
    assert literals(kind.model_fields["object"].annotation) == {
        node(name, "properties", "object")["const"]
    }
