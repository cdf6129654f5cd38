"""Faults of converters between dialects: /responses and /messages in front of chat."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import Response

from conformance.model import Json, Symptom, canonical
from conformance.reference.conversation import Conversation
from conformance.reference.dialects import COUNT_TOKENS, MESSAGES, RESPONSES, Dialect
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, has_picture, is_picture, without
from conformance.wire.jsontext import at, items_at, strings

READ = "dialects/picture-is-read"
ORDER = "dialects/order-is-kept"
TOOL = "dialects/picture-in-a-tool-result"
COSTS = "dialects/picture-costs-something"
BYTES = "dialects/bytes-do-not-count"
BROKEN = "dialects/bytes-that-are-no-picture-are-refused"
DETAIL = "dialects/detail-is-kept"
PICTURES = ("input_image", "image")
RESULTS = ("function_call_output", "tool_result")

#: What becomes of one content part of a dialect, before it is understood.
Change = Callable[[Json], Json]


def _changed(value: Json, change: Change) -> Json:
    """A request with every object in it changed, the innermost first."""
    if isinstance(value, list):
        return [_changed(inner, change) for inner in value]
    if not isinstance(value, dict):
        return value
    return change({name: _changed(inner, change) for name, inner in value.items()})


class _Converter(Endpoint):
    """Changes what is said in a dialect on its way to chat."""

    def change(self, part: Json) -> Json:
        return part

    def translate(self, dialect: Dialect, body: Mapping[str, Json]) -> dict[str, Json]:
        return super().translate(dialect, _changed(body, self.change))


class _Converted(Endpoint):
    """Changes what a request in one dialect has become in chat."""

    def convert(self, dialect: Dialect, asked: dict[str, Json]) -> dict[str, Json]:
        return asked

    def translate(self, dialect: Dialect, body: Mapping[str, Json]) -> dict[str, Json]:
        return self.convert(dialect, super().translate(dialect, body))


@fault(READ, ORDER, TOOL, COSTS, BROKEN, symptom=Symptom.NOT_READ, where=("door",))
class DropsImageBlocks(_Converted):
    """Converts /messages to chat block by block, and has no branch for pictures."""

    def convert(self, dialect: Dialect, asked: dict[str, Json]) -> dict[str, Json]:
        return asked if dialect is RESPONSES else without(asked, is_picture)


@fault(READ, ORDER, TOOL, COSTS, BROKEN, DETAIL, symptom=Symptom.NOT_READ, where=("door",))
class DropsInputImages(_Converted):
    """Strips pictures at /responses: its list of models with vision lacks this one."""

    def convert(self, dialect: Dialect, asked: dict[str, Json]) -> dict[str, Json]:
        return without(asked, is_picture) if dialect is RESPONSES else asked


def _as_text(part: Json) -> Json:
    kind = "input_text" if at(part, "type") == "input_image" else "text"
    return {"type": kind, "text": canonical(part)}


@fault(READ, ORDER, TOOL, BYTES, BROKEN, DETAIL, symptom=Symptom.NOT_READ, where=("door",))
class WritesDialectPartsAsJson(_Converter):
    """Leaves the pictures of other dialects in the text, as JSON with all their base64."""

    def change(self, part: Json) -> Json:
        return _as_text(part) if at(part, "type") in PICTURES else part


@fault(TOOL, BYTES, symptom=Symptom.NOT_READ, where=("door", "role"))
class WritesToolResultsAsJson(_Converter):
    """Writes the result of a tool as JSON into one text, pictures and all."""

    def change(self, part: Json) -> Json:
        if at(part, "type") not in RESULTS:
            return part
        name = "output" if "output" in part else "content"
        return part | {name: canonical(part.get(name))}


@fault(TOOL, COSTS, symptom=Symptom.NOT_READ, where=("door", "role"))
class DropsPicturesOfToolResults(_Converter):
    """Keeps the text of a tool's result, and leaves its pictures out."""

    def change(self, part: Json) -> Json:
        if at(part, "type") not in RESULTS:
            return part
        name = "output" if "output" in part else "content"
        return part | {name: [p for p in part[name] if at(p, "type") not in PICTURES]}


@fault(READ, symptom=Symptom.NOT_READ)
class DropsUrlsOfDialects(_Converter):
    """Knows pictures of other dialects as base64 alone: one at a URL becomes an empty text."""

    def change(self, part: Json) -> Json:
        url = at(part, "image_url") or at(part, "source", "url")
        if at(part, "type") in PICTURES and str(url).startswith("http"):
            return {"type": "input_text" if "image_url" in part else "text", "text": ""}
        return part


