"""The dialect of /messages: a probe to a request body, a body to a reply.

Content is a list of blocks; a picture is ``{"type": "image", "source": …}``, its source base64 or
a URL; results of tools are blocks in a message of the user (Anthropic's Messages API, version
2023-06-01).
"""

from __future__ import annotations

import json

from conformance.model import Json, Part, Probe, Reply, Target, TextPart, Turn, Usage
from conformance.wire.jsontext import at, items_at, text_at, whole_at
from conformance.wire.turns import Address, call_id_of, calls_of, functions_of

VERSION = ("anthropic-version", "2023-06-01")
_FINISH = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
}
#: What a prompt is billed as; parts of it that came from a cache are counted apart.
_PROMPT = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")


def write(probe: Probe, target: Target, address: Address) -> dict[str, Json]:
    """The body without what every dialect has alike."""
    return count(probe, target, address) | {"max_tokens": target.output_tokens}


def count(probe: Probe, _: Target, address: Address) -> dict[str, Json]:
    """The same for /messages/count_tokens, which takes no limit of output."""
    said = [turn for turn in probe.turns if turn.role != "system"]
    body: dict[str, Json] = {"messages": [_message(turn, address) for turn in said]}
    system = [_part(p, address) for t in probe.turns if t.role == "system" for p in t.parts]
    tools = [_tool(function) for function in functions_of(probe)]
    return body | ({"system": system} if system else {}) | ({"tools": tools} if tools else {})


def _tool(function: dict[str, Json]) -> Json:
    described = {name: function[name] for name in ("name", "description") if name in function}
    return described | {"input_schema": function.get("parameters") or {"type": "object"}}


def _message(turn: Turn, address: Address) -> Json:
    parts = [_part(part, address) for part in turn.parts]
    if turn.role == "tool":
        result = {"type": "tool_result", "tool_use_id": call_id_of(turn), "content": parts}
        return {"role": "user", "content": [result]}
    calls = [_call(call) for call in calls_of(turn)]
    return {"role": turn.role, "content": calls or parts}


def _call(call: Json) -> Json:
    function = call["function"]
    given = json.loads(function["arguments"])
    return {"type": "tool_use", "id": call["id"], "name": function["name"], "input": given}


def _part(part: Part, address: Address) -> Json:
    if isinstance(part, TextPart):
        return {"type": "text", "text": part.text}
    return {"type": "image", "source": _source(str(address(part)))}


def _source(url: str) -> Json:
    head, comma, data = url.partition(",")
    if not (comma and head.startswith("data:")):
        return {"type": "url", "url": url}
    media_type = head.removeprefix("data:").split(";")[0]
    return {"type": "base64", "media_type": media_type, "data": data}


def read(value: Json) -> Reply:
    """What a body says. Total: any types in any field."""
    blocks = items_at(value, "content")
    return Reply(
        text="".join(text_at(block, "text") for block in blocks),
        finish_reason=_FINISH.get(text_at(value, "stop_reason"), ""),
        usage=_usage(at(value, "usage")),
        is_error=at(value, "type") == "error",
    )


def read_count(value: Json) -> Reply:
    """The reply of /messages/count_tokens: nothing but a count."""
    return Reply(usage=_usage(value))


def _usage(usage: Json) -> Usage | None:
    if not isinstance(usage, dict):
        return None
    counts = [whole_at(usage, name) for name in _PROMPT]
    return Usage(
        prompt=None if counts[0] is None else sum(n for n in counts if n is not None),
        completion=whole_at(usage, "output_tokens"),
    )
