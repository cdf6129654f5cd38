"""Faults that a tolerant reader overlooks, and users of the official library do not."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Mapping, Sequence

from starlette.responses import JSONResponse, Response, StreamingResponse

from conformance.model import Json, Symptom
from conformance.reference.endpoint import Endpoint
from conformance.reference.eyes.decode import PictureError
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.wire.jsontext import at


class _Messages(Endpoint):
    """Changes the message of a reply that is not streamed."""

    def message(self, message: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        raise NotImplementedError

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        if body.get("stream"):
            return made
        choices = [c | {"message": self.message(c["message"], body)} for c in made["choices"]]
        return made | {"choices": choices}


@fault(
    "sdk/plain-reply-is-a-completion", "shape/reply-follows-the-schema", symptom=Symptom.MALFORMED
)
class AnswersInOutputText(_Messages):
    """Answers with parts of the type output_text, as another API of the same maker does."""

    def message(self, message: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        return message | {"content": [{"type": "output_text", "text": message["content"]}]}


@fault("sdk/json-mode-is-text", symptom=Symptom.MALFORMED, also=(Symptom.EMPTY,))
class AnswersWithAnObject(_Messages):
    """Answers in JSON mode with the object itself where its text should be."""

    def message(self, message: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        wanted = body.get("response_format") == {"type": "json_object"}
        return message | {"content": json.loads(message["content"])} if wanted else message


@fault("sdk/tool-call-is-read", symptom=Symptom.MALFORMED)
class CallsInPython(_Messages):
    """Writes the arguments of a tool call as Python prints a dict."""

    def message(self, message: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        calls = [c | {"function": self._function(c)} for c in message.get("tool_calls") or ()]
        return message | {"tool_calls": calls} if calls else message

    def _function(self, call: Json) -> Json:
        function = call["function"]
        return function | {"arguments": str(json.loads(function["arguments"]))}


@fault(
    "sdk/tool-call-is-read",
    "tools/streamed-tool-call-reads",
    symptom=Symptom.MALFORMED,
    also=(Symptom.NOT_READ,),
)
class StreamsCallsWithAnObject(Endpoint):
    """Streams the arguments of a tool call as an object where its text should be."""

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        found = super().chunks(made, body)
        for delta in (choice["delta"] for chunk in found for choice in chunk["choices"]):
            for call in delta.get("tool_calls") or ():
                if isinstance(at(call, "function", "arguments"), str):
                    call["function"] = call["function"] | {"arguments": {"code": "KX74MP"}}
        return found


@fault("sdk/model-list-is-a-page", "shape/model-list-follows-the-schema", symptom=Symptom.MALFORMED)
class ListsUnderModels(Endpoint):
    """Lists its models under models and not under data."""

    async def models(self, headers: Mapping[str, str]) -> Response:
        return self.write({"object": "list", "models": [self.describe_model()]})


# ---------------------------------------------------------------- streams


@fault(
    "sdk/stream-is-made-of-chunks", "streaming/chunks-follow-the-schema", symptom=Symptom.MALFORMED
)
class PingsInData(Endpoint):
    """Sends a ping as a chunk without choices first, to keep the connection alive."""

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        return [{"type": "ping"}, *super().chunks(made, body)]


@fault(
    "sdk/stream-is-made-of-chunks", "streaming/chunks-follow-the-schema", symptom=Symptom.MALFORMED
)
class StreamsParts(Endpoint):
    """Streams its words in lists of content parts."""

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        found = super().chunks(made, body)
        for delta in (choice["delta"] for chunk in found for choice in chunk["choices"]):
            if delta.get("content"):
                delta["content"] = [{"type": "text", "text": delta["content"]}]
        return found


@fault("sdk/framing-is-understood", symptom=Symptom.MALFORMED)
class StreamsByteOrderMarks(Endpoint):
    """Begins every stream with a byte order mark, which costs the library the first chunk."""

    def events(self, chunks: Sequence[Json]) -> Iterable[str]:
        return ["\ufeff", *super().events(chunks)]


@fault("sdk/framing-is-understood", symptom=Symptom.MALFORMED)
class StreamsRetriesAlone(Endpoint):
    """Begins every stream with an event that holds nothing but a retry time."""

    def events(self, chunks: Sequence[Json]) -> Iterable[str]:
        return ["retry: 3000\n\n", *super().events(chunks)]


@fault("sdk/framing-is-understood", symptom=Symptom.MALFORMED)
class NamesEventsAsThreads(Endpoint):
    """Names the events of a stream as those of another API are named."""

    def events(self, chunks: Sequence[Json]) -> Iterable[str]:
        *datas, done = super().events(chunks)
        return [*(f"event: thread.message.delta\n{data}" for data in datas), done]


@fault("sdk/usage-is-in-the-stream", symptom=Symptom.BILL_MISSING, also=(Symptom.MALFORMED,))
class CountsAfterTheEnd(Endpoint):
    """Sends the chunk with usage after data: [DONE], where nobody reads on."""

    def events(self, chunks: Sequence[Json]) -> Iterable[str]:
        *datas, done = super().events(chunks)
        if chunks[-1].get("usage") is None:
            return [*datas, done]
        return [*datas[:-1], done, datas[-1]]


# ---------------------------------------------------------------- errors

_REFUSALS = (
    "sdk/refusal-is-an-exception",
    "sdk/refused-picture-is-an-exception",
    "sdk/refused-stream-is-an-exception",
)


@fault(*_REFUSALS, symptom=Symptom.NO_ERROR_OBJECT, also=(Symptom.MALFORMED,))
class ErrorsBeginWithMarks(Endpoint):
    """Writes its errors with a byte order mark, and the library finds no object in them."""

    def refuse(self, error: ApiError) -> Response:
        text = codecs.BOM_UTF8 + json.dumps(error.body()).encode()
        return Response(text, error.status, media_type="application/json")


@fault(*_REFUSALS, symptom=Symptom.MALFORMED)
class ErrorsInAnotherCharset(Endpoint):
    """Declares its Chinese errors as Latin-1 and writes them in UTF-8."""

    def refuse(self, error: ApiError) -> Response:
        error.message = f"请求无效: {error.message}"
        kind = "application/json; charset=iso-8859-1"
        return JSONResponse(error.body(), error.status, {"content-type": kind})


@fault(
    "sdk/refused-stream-is-an-exception",
    "streaming/bad-picture-is-refused-before-the-stream",
    symptom=Symptom.ERROR_AS_ANSWER,
)
class StreamsEmptyErrors(Endpoint):
    """Reports a bad picture inside a stream, in an error object that is empty."""

    def unreadable(self, error: PictureError) -> ApiError:
        return ApiError(str(error), code="in_stream")

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        response = await super().chat(headers, raw)
        refused = response.status_code == 400 and b'"in_stream"' in response.body
        return (
            self._event(bytes(response.body)) if refused and b'"stream": true' in raw else response
        )

    def _event(self, body: bytes) -> Response:
        message = json.loads(body)["error"]["message"]
        events = [f"data: {json.dumps({'error': {}, 'message': message})}\n\n", "data: [DONE]\n\n"]
        return StreamingResponse(iter(events), media_type="text/event-stream")
