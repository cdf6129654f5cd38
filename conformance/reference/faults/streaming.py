"""Faults with streamed replies."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from starlette.responses import Response, StreamingResponse

from conformance.model import Json, Symptom
from conformance.reference.conversation import Conversation
from conformance.reference.endpoint import Endpoint
from conformance.reference.eyes.decode import PictureError
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import (
    is_picture,
    rearranged,
    split,
    with_pictures,
    without,
)
from conformance.wire.jsontext import at


@fault(
    "streaming/picture-is-read",
    "streaming/several-pictures-are-read",
    symptom=Symptom.NOT_READ,
    where=("stream",),
)
class StreamsBlind(Endpoint):
    """Drops every picture when the reply is streamed."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        return without(body, is_picture) if body.get("stream") else body


@fault("streaming/several-pictures-are-read", symptom=Symptom.NOT_READ)
class StreamsTheFirstPictureOnly(Endpoint):
    """Drops every picture but the first when the reply is streamed."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        if not body.get("stream"):
            return conversation
        return rearranged(conversation, lambda items: with_pictures(items, split(items)[1][:1]))


@fault("streaming/content-type-is-event-stream", symptom=Symptom.MALFORMED)
class StreamsPlainText(Endpoint):
    """Sends events with the content type text/plain."""

    def stream(self, chunks: Sequence[Json]) -> Response:
        return StreamingResponse(self.events(chunks), media_type="text/plain")


@fault(
    "streaming/content-type-is-event-stream",
    "streaming/done-ends-the-stream",
    symptom=Symptom.CUT,
    also=(Symptom.BILL_MISSING,),
)
class IgnoresStream(Endpoint):
    """Answers a streamed request with one JSON object."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        return super().parse(raw) | {"stream": False}


@fault(
    "streaming/plain-reply-is-not-streamed", symptom=Symptom.MALFORMED, also=(Symptom.BILL_MISSING,)
)
class StreamsAlways(Endpoint):
    """Streams whether asked to or not."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        return super().parse(raw) | {"stream": True}


@fault("streaming/every-event-is-json", symptom=Symptom.MALFORMED, also=(Symptom.BILL_MISSING,))
class SendsPythonDicts(Endpoint):
    """Writes chunks as Python does: None and single quotes."""

    def events(self, chunks: Sequence[Json]) -> Iterable[str]:
        yield from super().events(chunks[:-1])
        yield f"data: {chunks[-1]!r}\n\n"


@fault("streaming/every-event-is-json", symptom=Symptom.MALFORMED)
class SendsHeartbeats(Endpoint):
    """Keeps the connection alive with events that are not JSON."""

    def events(self, chunks: Sequence[Json]) -> Iterable[str]:
        yield "data: ping\n\n"
        yield from super().events(chunks)


class _Rewrites(Endpoint):
    """Changes each chunk of a stream, by its place."""

    def rewrite(self, place: int, chunk: Json) -> Json:
        raise NotImplementedError

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        return [self.rewrite(i, c) for i, c in enumerate(super().chunks(made, body))]


@fault("streaming/chunks-follow-the-schema", symptom=Symptom.MALFORMED)
class MislabelsChunks(_Rewrites):
    """Calls a chunk what only a whole reply is called: chat.completion."""

    def rewrite(self, place: int, chunk: Json) -> Json:
        return chunk | {"object": "chat.completion"}


@fault("streaming/chunks-follow-the-schema", symptom=Symptom.MALFORMED)
class ChunksWithoutAnId(_Rewrites):
    """Leaves the id out of every chunk."""

    def rewrite(self, place: int, chunk: Json) -> Json:
        return {name: value for name, value in chunk.items() if name != "id"}


@fault("streaming/one-id-for-all-chunks", symptom=Symptom.MALFORMED)
class NewIdForEachChunk(_Rewrites):
    """Gives each chunk an id of its own."""

    def rewrite(self, place: int, chunk: Json) -> Json:
        return chunk | {"id": f"{chunk['id']}-{place}"}


@fault("streaming/role-comes-first", symptom=Symptom.MALFORMED)
class NeverSaysTheRole(_Rewrites):
    """Leaves the role out of the stream."""

    def rewrite(self, place: int, chunk: Json) -> Json:
        return chunk | {"choices": [_with_delta(c, role=None) for c in chunk["choices"]]}


def _with_delta(choice: Json, **members: Json) -> Json:
    delta = {k: v for k, v in (choice["delta"] | members).items() if v is not None}
    return choice | {"delta": delta}


@fault("streaming/role-comes-first", symptom=Symptom.MALFORMED)
class SaysTheRoleLast(Endpoint):
    """Sends the role after the words."""

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        role, *words = super().chunks(made, body)
        return [*words[:-1], role, words[-1]]


@fault("streaming/chunks-are-complete", symptom=Symptom.MALFORMED)
class LeavesOutNullFinishReasons(_Rewrites):
    """Leaves finish_reason out of a chunk while it is null."""

    def rewrite(self, place: int, chunk: Json) -> Json:
        kept = [{k: v for k, v in c.items() if v is not None} for c in chunk["choices"]]
        return chunk | {"choices": kept}


@fault("streaming/one-finish-reason", symptom=Symptom.CUT, also=(Symptom.MALFORMED,))
class FinishesTwice(Endpoint):
    """Sends the last chunk twice."""

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        made_ = super().chunks(made, body)
        return [*made_, made_[-1]]


@fault("streaming/one-finish-reason", symptom=Symptom.CUT, also=(Symptom.MALFORMED,))
class NeverFinishes(_Rewrites):
    """Ends the stream without a finish_reason."""

    def rewrite(self, place: int, chunk: Json) -> Json:
        return chunk | {"choices": [c | {"finish_reason": None} for c in chunk["choices"]]}


@fault("streaming/one-finish-reason", symptom=Symptom.CUT, also=(Symptom.MALFORMED,))
class FinishesInEveryChunk(_Rewrites):
    """Says finish_reason stop in every chunk, from the first."""

    def rewrite(self, place: int, chunk: Json) -> Json:
        return chunk | {"choices": [c | {"finish_reason": "stop"} for c in chunk["choices"]]}


@fault("streaming/one-finish-reason", symptom=Symptom.CUT, also=(Symptom.MALFORMED,))
class SpeaksAfterTheEnd(Endpoint):
    """Sends the chunk with the finish_reason before the last words."""

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        *words, last, end = super().chunks(made, body)
        return [*words, end, last]


@fault("streaming/done-ends-the-stream", symptom=Symptom.CUT)
class NeverSaysDone(Endpoint):
    """Ends the stream without data: [DONE]."""

    def events(self, chunks: Sequence[Json]) -> Iterable[str]:
        return list(super().events(chunks))[:-1]


@fault("streaming/done-ends-the-stream", symptom=Symptom.CUT)
class SaysDoneTwice(Endpoint):
    """Sends data: [DONE] twice, its own and the upstream's."""

    def events(self, chunks: Sequence[Json]) -> Iterable[str]:
        return [*super().events(chunks), "data: [DONE]\n\n"]


