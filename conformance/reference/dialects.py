"""Other dialects in front of the reference endpoint: requests to chat completions, and back.

Honest and no more than the suite needs: no streams, no tools that are called, no stored replies.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from conformance.model import Json
from conformance.reference.failure import ApiError
from conformance.wire.jsontext import at, items_at, text_at

_REASONS = {"length": "max_output_tokens", "content_filter": "content_filter"}
_STOPS = {"length": "max_tokens", "tool_calls": "tool_use", "content_filter": "refusal"}
#: What Anthropic's API calls an error of each status; any other is a bad request.
_ERRORS = {
    401: "authentication_error",
    404: "not_found_error",
    413: "request_too_large",
    500: "api_error",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One way of saying the same: what was asked as a chat request, what came back as a reply."""

    read: Callable[[Mapping[str, Json]], dict[str, Json]]
    write: Callable[[Json], Json]
    #: The body of an error, from its status and OpenAI's error object.
    refuse: Callable[[int, Json], Json]


def as_bearer(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers with the key of an ``x-api-key`` where the chat door looks for it."""
    shown = headers.get("x-api-key", "")
    return dict(headers) | ({"authorization": f"Bearer {shown}"} if shown else {})


def _common(body: Mapping[str, Json], messages: list[Json], limit: str) -> dict[str, Json]:
    if body.get("stream"):
        raise ApiError("Streaming is not supported here.", param="stream")
    found: dict[str, Json] = {"messages": messages}
    found |= {"model": body["model"]} if "model" in body else {}
    return found | ({"max_completion_tokens": body[limit]} if limit in body else {})


def _picture(url: Json, detail: Json = None) -> Json:
    return {"type": "image_url", "image_url": {"url": url} | ({"detail": detail} if detail else {})}


def _unknown(part: Json) -> ApiError:
    return ApiError(f"Unknown type of content: {text_at(part, 'type') or 'none'}.")


def _result(call: Json, content: Json, part: Callable[[Json], Json]) -> list[Json]:
    """The result of a tool; its pictures follow as the user's, who alone may send them."""
    parts = [{"type": "text", "text": content}] if isinstance(content, str) else []
    parts += [part(inner) for inner in content] if isinstance(content, list) else []
    words = [p for p in parts if p["type"] == "text"]
    pictures = [p for p in parts if p["type"] == "image_url"]
    said: Json = {"role": "tool", "tool_call_id": call, "content": words or "(a picture)"}
    return [said, {"role": "user", "content": pictures}] if pictures else [said]


def _calls(calls: list[Json]) -> Json:
    return {"role": "assistant", "content": None, "tool_calls": calls}


# ---------------------------------------------------------------- /responses


def _from_responses(body: Mapping[str, Json]) -> dict[str, Json]:
    given = body.get("input")
    items = [{"role": "user", "content": given}] if isinstance(given, str) else given
    if not isinstance(items, list):
        raise ApiError("Missing required parameter: 'input'.", param="input")
    messages = [message for item in items for message in _heard(item)]
    first = [{"role": "system", "content": body["instructions"]}] if "instructions" in body else []
    return _common(body, first + messages, "max_output_tokens")


def _heard(item: Json) -> list[Json]:
    kind, call = at(item, "type"), at(item, "call_id")
    if kind == "function_call":
        function = {"name": at(item, "name"), "arguments": at(item, "arguments")}
        return [_calls([{"id": call, "type": "function", "function": function}])]
    if kind == "function_call_output":
        return _result(call, at(item, "output"), _input_part)
    if kind not in (None, "message"):
        raise _unknown(item)
    content = at(item, "content")
    parts = [_input_part(p) for p in content] if isinstance(content, list) else content
    return [{"role": at(item, "role"), "content": parts}]


def _input_part(part: Json) -> Json:
    kind = at(part, "type")
    if kind in ("input_text", "output_text"):
        return {"type": "text", "text": at(part, "text")}
    if kind != "input_image":
        raise _unknown(part)
    return _picture(at(part, "image_url"), at(part, "detail"))


def _to_response(made: Json) -> Json:
    choice = at(made, "choices", 0)
    reason = _REASONS.get(text_at(choice, "finish_reason"))
    said = {"type": "output_text", "text": text_at(choice, "message", "content"), "annotations": []}
    status = "incomplete" if reason else "completed"
    message = {"id": _id("msg"), "type": "message", "status": status, "role": "assistant"}
    names = {"input_tokens": "prompt_tokens", "output_tokens": "completion_tokens"}
    usage = _usage(made, names | {"total_tokens": "total_tokens"})
    details = {
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens_details": {"reasoning_tokens": 0},
    }
    return {
        "id": _id("resp"),
        "object": "response",
        "created_at": at(made, "created"),
        "status": status,
        "error": None,
        "incomplete_details": {"reason": reason} if reason else None,
        "instructions": None,
        "metadata": {},
        "model": at(made, "model"),
        "output": [message | {"content": [said]}],
        "parallel_tool_calls": True,
        "temperature": 1,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1,
    } | ({"usage": usage | details} if usage else {})


RESPONSES = Dialect(read=_from_responses, write=_to_response, refuse=lambda _, error: error)


# ---------------------------------------------------------------- /messages


def _from_messages(body: Mapping[str, Json]) -> dict[str, Json]:
    messages = [said for m in items_at(body, "messages") for said in _said(m)]
    system = body.get("system")
    parts = [_block(b) for b in system] if isinstance(system, list) else system
    first = [{"role": "system", "content": parts}] if system else []
    return _common(body, first + messages, "max_tokens")


def _said(message: Json) -> list[Json]:
    content = at(message, "content")
    if not isinstance(content, list):
        return [{"role": at(message, "role"), "content": content}]
    kinds = {kind: [b for b in content if at(b, "type") == kind] for kind in _TOOLS}
    if kinds["tool_use"]:
        return [_calls([_call(block) for block in kinds["tool_use"]])]
    found: list[Json] = []
    for block in kinds["tool_result"]:
        found += _result(at(block, "tool_use_id"), at(block, "content"), _block)
    parts = [_block(block) for block in content if at(block, "type") not in _TOOLS]
    return [*found, {"role": at(message, "role"), "content": parts}] if parts else found


_TOOLS = ("tool_use", "tool_result")


def _call(block: Json) -> Json:
    function = {"name": at(block, "name"), "arguments": json.dumps(at(block, "input"))}
    return {"id": at(block, "id"), "type": "function", "function": function}


def _block(block: Json) -> Json:
    kind, source = at(block, "type"), at(block, "source")
    if kind == "text":
        return {"type": "text", "text": at(block, "text")}
    if kind != "image" or at(source, "type") not in ("base64", "url"):
        raise _unknown(block)
    if source["type"] == "url":
        return _picture(at(source, "url"))
    return _picture(f"data:{at(source, 'media_type')};base64,{at(source, 'data')}")


def _to_message(made: Json) -> Json:
    choice = at(made, "choices", 0)
    names = {"input_tokens": "prompt_tokens", "output_tokens": "completion_tokens"}
    return {
        "id": _id("msg"),
        "type": "message",
        "role": "assistant",
        "model": at(made, "model"),
        "content": [{"type": "text", "text": text_at(choice, "message", "content")}],
        "stop_reason": _STOPS.get(text_at(choice, "finish_reason"), "end_turn"),
        "stop_sequence": None,
    } | ({"usage": _usage(made, names)} if at(made, "usage") else {})


def _refuse_message(status: int, error: Json) -> Json:
    kind = _ERRORS.get(status, "invalid_request_error")
    told = {"type": kind, "message": text_at(error, "error", "message")}
    return {"type": "error", "error": told}


MESSAGES = Dialect(read=_from_messages, write=_to_message, refuse=_refuse_message)
#: The same questions; of the answer, only what the prompt was counted as.
COUNT_TOKENS = Dialect(
    read=_from_messages,
    write=lambda made: _usage(made, {"input_tokens": "prompt_tokens"}),
    refuse=_refuse_message,
)


def _usage(made: Json, names: Mapping[str, str]) -> dict[str, Json]:
    usage = at(made, "usage")
    return {name: at(usage, ours) for name, ours in names.items() if at(usage, ours) is not None}


def _id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"
