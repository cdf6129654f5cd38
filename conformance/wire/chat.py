"""The chat completions dialect: a probe to a request body, a body to a reply."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from urllib.parse import quote

from conformance.model import (
    Hosted,
    Json,
    Part,
    Probe,
    Reply,
    Service,
    Target,
    TextPart,
    Turn,
    Usage,
    Verbatim,
)
from conformance.wire import bounds, messages, responses
from conformance.wire.jsontext import (
    NotJson,
    Step,
    at,
    items_at,
    named_strings,
    parse,
    strings,
    text_at,
    whole_at,
)
from conformance.wire.sse import each_event
from conformance.wire.turns import Address, members

PATHS = {
    Service.CHAT: "/chat/completions",
    Service.MODELS: "/models",
    Service.MODEL: "/models/{model}",
    Service.RESPONSES: "/responses",
    Service.MESSAGES: "/messages",
    Service.COUNT_TOKENS: "/messages/count_tokens",
}
METHODS = dict.fromkeys(PATHS, "POST") | {Service.MODELS: "GET", Service.MODEL: "GET"}


def path_of(probe: Probe, target: Target) -> str:
    """The path of a request below the base URL. A slash in the name of a model stays one."""
    return PATHS[probe.service].format(model=quote(target.model, safe="/:"))


def write_body(probe: Probe, target: Target, address: Address) -> bytes:
    """The request body; ``address`` gives what stands in ``image_url.url`` for each picture."""
    if METHODS[probe.service] == "GET":
        return b""
    if probe.raw_body is not None:
        return probe.raw_body
    body: dict[str, Json] = {"model": target.model}
    own = _WRITERS[probe.service](probe, target, address)
    body.update(own | members(target.body))
    if probe.stream:
        body["stream"] = True
    body.update(members(probe.params))
    if probe.service is not Service.CHAT and "tools" in own:
        body["tools"] = own["tools"]
    for name in probe.omit:
        body.pop(name, None)
    return json.dumps(body, ensure_ascii=False).encode()


def _write(probe: Probe, target: Target, address: Address) -> dict[str, Json]:
    """The body without what every dialect has alike."""
    return {
        "messages": [_message(turn, address) for turn in probe.turns],
        target.output_limit: target.output_tokens,
    }


_WRITERS = {
    Service.CHAT: _write,
    Service.RESPONSES: responses.write,
    Service.MESSAGES: messages.write,
    Service.COUNT_TOKENS: messages.count,
}


def _message(turn: Turn, address: Address) -> Json:
    only = turn.parts[0] if len(turn.parts) == 1 else None
    content: Json = (
        only.text if isinstance(only, TextPart) else [_part(part, address) for part in turn.parts]
    )
    return {"role": turn.role, "content": content} | members(turn.more)


def _part(part: Part, address: Address) -> Json:
    if isinstance(part, TextPart):
        return {"type": "text", "text": part.text}
    if isinstance(part.via, Verbatim) and part.via.whole_part:
        return json.loads(part.via.json)
    if isinstance(part.via, Hosted) and part.via.bare:
        return {"type": "image_url", "image_url": address(part)}
    image: dict[str, Json] = {"url": address(part)}
    if part.detail is not None:
        image["detail"] = json.loads(part.detail)
    return {"type": "image_url", "image_url": image} | members(part.more)


def read_reply(
    status: int, content_type: str, body: bytes, service: Service = Service.CHAT
) -> Reply:
    """What the bytes say. Total: any bytes, any types in any field."""
    if is_stream(content_type, body):
        return _read_stream(body)
    return _read_value(status, parse(body), service)


def is_stream(content_type: str, body: bytes) -> bool:
    """Whether a body is read as events: its type says so, or its first line does."""
    return "event-stream" in content_type.lower() or body.lstrip()[:5] == b"data:"


def verify_bounds(content_type: str, body: bytes) -> None:
    """Raises OverBound where a body holds more than anything is to look at."""
    if is_stream(content_type, body):
        bounds.judge_lines(body)
        bounds.judge_events(event.data for event in each_event(body))
    else:
        bounds.judge_body(body)


def _read_value(status: int, value: Json | NotJson, service: Service) -> Reply:
    if isinstance(value, NotJson):
        return Reply(is_error=status >= 400)
    said = _READERS.get(service, _read)(value)
    is_error = said.is_error or status >= 400 or at(value, "error") is not None
    return replace(said, is_error=is_error, error_message=_error_message(value))


def _read(value: Json) -> Reply:
    return Reply(
        text=_content(at(value, "choices", 0, "message", "content")),
        finish_reason=text_at(value, "choices", 0, "finish_reason"),
        refusal=text_at(value, "choices", 0, "message", "refusal"),
        usage=_usage(at(value, "usage")),
    )


_READERS = {
    Service.RESPONSES: responses.read,
    Service.MESSAGES: messages.read,
    Service.COUNT_TOKENS: messages.read_count,
}


def _read_stream(body: bytes) -> Reply:
    text: list[str] = []
    finish = error_message = ""
    usage: Usage | None = None
    is_error = False
    for value in _each_value(body):
        for choice in items_at(value, "choices"):
            if at(choice, "index") in (0, None):
                text.append(_content(at(choice, "delta", "content")))
                finish = text_at(choice, "finish_reason") or finish
        usage = _usage(at(value, "usage")) or usage
        if at(value, "error") is not None:
            is_error, error_message = True, _error_message(value)
    return Reply(
        text="".join(text),
        finish_reason=finish,
        usage=usage,
        is_error=is_error,
        error_message=error_message,
    )


def stream_values(body: bytes) -> list[Json]:
    """The JSON values of a stream's events, in order; those that are not JSON are left out."""
    return list(_each_value(body))


def _each_value(body: bytes) -> Iterator[Json]:
    for event in each_event(body):
        value = NotJson("the end") if event.data.strip() == "[DONE]" else parse(event.data)
        if not isinstance(value, NotJson):
            yield value


def texts(body: bytes) -> list[str]:
    """Every text in a body by the path of its member, those of a stream's events joined."""
    whole = parse(body)
    places: dict[Step, int] = {}
    found: dict[int, list[str]] = {}
    for value in chain(() if isinstance(whole, NotJson) else (whole,), _each_value(body)):
        for place, text in strings(value, places):
            found.setdefault(place, []).append(text)
    return ["".join(texts) for texts in found.values()]


def joined(body: bytes) -> list[str]:
    """Texts of a body put together: all, those of one path whatever their place in lists, and
    those of members of one name; of a stream over all its events."""
    whole = parse(body)
    places: dict[Step, int] = {}
    found: dict[object, list[str]] = {}
    for value in chain(() if isinstance(whole, NotJson) else (whole,), _each_value(body)):
        for place, name, text in named_strings(value, places):
            for group in (None, place, name):
                found.setdefault(group, []).append(text)
    return ["".join(texts) for texts in found.values() if len(texts) > 1]


def _content(content: Json) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(text_at(part, "text") for part in content)
    return ""


def _usage(usage: Json) -> Usage | None:
    if not isinstance(usage, dict):
        return None
    return Usage(
        prompt=whole_at(usage, "prompt_tokens"),
        completion=whole_at(usage, "completion_tokens"),
        total=whole_at(usage, "total_tokens"),
    )


def _error_message(value: Json) -> str:
    error = at(value, "error")
    if isinstance(error, str):
        return error
    return text_at(error, "message") or text_at(value, "message") or text_at(value, "detail")
