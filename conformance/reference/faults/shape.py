"""Faults with the shape of a reply and of the list of models."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from conformance.model import Json, Symptom
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault


class _Edits(Endpoint):
    """Changes a finished reply that is not streamed."""

    def edit(self, made: dict[str, Json]) -> dict[str, Json]:
        raise NotImplementedError

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        return made if body.get("stream") else self.edit(made)


def _choices(made: dict[str, Json], **members: Json) -> dict[str, Json]:
    return made | {"choices": [choice | members for choice in made["choices"]]}


@fault("shape/reply-follows-the-schema", symptom=Symptom.MALFORMED)
class LeavesTheModelOut(_Edits):
    """Leaves the member model out of the reply."""

    def edit(self, made: dict[str, Json]) -> dict[str, Json]:
        return {name: value for name, value in made.items() if name != "model"}


@fault("shape/reply-follows-the-schema", symptom=Symptom.MALFORMED)
class NamesAnotherObject(_Edits):
    """Calls the reply a text_completion."""

    def edit(self, made: dict[str, Json]) -> dict[str, Json]:
        return made | {"object": "text_completion"}


@fault("shape/reply-follows-the-schema", symptom=Symptom.MALFORMED)
class DatesInText(_Edits):
    """Writes created as a date and not as a number."""

    def edit(self, made: dict[str, Json]) -> dict[str, Json]:
        return made | {"created": "2026-11-21T00:00:00Z"}


@fault("shape/created-is-in-seconds", symptom=Symptom.MALFORMED)
class TellsMilliseconds(_Edits):
    """Tells in milliseconds when a reply was created."""

    def edit(self, made: dict[str, Json]) -> dict[str, Json]:
        return made | {"created": made["created"] * 1000}


@fault("shape/reply-follows-the-schema", symptom=Symptom.MALFORMED)
class AnswersInParts(_Edits):
    """Answers with a list of content parts where the schema wants a string."""

    def edit(self, made: dict[str, Json]) -> dict[str, Json]:
        message = made["choices"][0]["message"]
        parts = [{"type": "text", "text": message["content"]}]
        return _choices(made, message=message | {"content": parts})


@fault("shape/reply-is-complete", symptom=Symptom.MALFORMED)
class LeavesRefusalOut(_Edits):
    """Leaves refusal and logprobs out, as most compatible servers do."""

    def edit(self, made: dict[str, Json]) -> dict[str, Json]:
        message = {k: v for k, v in made["choices"][0]["message"].items() if k != "refusal"}
        return _choices(made, message=message)


class _Writes(Endpoint):
    kind = ""

    def write(self, value: Json, status: int = 200) -> Response:
        return JSONResponse(value, status, media_type=self.kind)


@fault("shape/content-type-is-json", "errors/error-is-json", symptom=Symptom.MALFORMED)
class SendsPlainText(_Writes):
    """Sends JSON with the content type text/plain."""

    kind = "text/plain"


@fault("shape/content-type-is-json", "errors/error-is-json", symptom=Symptom.MALFORMED)
class SendsHtml(_Writes):
    """Sends JSON with the content type text/html, the default of its framework."""

    kind = "text/html"


@fault("shape/each-reply-has-its-own-id", symptom=Symptom.MALFORMED)
class OneIdForAll(_Edits):
    """Gives every reply the same id."""

    def edit(self, made: dict[str, Json]) -> dict[str, Json]:
        return made | {"id": "chatcmpl-123"}


@fault("shape/model-list-follows-the-schema", symptom=Symptom.MALFORMED)
class ListsBareNames(Endpoint):
    """Lists models as strings and not as objects."""

    def describe_model(self) -> Json:
        return self.model


@fault("shape/model-list-follows-the-schema", symptom=Symptom.MALFORMED)
class ListsModelsWithoutOwner(Endpoint):
    """Lists models by id alone, without object and owned_by."""

    def describe_model(self) -> Json:
        return {"id": self.model}


@fault(
    "shape/stop-is-the-finish-reason", "shape/reply-follows-the-schema", symptom=Symptom.MALFORMED
)
class FinishesWithEos(_Edits):
    """Passes the finish reason of its engine on: eos_token."""

    def edit(self, made: dict[str, Json]) -> dict[str, Json]:
        return _choices(made, finish_reason="eos_token")


@fault("shape/stop-is-the-finish-reason", symptom=Symptom.CUT, also=(Symptom.MALFORMED,))
class SaysLengthAlways(_Edits):
    """Ends every answer with the finish_reason length."""

    def edit(self, made: dict[str, Json]) -> dict[str, Json]:
        return _choices(made, finish_reason="length")


@fault(
    "shape/stop-is-the-finish-reason",
    "shape/reply-follows-the-schema",
    "parameters/output-limit-cuts",
    symptom=Symptom.CUT,
    also=(Symptom.MALFORMED,),
)
class LeavesTheFinishReasonNull(Endpoint):
    """Does not translate why an answer ends: finish_reason is null."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        if not body.get("stream"):
            for choice in made["choices"]:
                choice["finish_reason"] = None
        return made
