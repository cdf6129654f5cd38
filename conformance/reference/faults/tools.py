"""Faults with tools and structured output beside a picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, ClassVar

from conformance.model import Json, Symptom
from conformance.reference.conversation import Conversation
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, has_picture, is_picture, url_in, without
from conformance.reference.mind import Thought
from conformance.wire.jsontext import at, items_at

FORCED = (
    "tools/forced-tool-reads",
    "tools/forced-tool-reads-a-url",
    "tools/forced-tool-reads-two-pictures",
    "tools/streamed-tool-call-reads",
)
OFFERED = ("tools/picture-beside-an-offered-tool", "tools/picture-before-a-tool-result")
AFTER = (
    "tools/picture-before-a-tool-result",
    "history/call-of-a-tool-after-the-picture",
    "dialects/picture-in-a-tool-result",
)
FORMATS = ("tools/json-mode-reads", "tools/schema-is-filled")


class _LosesPicturesBeside(Endpoint):
    """Drops pictures when the request has a certain member."""

    member: ClassVar[str]

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        return without(body, is_picture) if self.member in body else body


@fault(
    *FORCED,
    *OFFERED,
    "history/picture-in-a-tool-message",
    symptom=Symptom.NOT_READ,
    where=("parameter",),
)
class LosesPicturesBesideTools(_LosesPicturesBeside):
    """Drops pictures when the request has tools."""

    member = "tools"


@fault(*FORMATS, symptom=Symptom.NOT_READ, where=("parameter",))
class LosesPicturesInJsonMode(_LosesPicturesBeside):
    """Drops pictures when the request has a response_format."""

    member = "response_format"


class _IgnoresBesidePictures(Endpoint):
    """Ignores some members when the request has a picture."""

    members: ClassVar[tuple[str, ...]]

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        ignored = self.members if has_picture(body) else ()
        return {name: value for name, value in body.items() if name not in ignored}


@fault(*FORCED, symptom=Symptom.MALFORMED, where=("parameter",))
class IgnoresToolsBesidePictures(_IgnoresBesidePictures):
    """Ignores tools when the request has a picture, and answers in words."""

    members = ("tools", "tool_choice")


@fault(*FORMATS, symptom=Symptom.MALFORMED, where=("parameter",))
class IgnoresJsonModeBesidePictures(_IgnoresBesidePictures):
    """Ignores response_format when the request has a picture."""

    members = ("response_format",)


@fault("tools/schema-is-filled", symptom=Symptom.MALFORMED)
class TakesTheSchemaForJsonMode(Endpoint):
    """Beside a picture it treats json_schema as json_object: an object of its own making."""

    def phrase(self, thought: Thought, body: dict[str, Json]) -> str:
        kind = at(body, "response_format", "type")
        if kind == "json_schema" and has_picture(body):
            body = body | {"response_format": {"type": "json_object"}}
        return super().phrase(thought, body)


@fault("tools/schema-is-filled", symptom=Symptom.MALFORMED)
class StreamsWithoutTheSchema(Endpoint):
    """Forgets response_format when the reply to a picture is streamed."""

    def phrase(self, thought: Thought, body: dict[str, Json]) -> str:
        forgotten = body.get("stream") and has_picture(body)
        return super().phrase(thought, body | ({"response_format": None} if forgotten else {}))


@fault("tools/gif-fills-a-schema", symptom=Symptom.REFUSED)
class RefusesGifsWithSchemas(Endpoint):
    """Forwards a GIF with a schema to an upstream that knows no such pair: INVALID_ARGUMENT."""

    def validate(self, body: dict[str, Json]) -> None:
        super().validate(body)
        parts = (p for m in items_at(body, "messages") for p in items_at(m, "content"))
        gif = any(is_picture(p) and str(url_in(p)).startswith("data:image/gif") for p in parts)
        if gif and at(body, "response_format", "type") == "json_schema":
            raise ApiError("Request contains an invalid argument.", code="INVALID_ARGUMENT")


@fault("tools/forced-tool-reads-a-url", symptom=Symptom.NOT_READ)
class DownloadsNothingBesideTools(Endpoint):
    """Drops pictures at URLs when the request has tools: that path knows base64 alone."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        if "tools" not in body:
            return body
        return without(body, lambda part: str(url_in(part)).startswith("http"))


@fault("tools/forced-tool-reads-two-pictures", symptom=Symptom.NOT_READ)
class KeepsOnePictureBesideTools(Endpoint):
    """Keeps the last picture of a message when the request has tools."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        parts = [p for m in items_at(body, "messages") for p in items_at(m, "content")]
        pictures = [p for p in parts if is_picture(p)]
        return without(body, lambda p: p is not pictures[-1]) if "tools" in body else body


@fault("tools/streamed-tool-call-reads", symptom=Symptom.NOT_READ)
class StreamsCallsWithoutArguments(Endpoint):
    """Loses the arguments of a tool call on the way into a stream about a picture."""

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        found = super().chunks(made, body)
        for chunk in found if has_picture(body) else ():
            for call in items_at(chunk, "choices", 0, "delta", "tool_calls"):
                call["function"] = call["function"] | {"arguments": ""}
        return found


@fault(*AFTER, symptom=Symptom.NOT_READ, where=("role",))
class ForgetsPicturesBeforeToolResults(Endpoint):
    """Drops the pictures before the result of a tool when it rebuilds the conversation."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        roles = [at(message, "role") for message in items_at(body, "messages")]
        return without(body, is_picture) if "tool" in roles else body


@fault(*AFTER, symptom=Symptom.SERVER_ERROR, where=("role",))
class BreaksOnPicturesAndToolResults(Endpoint):
    """Breaks on a conversation with a picture and the result of a tool: 500."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        roles = [at(message, "role") for message in items_at(body, "messages")]
        if "tool" in roles and has_picture(body):
            raise broken("list indices must be integers or slices, not str")
        return await super().gather(body)


@fault(
    *OFFERED,
    "history/call-of-a-tool-after-the-picture",
    symptom=Symptom.NOT_READ,
    where=("parameter",),
)
class CallsWhatItMustNot(Endpoint):
    """Calls an offered tool with nothing in it beside a picture, whatever tool_choice says."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        if not (has_picture(body) and body.get("tool_choice", "auto") in ("auto", "none")):
            return made
        for choice in made["choices"] if body.get("tools") else ():
            name = at(body, "tools", 0, "function", "name")
            function = {"name": name, "arguments": json.dumps({})}
            call = {"id": "call_0", "type": "function", "function": function}
            choice["message"] |= {"content": None, "tool_calls": [call]}
        return made


@fault("tools/tools-break-nothing", symptom=Symptom.SERVER_ERROR)
class LocksPicturesBesideTools(Endpoint):
    """Keeps a picture locked once it came with a tool it may call: 500 when it comes without."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.locked: set[str] = set()

    async def gather(self, body: dict[str, Json]) -> Conversation:
        parts = (p for m in items_at(body, "messages") for p in items_at(m, "content"))
        urls = {str(url_in(part)) for part in parts if is_picture(part)}
        if body.get("tool_choice") == "auto":
            self.locked |= urls
        elif urls & self.locked and "tools" not in body:
            raise broken("the cache entry is in use by another request")
        return await super().gather(body)
