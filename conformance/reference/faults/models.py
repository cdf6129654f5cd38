"""Faults with a model that takes no pictures, names in replies, and the list of models."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from conformance.model import Json, Symptom
from conformance.reference.account import TEXT_MODEL
from conformance.reference.conversation import Conversation
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, has_picture, is_picture, without
from conformance.wire.jsontext import items_at

REFUSED = "models/picture-to-a-text-model-is-refused"
STREAMED = "models/streamed-picture-to-a-text-model-is-refused"


class _RefusesOtherwise(Endpoint):
    """Says in another way that a model takes no pictures."""

    def refusal(self) -> ApiError:
        raise NotImplementedError

    def verify_text_only(self, body: dict[str, Json]) -> None:
        if has_picture(body):
            raise self.refusal()


@fault(REFUSED, STREAMED, symptom=Symptom.REFUSAL_BREAKS)
class TextModelBreaksOnPictures(_RefusesOtherwise):
    """Says 500 to a picture for a model that takes none."""

    def refusal(self) -> ApiError:
        return broken("image input is not supported - hint: you may need to provide the mmproj")


@fault(REFUSED, STREAMED, symptom=Symptom.REFUSAL_BREAKS)
class TextModelSays502(_RefusesOtherwise):
    """Wraps the 400 of a text model's provider into a 502."""

    def refusal(self) -> ApiError:
        return ApiError("upstream error 400: 1210, image_url is not supported", status=502)


class _TextModelTakesPictures(Endpoint):
    """Lets pictures for the text model in, and does something else with them."""

    def verify_text_only(self, body: dict[str, Json]) -> None:
        """Nothing is looked for."""

    def rewrite(self, body: dict[str, Json]) -> dict[str, Json]:
        return without(body, is_picture)

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        return self.rewrite(body) if body.get("model") == TEXT_MODEL else body


@fault(REFUSED, STREAMED, symptom=Symptom.NOT_READ)
class TextModelIgnoresPictures(_TextModelTakesPictures):
    """Leaves pictures out for a model that takes none, and answers all the same."""


@fault(REFUSED, STREAMED, symptom=Symptom.NOT_READ)
class TextModelGetsPlaceholders(_TextModelTakesPictures):
    """Writes [image omitted] in the place of a picture for a model that takes none."""

    def rewrite(self, body: dict[str, Json]) -> dict[str, Json]:
        omitted = {"type": "text", "text": "[image omitted: the model has no vision]"}
        messages = [
            m | {"content": [omitted if is_picture(p) else p for p in items_at(m, "content")]}
            if items_at(m, "content")
            else m
            for m in items_at(body, "messages")
        ]
        return body | {"messages": messages}


@fault(STREAMED, symptom=Symptom.NOT_READ)
class TextModelStreamsWithoutPictures(_TextModelTakesPictures):
    """Refuses pictures for a text model, but leaves them out where a stream is asked for."""

    def verify_text_only(self, body: dict[str, Json]) -> None:
        Endpoint.verify_text_only(self, body)

    def rewrite(self, body: dict[str, Json]) -> dict[str, Json]:
        return without(body, is_picture) if body.get("stream") else body


@fault(REFUSED, symptom=Symptom.EMPTY)
class TextModelHasNoChoices(Endpoint):
    """Answers a picture for a text model with 200, a hint in a member of its own, and no choice."""

    def verify_text_only(self, body: dict[str, Json]) -> None:
        if body.get("stream"):
            super().verify_text_only(body)

    async def answer(self, body: dict[str, Json], conversation: Conversation) -> Response:
        if body.get("model") == TEXT_MODEL and has_picture(body):
            return self.write({"object": "chat.completion", "hint": "Load a vision adapter."})
        return await super().answer(body, conversation)


@fault("models/picture-to-a-text-model-breaks-nothing", symptom=Symptom.SERVER_ERROR)
class DiesOfTextModelPictures(Endpoint):
    """Loses the process of the text model to a picture: 500 whenever it is asked from then on."""

    is_dead = False

    def verify_text_only(self, body: dict[str, Json]) -> None:
        if self.is_dead:
            raise broken("the model runner has stopped")
        self.is_dead = has_picture(body)
        super().verify_text_only(body)


@fault("models/reply-names-no-other-model", symptom=Symptom.MISTOLD)
class NamesAnotherMaker(Endpoint):
    """Passes requests on to another maker's model, and lets its name through."""

    def served(self, body: dict[str, Json]) -> str:
        return "qwen2.5-vl-72b-instruct"


@fault("models/reply-names-no-other-model", symptom=Symptom.MISTOLD)
class NamesItsSmallModel(Endpoint):
    """Answers with the small model of the family, and says so in the reply."""

    def served(self, body: dict[str, Json]) -> str:
        return f"{self.model}-mini-2024-07-18"


@fault("models/list-names-the-model", symptom=Symptom.MISTOLD)
class ListsTheTextModelAlone(Endpoint):
    """Leaves the model that takes pictures out of its list of models."""

    def list_models(self) -> list[Json]:
        return [self.describe_named(TEXT_MODEL)]


@fault("models/retrieved-model-is-the-one", symptom=Symptom.MISTOLD)
class DescribesTheWrongModel(Endpoint):
    """Tells of another model than the one that is looked up."""

    async def one_model(self, headers: Mapping[str, str], name: str) -> Response:
        return self.write(self.describe_named("claude-3-5-sonnet-20241022"))


@fault("models/metadata-does-not-deny-pictures", symptom=Symptom.MISTOLD)
class ListsItsModelAsTextOnly(Endpoint):
    """Lists a model that reads pictures with the input modality text alone."""

    def describe_named(self, name: str) -> Json:
        architecture = {"input_modalities": ["text"], "modality": "text->text"}
        return super().describe_named(name) | {"architecture": architecture}


@fault("models/metadata-does-not-deny-pictures", symptom=Symptom.MISTOLD)
class ListsItsModelWithoutVision(Endpoint):
    """Lists a model that reads pictures with capabilities.vision false."""

    def describe_named(self, name: str) -> Json:
        return super().describe_named(name) | {"capabilities": {"vision": False}}


@fault("models/metadata-does-not-promise-pictures", symptom=Symptom.MISTOLD)
class ListsTheTextModelWithVision(Endpoint):
    """Lists the model that refuses pictures with supports_vision true."""

    def describe_named(self, name: str) -> Json:
        return super().describe_named(name) | {"supports_vision": True}
