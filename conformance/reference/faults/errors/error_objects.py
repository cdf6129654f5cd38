"""Faults with how a refusal is said: without an error object, or without a status of an error."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import PlainTextResponse, Response

from conformance.model import Json, Symptom, canonical
from conformance.reference import reply
from conformance.reference.conversation import Said
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.mind import Thought

# ---------------------------------------------------------------- another envelope


@fault("errors/error-object-is-complete", symptom=Symptom.MALFORMED)
class LeavesTheCodeOut(Endpoint):
    """Leaves type, param and code out of its error objects."""

    def refuse(self, error: ApiError) -> Response:
        return self.write({"error": {"message": error.message}}, error.status)


class _Envelope(Endpoint):
    """Says no in an envelope of its own."""

    def envelope(self, error: ApiError) -> Json:
        raise NotImplementedError

    def refuse(self, error: ApiError) -> Response:
        return self.write(self.envelope(error), error.status)


@fault(
    "errors/bad-key-is-401",
    "errors/unknown-model-is-refused",
    "errors/error-object-is-complete",
    symptom=Symptom.NO_ERROR_OBJECT,
)
class SaysDetail(_Envelope):
    """Says no with {"detail": ...}, as its web framework does."""

    def envelope(self, error: ApiError) -> Json:
        return {"detail": error.message}


@fault(
    "errors/malformed-json-is-refused",
    "errors/missing-messages-are-refused",
    symptom=Symptom.NO_ERROR_OBJECT,
)
class ErrorsAreStrings(_Envelope):
    """Says no with a string where the error object should be."""

    def envelope(self, error: ApiError) -> Json:
        return {"error": error.message}


@fault(
    "errors/empty-messages-are-refused",
    "errors/malformed-part-is-refused",
    symptom=Symptom.NO_ERROR_OBJECT,
)
class ErrorsAtTopLevel(_Envelope):
    """Says no with the members of the error object at top level."""

    def envelope(self, error: ApiError) -> Json:
        return {"object": "error", "message": error.message, "code": error.status}


@fault("errors/error-is-json", "errors/malformed-json-is-refused", symptom=Symptom.NO_ERROR_OBJECT)
class ErrorsArePages(Endpoint):
    """Says no with a page of HTML."""

    def refuse(self, error: ApiError) -> Response:
        page = f"<html><body><h1>{error.status}</h1></body></html>"
        return PlainTextResponse(page, error.status, media_type="text/html")


@fault(
    "errors/missing-messages-are-refused",
    "errors/malformed-json-is-refused",
    "base64/broken-data-url-is-refused",
    symptom=Symptom.NO_ERROR_OBJECT,
)
class RefusesWithACompletion(Endpoint):
    """Says no with a 4xx whose body is a completion, the error in the words of the assistant."""

    def refuse(self, error: ApiError) -> Response:
        told = Thought(sentence=error.message)
        usage = reply.prompt_usage(0, 0)
        made = reply.complete({}, told, error.message, usage, self.model)
        return self.write(made, error.status)


# ---------------------------------------------------------------- another status


@fault(
    "errors/missing-messages-are-refused",
    "errors/malformed-json-is-refused",
    symptom=Symptom.ERROR_AS_ANSWER,
)
class ErrorsAre200(Endpoint):
    """Puts the error object into a reply of status 200."""

    def refuse(self, error: ApiError) -> Response:
        return self.write(error.body(), 200)


@fault(
    "errors/malformed-json-is-refused",
    "base64/broken-data-url-is-refused",
    "url/failed-download-is-refused",
    symptom=Symptom.OVERLOOKED,
    also=(Symptom.NOT_READ,),
)
class ErrorsAreAnswers(Endpoint):
    """Delivers a failure as an answer of the model, with status 200."""

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        try:
            return await self._chat(headers, raw)
        except ApiError as error:
            said = Said(role="user", items=(f"Reply with the word sorry. {error}",))
            return await self.answer({}, (said,))

    async def _chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        self.authenticate(headers)
        body = self.parse(raw)
        self.validate(body)
        return await self.answer(body, await self.gather(body))


@fault("placeholders/error-is-not-an-answer", symptom=Symptom.ERROR_AS_ANSWER, where=("damaged",))
class AnswersWithTheError(Endpoint):
    """Writes the error of a bad picture into an answer of status 200."""

    def refuse(self, error: ApiError) -> Response:
        if error.code != "invalid_image_format":
            return super().refuse(error)
        return self.write(self.told(f"Error: {error.message}"))

    def told(self, text: str) -> Json:
        usage = reply.prompt_usage(0, 0)
        return reply.complete({}, Thought(sentence=text), text, usage, self.model)


@fault("placeholders/error-is-not-an-answer", symptom=Symptom.ERROR_AS_ANSWER, where=("damaged",))
class AnswersWithTheErrorBody(AnswersWithTheError):
    """Writes the body of an upstream error into an answer of status 200."""

    def refuse(self, error: ApiError) -> Response:
        if error.code != "invalid_image_format":
            return super().refuse(error)
        return self.write(self.told(canonical(error.body())))


@fault(
    "errors/malformed-json-is-refused",
    "errors/missing-messages-are-refused",
    "errors/empty-messages-are-refused",
    "errors/malformed-part-is-refused",
    symptom=Symptom.REFUSAL_BREAKS,
)
class WrapsRefusalsInto502(Endpoint):
    """Reports whatever its upstream refuses as a bad gateway."""

    def refuse(self, error: ApiError) -> Response:
        if error.status == 401:
            return super().refuse(error)
        message = f"upstream returned {error.status}: {error.message}"
        return super().refuse(ApiError(message, status=502, kind="upstream_error"))
