"""The dialect of /responses: a probe to a request body, a body to a reply.

Parts are ``input_text`` and ``input_image``, whose ``image_url`` is a plain string; calls of tools
and their results are items beside the messages (OpenAI's API schema, 2026-08-21: CreateResponse,
InputImageContent, FunctionCallOutputItemParam).
"""

from __future__ import annotations

import json

from conformance.model import ImagePart, Json, Part, Probe, Reply, Target, TextPart, Turn, Usage
from conformance.wire.jsontext import at, items_at, text_at, whole_at
from conformance.wire.turns import Address, call_id_of, calls_of, functions_of

_FINISH = {"max_output_tokens": "length", "content_filter": "content_filter"}


def write(probe: Probe, target: Target, address: Address) -> dict[str, Json]:
    """The body without what every dialect has alike."""
    body: dict[str, Json] = {
        "input": [item for turn in probe.turns for item in _items(turn, address)],
        "max_output_tokens": target.output_tokens,
    }
    tools = [{"type": "function", **function} for function in functions_of(probe)]
    return body | ({"tools": tools} if tools else {})


def _items(turn: Turn, address: Address) -> list[Json]:
    if turn.role == "tool":
        output = [_part(part, address) for part in turn.parts]
        return [{"type": "function_call_output", "call_id": call_id_of(turn), "output": output}]
    calls = [_call(call) for call in calls_of(turn)]
    return calls or [{"role": turn.role, "content": _content(turn, address)}]


def _call(call: Json) -> Json:
    return {"type": "function_call", "call_id": call["id"], **call["function"]}


def _content(turn: Turn, address: Address) -> Json:
    only = turn.parts[0] if len(turn.parts) == 1 else None
    if isinstance(only, TextPart):
        return only.text
    return [_part(part, address) for part in turn.parts]


def _part(part: Part, address: Address) -> Json:
    if isinstance(part, TextPart):
        return {"type": "input_text", "text": part.text}
    return {"type": "input_image", "image_url": address(part), "detail": _detail(part)}


def _detail(part: ImagePart) -> Json:
    return "auto" if part.detail is None else json.loads(part.detail)


def read(value: Json) -> Reply:
    """What a body says. Total: any types in any field."""
    parts = [
        part
        for item in items_at(value, "output")
        if at(item, "type") == "message"
        for part in items_at(item, "content")
    ]
    return Reply(
        text="".join(text_at(part, "text") for part in parts),
        finish_reason=_finish(value),
        refusal="".join(text_at(part, "refusal") for part in parts),
        usage=_usage(at(value, "usage")),
        is_error=at(value, "status") == "failed",
    )


def _finish(value: Json) -> str:
    if at(value, "status") == "completed":
        return "stop"
    return _FINISH.get(text_at(value, "incomplete_details", "reason"), "")


def _usage(usage: Json) -> Usage | None:
    if not isinstance(usage, dict):
        return None
    return Usage(
        prompt=whole_at(usage, "input_tokens"),
        completion=whole_at(usage, "output_tokens"),
        total=whole_at(usage, "total_tokens"),
    )
