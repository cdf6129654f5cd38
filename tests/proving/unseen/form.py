"""Replies that say nothing, do not end as they must, have a wrong form, or tell what is not so."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from PIL import Image
from starlette.responses import Response

from conformance.model import Json, Symptom
from conformance.reference.addresses import from_data_url
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.faults._parts import has_picture, is_picture, url_in
from conformance.reference.mind import Thought
from conformance.wire.jsontext import items_at
from unseen._parts import is_offered, unseen


def _silenced(made: dict[str, Json]) -> dict[str, Json]:
    """The reply with no words in it."""
    choices = [c | {"message": c["message"] | {"content": ""}} for c in made["choices"]]
    return made | {"choices": choices}


def _files(body: dict[str, Json]) -> Iterator[bytes]:
    """The bytes of every picture that is in a data URL."""
    parts = (p for m in items_at(body, "messages") for p in items_at(m, "content"))
    for part in filter(is_picture, parts):
        url = str(url_in(part))
        if url.lower().startswith("data:"):
            yield from_data_url(url, "").data


def _is_animated(data: bytes) -> bool:
    with Image.open(io.BytesIO(data)) as image:
        return getattr(image, "n_frames", 1) > 1


@unseen("base64/animated-gif", symptom=Symptom.EMPTY, where=("format",))
class AnswersAnimationsWithNothing(Endpoint):
    """Answers an animated picture in a data URL with no words and the finish_reason stop."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        return _silenced(made) if any(map(_is_animated, _files(body))) else made


@unseen("tools/picture-beside-an-offered-tool", symptom=Symptom.EMPTY, where=("parameter",))
class AnswersOfferedToolsWithNothing(Endpoint):
    """Answers a picture with no words and no call where tools may be called."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        return _silenced(made) if is_offered(body) and has_picture(body) else made


@unseen("streaming/done-ends-the-stream", symptom=Symptom.CUT, where=("stream",))
class SaysDoneBeforeTheLastChunk(Endpoint):
    """Sends data: [DONE] and then the chunk with the finish_reason."""

    def events(self, chunks: Sequence[Json]) -> Iterable[str]:
        written = [f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n" for chunk in chunks]
        yield from written[:-1]
        yield "data: [DONE]\n\n"
        yield from written[-1:]


@unseen("streaming/chunks-follow-the-schema", symptom=Symptom.MALFORMED, where=("stream",))
class DatesChunksInFractions(Endpoint):
    """Writes created in the chunks of a stream as a float, with a quarter of a second."""

    def chunks(self, made: dict[str, Json], body: dict[str, Json]) -> Sequence[Json]:
        found = super().chunks(made, body)
        return [chunk | {"created": chunk["created"] + 0.25} for chunk in found]


@unseen("errors/error-is-json", symptom=Symptom.MALFORMED)
class SendsErrorsAsPlainText(Endpoint):
    """Sends the error object of a refusal with the content type text/plain."""

    def refuse(self, error: ApiError) -> Response:
        return Response(json.dumps(error.body()), error.status, media_type="text/plain")


@unseen(
    "tools/json-mode-reads",
    "tools/schema-is-filled",
    symptom=Symptom.MALFORMED,
    where=("parameter",),
)
class FencesJsonBesidePictures(Endpoint):
    """Leaves the fences of Markdown around JSON that it was asked for about a picture."""

    def phrase(self, thought: Thought, body: dict[str, Json]) -> str:
        words = super().phrase(thought, body)
        fenced = body.get("response_format") and has_picture(body)
        return f"```json\n{words}\n```" if fenced else words


@unseen("models/metadata-does-not-deny-pictures", symptom=Symptom.MISTOLD, where=("door",))
class LooksUpItsModelAsTextOnly(Endpoint):
    """Says of its model, where that is looked up by name, that it takes text alone."""

    async def one_model(self, headers: Mapping[str, str], name: str) -> Response:
        response = await super().one_model(headers, name)
        if response.status_code != 200 or name != self.model:
            return response
        told = json.loads(bytes(response.body))
        return self.write(told | {"supports_vision": False, "modalities": {"input": ["text"]}})
