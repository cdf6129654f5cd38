"""Faults that take no picture at all: refused for being one, or broken on."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from conformance.model import Json, Symptom
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, has_picture


class _RefusesPictures(Endpoint):
    """Looks whether there is a picture before anything else, and has a way to say no."""

    def no(self) -> ApiError:
        raise NotImplementedError

    def validate(self, body: dict[str, Json]) -> None:
        super().validate(body)
        if has_picture(body):
            raise self.no()


class _Flat(ApiError):
    """An error whose body is not OpenAI's."""

    def body(self) -> Json:
        return {"request_id": "0a1b2c", "code": "InvalidParameter", "message": self.message}


class _FrameworkError(ApiError):
    def body(self) -> Json:
        return {"detail": self.message, "errors": [{"loc": ["messages"], "msg": self.message}]}


@fault("base64/plain", "url/plain", symptom=Symptom.REFUSED)
class SendsPicturesToTheTextDoor(_RefusesPictures):
    """Sends pictures to the upstream's door for text, and passes on what that says."""

    def no(self) -> ApiError:
        return _Flat("url error, please check url!")


@fault("base64/plain", "url/plain", symptom=Symptom.REFUSED)
class FindsNoUserMessage(_RefusesPictures):
    """Looks for words in a string only, and says in another envelope that there are none."""

    def no(self) -> ApiError:
        return _FrameworkError("No user message found in messages array")


@fault("base64/plain", "url/plain", symptom=Symptom.REFUSED)
class KnowsTextPartsOnly(_RefusesPictures):
    """Refuses parts of the type image_url: its parser expects text and nothing else."""

    def no(self) -> ApiError:
        return ApiError("messages[0].content[0]: unknown variant 'image_url', expected 'text'")


@fault("base64/plain", "url/plain", symptom=Symptom.SERVER_ERROR)
class BreaksOnPictureParts(_RefusesPictures):
    """Knows the parts of another API only, and breaks on image_url: KeyError, 500."""

    def no(self) -> ApiError:
        return broken("KeyError: 'input_image'")


@fault("base64/plain", "url/plain", symptom=Symptom.REFUSED)
class FindsNoRouteForPictures(_RefusesPictures):
    """Takes the model for one of text alone, and finds no route for a picture: 404."""

    def no(self) -> ApiError:
        return ApiError("No endpoints found that support image input", status=404)


@fault("url/plain", "base64/plain", symptom=Symptom.REFUSED)
class RoutesByTheNameOfTheModel(Endpoint):
    """Knows pictures for models named qwen-vl alone, and says so without an error object."""

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        try:
            body = self.parse(raw)
        except ApiError as error:
            return self.refuse(error)
        if not has_picture(body) or str(body.get("model")).startswith("qwen-vl"):
            return await super().chat(headers, raw)
        said = {"request_id": "1", "code": "InvalidParameter", "message": "url error"}
        return self.write(said, 400)
