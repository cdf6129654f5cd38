"""Faults with other members of the request, with headers and with the body as it is sent."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from conformance.model import Json, Symptom
from conformance.reference.conversation import Conversation, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, has_picture, is_picture, without


@fault("parameters/accepted-beside-a-picture", symptom=Symptom.REFUSED)
class RefusesTemperature(Endpoint):
    """Refuses temperature and top_p beside a picture."""

    def validate(self, body: dict[str, Json]) -> None:
        super().validate(body)
        if has_picture(body) and {"temperature", "top_p"} & set(body):
            raise ApiError("Unsupported parameter with image input.", code="unsupported_parameter")


@fault("parameters/accepted-beside-a-picture", symptom=Symptom.REFUSED, where=("parameter",))
class RefusesUnknownMembers(Endpoint):
    """Refuses logit_bias, penalties and user: extra inputs are not permitted."""

    KNOWN = frozenset({"model", "messages", "stream", "max_tokens", "max_completion_tokens", "n"})

    def validate(self, body: dict[str, Json]) -> None:
        super().validate(body)
        extra = sorted(set(body) - self.KNOWN)
        if extra:
            raise ApiError(f"Extra inputs are not permitted: {extra[0]}", param=extra[0])


@fault("parameters/accepted-beside-a-picture", symptom=Symptom.NOT_READ)
class LosesPicturesBesideTemperature(Endpoint):
    """Routes requests with a temperature through a converter that drops pictures."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        return without(body, is_picture) if "temperature" in body else body


class _IgnoresBesidePictures(Endpoint):
    """Ignores some members when the request has a picture."""

    members: tuple[str, ...] = ()

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        ignored = self.members if has_picture(body) else ()
        return {name: value for name, value in body.items() if name not in ignored}


@fault("parameters/two-choices", symptom=Symptom.MALFORMED)
class IgnoresN(_IgnoresBesidePictures):
    """Returns one choice where n says two."""

    members = ("n",)


@fault("parameters/output-limit-cuts", symptom=Symptom.CUT)
class IgnoresTheOutputLimit(_IgnoresBesidePictures):
    """Writes on beyond max_tokens when the request has a picture."""

    members = ("max_tokens", "max_completion_tokens")


@fault("parameters/output-limit-cuts", symptom=Symptom.CUT)
class CallsCutAnswersWhole(Endpoint):
    """Ends an answer that was cut off with the finish_reason stop."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        return made | {"choices": [c | {"finish_reason": "stop"} for c in made["choices"]]}


@fault("parameters/headers-are-accepted", symptom=Symptom.REFUSED)
class RefusesACharset(Endpoint):
    """Compares the whole content type with application/json, and refuses a charset."""

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        if headers.get("content-type") != "application/json":
            return self.refuse(ApiError("Unsupported media type.", status=415))
        return await super().chat(headers, raw)


@fault("parameters/headers-are-accepted", symptom=Symptom.REFUSED)
class WantsAnAcceptHeader(Endpoint):
    """Refuses requests that do not say what they accept."""

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        if not headers.get("accept"):
            return self.refuse(ApiError("Not acceptable.", status=406))
        return await super().chat(headers, raw)


@fault("parameters/output-limit-cuts", symptom=Symptom.REFUSED)
class CutsToNothing(Endpoint):
    """Refuses a small output limit beside a picture with a 400."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        if looks(conversation) and body.get("max_tokens", 4096) < 64:
            raise ApiError("max_tokens is too small for a picture")
        return conversation


# ---------------------------------------------------------------- bodies


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
