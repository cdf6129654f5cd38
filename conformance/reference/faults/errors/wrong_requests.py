"""Faults with requests that must be refused: answered all the same, or broken on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from conformance.model import Json, Symptom
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, is_picture
from conformance.wire.jsontext import NotJson, at, items_at
from conformance.wire.jsontext import parse as parse_json

# ---------------------------------------------------------------- keys and models


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


# ---------------------------------------------------------------- bodies


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


# ---------------------------------------------------------------- pictures


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