@fault(
    READ,
    ORDER,
    TOOL,
    BROKEN,
    "dialects/picture-is-accepted",
    symptom=Symptom.SERVER_ERROR,
    where=("door",),
)
class BreaksOnImageBlocks(_Converted):
    """Fails on a block that is no text at /messages: AttributeError, 500."""

    def convert(self, dialect: Dialect, asked: dict[str, Json]) -> dict[str, Json]:
        if dialect is MESSAGES and has_picture(asked):
            raise broken("'dict' object has no attribute 'text'")
        return asked


@fault("dialects/picture-is-accepted", symptom=Symptom.REFUSED)
class RefusesImageBlocks(_Converted):
    """Refuses pictures at /messages: its converter to chat does not support them."""

    def convert(self, dialect: Dialect, asked: dict[str, Json]) -> dict[str, Json]:
        if dialect is MESSAGES and has_picture(asked):
            raise ApiError("User message image blocks are not supported for chat conversion.")
        return asked


@fault(ORDER, symptom=Symptom.ORDER)
class ReversesImageBlocks(_Converter):
    """Puts the last block of a message at /messages first, and so on back to the first."""

    def change(self, part: Json) -> Json:
        content = items_at(part, "content")
        pictures = [p for p in content if at(p, "type") == "image"]
        left = iter(pictures[::-1])
        turned = [next(left) if at(p, "type") == "image" else p for p in content]
        return part | {"content": turned} if len(pictures) > 1 else part


@fault(BROKEN, symptom=Symptom.REFUSAL_BREAKS)
class BreaksOnBadBlocks(Endpoint):
    """Turns the refusal of a bad picture in another dialect into its own 500."""

    async def speak(self, dialect: Dialect, headers: Mapping[str, str], raw: bytes) -> Response:
        response = await super().speak(dialect, headers, raw)
        if response.status_code != 400:
            return response
        return self.write(dialect.refuse(500, broken("upstream error").body()), 500)


@fault(BROKEN, symptom=Symptom.OVERLOOKED)
class ForgivesBadBlocks(_Converted):
    """Leaves pictures it cannot decode out of requests in other dialects, and answers."""

    def convert(self, dialect: Dialect, asked: dict[str, Json]) -> dict[str, Json]:
        return asked | {"forgiving": True}

    async def gather(self, body: dict[str, Json]) -> Conversation:
        try:
            return await super().gather(body)
        except ApiError:
            if not body.get("forgiving"):
                raise
            return await super().gather(without(body, is_picture))


@fault("dialects/part-of-another-dialect", symptom=Symptom.NOT_READ)
class OverlooksForeignParts(Endpoint):
    """Leaves the picture parts of other dialects out of a chat request."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        for message in items_at(body, "messages"):
            parts = items_at(message, "content")
            if parts:
                message["content"] = [p for p in parts if at(p, "type") not in PICTURES]
        return body


@fault(BYTES, symptom=Symptom.BILL_HIGH, where=("door",))
class BillsDialectsByTheByte(Endpoint):
    """Counts the base64 of pictures in other dialects as text, four bytes a token."""

    async def speak(self, dialect: Dialect, headers: Mapping[str, str], raw: bytes) -> Response:
        response = await super().speak(dialect, headers, raw)
        made: Json = json.loads(bytes(response.body))
        longest = max((len(text) for _, text in strings(json.loads(raw))), default=0)
        counted: Any = made if dialect is COUNT_TOKENS else made.get("usage")
        if counted and response.status_code == 200:
            counted["input_tokens"] += longest // 4
        return self.write(made, response.status_code)


@fault(COSTS, symptom=Symptom.BILL_LOW)
class CountsTokensOfTextAlone(_Converted):
    """Leaves pictures out where tokens are only to be counted."""

    def convert(self, dialect: Dialect, asked: dict[str, Json]) -> dict[str, Json]:
        return without(asked, is_picture) if dialect is COUNT_TOKENS else asked


@fault(DETAIL, symptom=Symptom.BILL_INCONSISTENT)
class DropsDetailBetweenDialects(_Converter):
    """Leaves detail out when it converts /responses to chat."""

    def change(self, part: Json) -> Json:
        return {name: value for name, value in part.items() if name != "detail"}


@fault("url/plain", "base64/plain", symptom=Symptom.SERVER_ERROR)
class KnowsInputImagesAlone(Endpoint):
    """Takes the parts of /responses in chat, and breaks on image_url: 500."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        if has_picture(body):
            raise broken("Unrecognized content type: image_url")
        return body | (
            {"messages": _changed(body["messages"], _known)} if "messages" in body else {}
        )


def _known(part: Json) -> Json:
    if at(part, "type") != "input_image":
        return part
    return {"type": "image_url", "image_url": {"url": part.get("image_url")}}