@fault("streaming/usage-when-asked", symptom=Symptom.BILL_MISSING)
class StreamsWithoutUsage(Endpoint):
    """Overlooks stream_options, and never sends usage."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        body.pop("stream_options", None)
        return body


@fault("usage/stream-costs-the-same", symptom=Symptom.BILL_INCONSISTENT)
class AddsUpUsage(_Rewrites):
    """Reports twice the prompt tokens at the end: it has added up what each chunk said."""

    def rewrite(self, place: int, chunk: Json) -> Json:
        usage = chunk.get("usage")
        if not usage:
            return chunk
        return chunk | {"usage": usage | {"prompt_tokens": 2 * usage["prompt_tokens"]}}


@fault("streaming/bad-picture-is-refused-before-the-stream", symptom=Symptom.ERROR_AS_ANSWER)
class RefusesInsideTheStream(Endpoint):
    """Says 200 first and reports a bad picture as an event of the stream."""

    def unreadable(self, error: PictureError) -> ApiError:
        return ApiError(str(error), code="in_stream")

    def refuse(self, error: ApiError) -> Response:
        if error.code != "in_stream":
            return super().refuse(error)
        events = [f"data: {json.dumps(error.body())}\n\n", "data: [DONE]\n\n"]
        return StreamingResponse(iter(events), media_type="text/event-stream")


class _LooksLater(Endpoint):
    """Says 200 before it looks at the pictures of a streamed request."""

    #: Code of the errors that come too late for another status.
    late = ""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        try:
            return await super().gather(body)
        except ApiError as error:
            late = body.get("stream") and error.code == self.late
            raise (ApiError(error.message, code="in_stream") if late else error) from None

    def refuse(self, error: ApiError) -> Response:
        if error.code != "in_stream":
            return super().refuse(error)
        return StreamingResponse(iter(self.told(error)), media_type="text/event-stream")

    def told(self, error: ApiError) -> list[str]:
        return [f"data: {json.dumps(error.body())}\n\n", "data: [DONE]\n\n"]


@fault("streaming/failed-download-is-refused-before-the-stream", symptom=Symptom.ERROR_AS_ANSWER)
class DownloadsInsideTheStream(_LooksLater):
    """Says 200 first and downloads pictures then, so that a failure is an event of the stream."""

    late = "invalid_image_url"


@fault(
    "streaming/bad-picture-is-refused-before-the-stream",
    "sdk/refused-stream-is-an-exception",
    symptom=Symptom.OVERLOOKED,
)
class BreaksOffWithoutAWord(_LooksLater):
    """Says 200 first, and ends the stream without a word where the picture is bad."""

    late = "invalid_image_format"

    def told(self, error: ApiError) -> list[str]:
        return [": hello\n\n"]


@fault("streaming/characters-arrive-whole", symptom=Symptom.WORDS_LOST, also=(Symptom.MALFORMED,))
class CutsCharacters(_Rewrites):
    """Reads its upstream piece by piece, and loses the characters that lie across two pieces."""

    def rewrite(self, place: int, chunk: Json) -> Json:
        return chunk | {"choices": [_with_cut_words(c) for c in chunk["choices"]]}


def _with_cut_words(choice: Json) -> Json:
    words = choice["delta"].get("content")
    if not words or words.isascii():
        return choice
    raw = words.encode()
    pieces = [raw[:1], *(raw[i : i + 8] for i in range(1, len(raw), 8))]
    return _with_delta(choice, content="".join(p.decode(errors="replace") for p in pieces))


@fault("streaming/lines-stay-short", symptom=Symptom.MALFORMED)
class TracesEveryStream(Endpoint):
    """Sends a trace of all it did for the answer in the first event, 70 kB in one line."""

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        first, *others = super().chunks(made, body)
        return [first | {"trace": "attended to a patch of the picture; " * 2000}, *others]


@fault("streaming/long-answer-comes-in-pieces", symptom=Symptom.MALFORMED, also=(Symptom.EMPTY,))
class CollectsTheAnswer(Endpoint):
    """Waits for the whole answer, and sends it as a stream of one piece."""

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        role, *words, end = [c for c in super().chunks(made, body) if c["choices"]]
        counted = [c for c in super().chunks(made, body) if not c["choices"]]
        text = "".join(at(w, "choices", 0, "delta", "content") or "" for w in words)
        one = role | {"choices": [_with_delta(c, content=text) for c in role["choices"]]}
        return [one, end, *counted]
