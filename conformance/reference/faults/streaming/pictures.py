"""Faults with pictures where the reply is streamed: lost, or refused when it is too late."""

from __future__ import annotations

import json

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


# ---------------------------------------------------------------- refused inside the stream


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
