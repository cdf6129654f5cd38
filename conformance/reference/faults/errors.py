"""Faults with requests that are wrong: what is said about them, and how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from starlette.responses import PlainTextResponse, Response

from conformance.model import Json, Symptom
from conformance.reference import reply
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Conversation, Look, Said
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, is_picture
from conformance.reference.mind import Thought
from conformance.wire.jsontext import NotJson, at, items_at
from conformance.wire.jsontext import parse as parse_json


@fault("errors/bad-key-is-401", symptom=Symptom.LET_IN)
class AsksForNoKey(Endpoint):
    """Answers whoever asks."""

    def authenticate(self, headers: Mapping[str, str]) -> None:
        return None


class _Restates(Endpoint):
    """Changes an error before it is written."""

    def restate(self, error: ApiError) -> ApiError:
        raise NotImplementedError

    def refuse(self, error: ApiError) -> Response:
        return super().refuse(self.restate(error))


@fault("errors/bad-key-is-401", symptom=Symptom.REFUSAL_BREAKS)
class WrongKeyIs500(_Restates):
    """Reports a wrong key as its own 500."""

    def restate(self, error: ApiError) -> ApiError:
        return ApiError("invalid token", status=500) if error.status == 401 else error


@fault("errors/bad-key-is-401", symptom=Symptom.WRONG_ERROR)
class WrongKeyIs400(_Restates):
    """Reports a wrong key as a bad request."""

    def restate(self, error: ApiError) -> ApiError:
        return ApiError(error.message, status=400) if error.status == 401 else error


@fault("errors/unknown-model-is-refused", symptom=Symptom.OVERLOOKED)
class AnswersWithAnotherModel(Endpoint):
    """Answers with the model it has, whatever model was asked for."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        return body | {"model": self.model} if "model" in body else body


@fault("errors/unknown-model-is-refused", symptom=Symptom.REFUSAL_BREAKS)
class UnknownModelIs500(_Restates):
    """Finds no channel for an unknown model, and says 500."""

    def restate(self, error: ApiError) -> ApiError:
        unknown = error.code == "model_not_found"
        return ApiError("no available channel", status=500) if unknown else error


@fault("errors/malformed-json-is-refused", symptom=Symptom.REFUSAL_BREAKS, where=("body",))
class CrashesOnBadJson(Endpoint):
    """Lets the error of its JSON parser through: 500."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        if isinstance(parse_json(raw), NotJson):
            raise broken("JSONDecodeError")
        return super().parse(raw)


@fault(
    "errors/malformed-json-is-refused",
    "errors/missing-messages-are-refused",
    symptom=Symptom.OVERLOOKED,
    where=("body",),
)
class ForgivesEverything(Endpoint):
    """Puts defaults in the place of what is missing or cannot be parsed, and answers."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = parse_json(raw)
        default = {"model": self.model, "messages": [{"role": "user", "content": "Hello."}]}
        return default | (body if isinstance(body, dict) else {})


@fault(
    "errors/missing-messages-are-refused",
    "errors/empty-messages-are-refused",
    symptom=Symptom.OVERLOOKED,
)
class AnswersNothing(Endpoint):
    """Answers a request without messages."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        return body | {"messages": body.get("messages") or [{"role": "user", "content": "Hello."}]}


@fault("errors/empty-messages-are-refused", symptom=Symptom.REFUSAL_BREAKS)
class CrashesOnEmptyMessages(Endpoint):
    """Looks at the last message without looking whether there is one: IndexError, 500."""

    def validate(self, body: dict[str, Json]) -> None:
        if body.get("messages") == []:
            raise broken("list index out of range")
        super().validate(body)


@fault("errors/malformed-part-is-refused", symptom=Symptom.OVERLOOKED, where=("body",))
class DropsOddParts(Endpoint):
    """Leaves content parts out that it does not know, and answers all the same."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        for message in items_at(body, "messages"):
            parts = items_at(message, "content")
            if parts:
                message["content"] = [p for p in parts if is_picture(p) or at(p, "text")]
        return body


@fault(
    "errors/picture-in-another-role",
    "history/picture-in-a-tool-message",
    symptom=Symptom.NOT_READ,
    where=("role",),
)
class DropsPicturesOfOtherRoles(Endpoint):
    """Takes pictures from the user only, and leaves those of other roles out without a word."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        for message in items_at(body, "messages"):
            parts = items_at(message, "content")
            if at(message, "role") != "user" and any(map(is_picture, parts)):
                message["content"] = "(picture)"
        return body


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


@fault("errors/plain-text-is-answered", symptom=Symptom.SERVER_ERROR, where=("number", "way"))
class WantsAPicture(Endpoint):
    """Fails on requests that hold no picture."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        if not any(is_picture(p) for m in body["messages"] for p in items_at(m, "content")):
            raise broken("images must not be empty")
        return await super().gather(body)


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


@fault("errors/refusal-is-the-same-each-time", symptom=Symptom.WRONG_ERROR)
class RefusesByTurns(Endpoint):
    """Refuses a picture by turns in two places that do not agree on the status: 400 and 422."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.seen: Counter[bytes] = Counter()

    async def look(self, loaded: Loaded, detail: str) -> Look:
        try:
            return await super().look(loaded, detail)
        except ApiError as error:
            self.seen[loaded.data] += 1
            status = 400 if self.seen[loaded.data] % 2 else 422
            raise ApiError(error.message, status=status, code=error.code) from None


def _has_text_parts(body: Json) -> bool:
    """True where a message is a list of texts, and no picture stands anywhere."""
    lists = [items_at(message, "content") for message in items_at(body, "messages")]
    return any(lists) and not any(is_picture(part) for parts in lists for part in parts)


@fault("errors/text-in-parts-is-answered", symptom=Symptom.REFUSED)
class FiltersTextInParts(Endpoint):
    """Has a content filter that takes a list of texts for something to be stopped."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        if _has_text_parts(body):
            raise ApiError("The prompt was filtered.", code="content_filter", param="prompt")
        return await super().gather(body)


@fault("errors/text-in-parts-is-answered", symptom=Symptom.SERVER_ERROR)
class WantsTextInStrings(Endpoint):
    """Breaks on a text in a list of parts where no picture leads to the right path: 500."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        if _has_text_parts(body):
            raise broken("'list' object has no attribute 'replace'")
        return await super().gather(body)


@fault("parameters/body-sent-otherwise", symptom=Symptom.REFUSAL_BREAKS)
class ReadsCompressedBodiesAsText(Endpoint):
    """Takes a compressed body for text: UnicodeDecodeError, 500."""

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        if headers.get("content-encoding") == "gzip":
            return self.refuse(broken("'utf-8' codec can't decode byte 0x8b in position 1"))
        return await super().chat(headers, raw)


@fault(
    "parameters/body-sent-otherwise", "limits/heavy-body-in-chunks", symptom=Symptom.REFUSAL_BREAKS
)
class NeedsTheLengthOfABody(Endpoint):
    """Takes a body without a Content-Length for no body, and breaks: 500."""

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        if "content-length" not in headers:
            return self.refuse(broken("unexpected end of JSON input"))
        return await super().chat(headers, raw)
