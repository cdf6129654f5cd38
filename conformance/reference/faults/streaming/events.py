"""Faults with whether a reply is streamed, and with its events as such."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starlette.responses import Response, StreamingResponse

from conformance.model import Json, Symptom
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault


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
