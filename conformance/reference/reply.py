"""Completions and chunks of the reference endpoint, as the official schema has them."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Sequence

from conformance.model import Json
from conformance.reference.mind import Thought
from conformance.wire.jsontext import at, items_at

#: Characters that make a token of the answer; the real number depends on the tokenizer.
CHARACTERS_PER_TOKEN = 4


def formatted(text: str, body: Json) -> str:
    """The words in the response format that was asked for."""
    kind = at(body, "response_format", "type")
    if kind == "json_object":
        return json.dumps({"code": text}, ensure_ascii=False)
    if kind == "json_schema":
        properties = at(body, "response_format", "json_schema", "schema", "properties") or {}
        return json.dumps(_filled(properties, text), ensure_ascii=False)
    return text


def _filled(properties: dict[str, Json], text: str, listed: Sequence[str] = ()) -> dict[str, Json]:
    """A value for each property: the words, a list of things, or whatever its type allows."""
    empty = {"integer": 0, "number": 0, "boolean": False, "array": list(listed), "object": {}}
    return {
        name: (items_at(rule, "enum") or [empty.get(at(rule, "type"), text)])[0]
        for name, rule in properties.items()
    }


def prompt_usage(text_tokens: int, image_tokens: int) -> dict[str, Json]:
    """The prompt side of usage."""
    return {
        "prompt_tokens": text_tokens + image_tokens,
        "prompt_tokens_details": {
            "cached_tokens": 0,
            "audio_tokens": 0,
            "text_tokens": text_tokens,
            "image_tokens": image_tokens,
        },
    }


def complete(
    body: Json, thought: Thought, text: str, usage: dict[str, Json], model: str
) -> dict[str, Json]:
    """A whole chat completion."""
    count = body.get("n") or 1
    call = _tool_call(body, thought)
    words, finish = ("", "stop") if call else _limited(text, body)
    message: dict[str, Json] = {"role": "assistant", "content": words, "refusal": None}
    if call:
        message |= {"content": None, "tool_calls": [call]}
        finish = "tool_calls" if body.get("tool_choice") == "required" else "stop"
    spent = tokens_of(words or json.dumps(call)) * count
    return {
        "id": f"chatcmpl-{secrets.token_hex(12)}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": model,
        "choices": [
            {"index": i, "message": message, "logprobs": None, "finish_reason": finish}
            for i in range(count)
        ],
        "usage": usage
        | {
            "completion_tokens": spent,
            "total_tokens": usage["prompt_tokens"] + spent,
            "completion_tokens_details": {"reasoning_tokens": 0},
        },
        "system_fingerprint": "fp_reference",
    }


def tokens_of(text: str) -> int:
    return max(1, -(-len(text) // CHARACTERS_PER_TOKEN))


def _limited(text: str, body: Json) -> tuple[str, str]:
    """The words up to the first stop sequence and the output limit, and why they end."""
    stops = body.get("stop") or []
    for stop in [stops] if isinstance(stops, str) else stops:
        text = text.split(stop)[0]
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    if limit is not None and tokens_of(text) > limit:
        return text[: limit * CHARACTERS_PER_TOKEN], "length"
    return text, "stop"


def _tool_call(body: Json, thought: Thought) -> Json:
    """The call of the tool that must be called; None where none must."""
    choice = body.get("tool_choice")
    tools = items_at(body, "tools")
    wanted = at(choice, "function", "name")
    named = [t for t in tools if wanted in (None, at(t, "function", "name"))]
    if not named or not (wanted or choice == "required"):
        return None
    properties = at(named[0], "function", "parameters", "properties") or {}
    said = thought.codes[0] if thought.codes else thought.sentence
    return {
        "id": f"call_{secrets.token_hex(8)}",
        "type": "function",
        "function": {
            "name": at(named[0], "function", "name"),
            "arguments": json.dumps(_filled(properties, said, thought.codes), ensure_ascii=False),
        },
    }


def chunks(made: dict[str, Json], body: Json) -> Sequence[Json]:
    """The completion as a stream: role, words, finish, and usage when asked for."""
    counted = bool(at(body, "stream_options", "include_usage"))
    head: dict[str, Json] = {
        name: made[name] for name in ("id", "created", "model", "system_fingerprint")
    }
    head["object"] = "chat.completion.chunk"
    if counted:
        head["usage"] = None
    found: list[Json] = []
    for choice in made["choices"]:
        found += [head | {"choices": [part]} for part in _deltas(choice)]
    if counted:
        found.append(head | {"choices": [], "usage": made["usage"]})
    return found


def _deltas(choice: Json) -> list[Json]:
    message = choice["message"]
    deltas: list[Json] = [{"role": "assistant", "content": "", "refusal": None}]
    deltas += [{"content": piece} for piece in re.findall(r"\s*\S+\s*", message["content"] or "")]
    calls = message.get("tool_calls")
    if calls:
        deltas.append({"tool_calls": [{"index": i} | call for i, call in enumerate(calls)]})
    common = {"index": choice["index"], "logprobs": None}
    parts: list[Json] = [common | {"delta": d, "finish_reason": None} for d in deltas]
    return [*parts, common | {"delta": {}, "finish_reason": choice["finish_reason"]}]
