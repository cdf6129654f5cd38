"""Faults with what stands in the chunks of a stream."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.model import Json, Symptom
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault
from conformance.wire.jsontext import at


class _Rewrites(Endpoint):
    """Changes each chunk of a stream, by its place."""

    def rewrite(self, place: int, chunk: Json) -> Json:
        raise NotImplementedError

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        return [self.rewrite(i, c) for i, c in enumerate(super().chunks(made, body))]


def _with_delta(choice: Json, **members: Json) -> Json:
    delta = {k: v for k, v in (choice["delta"] | members).items() if v is not None}
    return choice | {"delta": delta}


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


# ---------------------------------------------------------------- role and finish reason


@fault("streaming/role-comes-first", symptom=Symptom.MALFORMED)
class NeverSaysTheRole(_Rewrites):
    """Leaves the role out of the stream."""

    def rewrite(self, place: int, chunk: Json) -> Json:
        return chunk | {"choices": [_with_delta(c, role=None) for c in chunk["choices"]]}


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


# ---------------------------------------------------------------- usage


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


# ---------------------------------------------------------------- words


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
