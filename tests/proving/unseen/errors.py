"""Errors where answers are due, answers where errors are, and errors that are wrong."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping

import httpx
from starlette.responses import Response, StreamingResponse

from conformance.model import Json, Symptom
from conformance.reference import reply
from conformance.reference.addresses import Downloader, Loaded
from conformance.reference.conversation import Conversation, Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.faults._parts import broken, has_picture, is_picture, url_in, without
from conformance.reference.mind import Thought
from conformance.wire.jsontext import NotJson, at
from conformance.wire.jsontext import parse as parse_json
from unseen._parts import format_of, mode_of, unseen

UNDECODABLE, UNREACHABLE = "invalid_image_format", "invalid_image_url"
#: Such as ``gs://``; a data URL has none.
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
PROXY = "http://egress-proxy.media.svc.cluster.local:3128"


def _is_streamed(raw: bytes) -> bool:
    body = parse_json(raw)
    return not isinstance(body, NotJson) and at(body, "stream") is True


# ---------------------------------------------------------------- where an answer is due


@unseen("tools/schema-is-filled", symptom=Symptom.SERVER_ERROR, where=("stream", "parameter"))
class BreaksOnStreamedFormats(Endpoint):
    """Breaks where a reply to a picture is to be streamed in a response_format: 500."""

    def validate(self, body: dict[str, Json]) -> None:
        super().validate(body)
        if body.get("stream") and body.get("response_format") and has_picture(body):
            raise broken("'async_generator' object has no attribute 'choices'")


class _HungUp(Exception):
    """The process that was to answer is gone."""


async def _broken_off() -> AsyncIterator[str]:
    yield '{"id": "chatcmpl-'
    # What a client is told by its library; a server that sees it closes the connection.
    raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")


@unseen("base64/encoding-is-read", symptom=Symptom.NO_REPLY, where=("mode",))
class HangsUpOnCmyk(Endpoint):
    """Loses the process that answers to a picture in CMYK, and the connection with it."""

    async def look(self, loaded: Loaded, detail: str) -> Look:
        look = await super().look(loaded, detail)
        if mode_of(loaded.data) == "CMYK":
            raise _HungUp
        return look

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        try:
            return await super().chat(headers, raw)
        except _HungUp:
            return StreamingResponse(_broken_off(), media_type="application/json")


class _ComparesTypes(Downloader):
    async def _body(self, response: httpx.Response) -> bytes:
        data = await super()._body(response)
        kind, _, declared = response.headers.get("content-type", "").partition("/")
        real = format_of(data)
        if kind == "image" and real and declared != real:
            raise ApiError(
                f"The image is declared as image/{declared} and is image/{real}.", param="url"
            )
        return data


@unseen("url/content-type-does-not-matter", symptom=Symptom.REFUSED, where=("host",))
class ComparesTypesWithBytes(Endpoint):
    """Refuses a download that is another picture format than its host says."""

    downloader_kind = _ComparesTypes


@unseen(
    "tools/forced-tool-reads",
    "tools/picture-beside-an-offered-tool",
    symptom=Symptom.REFUSED,
    where=("parameter",),
)
class RefusesToolChoiceInOneWord(Endpoint):
    """Refuses a tool_choice that is a string where there is a picture, and takes an object."""

    def validate(self, body: dict[str, Json]) -> None:
        super().validate(body)
        if isinstance(body.get("tool_choice"), str) and has_picture(body):
            raise ApiError("tool_choice: value is not a valid dict", param="tool_choice")


# ---------------------------------------------------------------- where a refusal is due


@unseen(
    "streaming/bad-picture-is-refused-before-the-stream",
    symptom=Symptom.REFUSAL_BREAKS,
    where=("stream",),
)
class StreamedRefusalsAre502(Endpoint):
    """Reports a picture that cannot be decoded as a bad gateway where a stream was asked for."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        try:
            return await super().gather(body)
        except ApiError as error:
            if error.code == UNDECODABLE and body.get("stream"):
                raise ApiError("bad response from upstream", status=502) from None
            raise


@unseen(
    "url/url-that-is-no-address-is-refused",
    symptom=Symptom.REFUSAL_BREAKS,
    where=("spelling",),
)
class BreaksOnUnknownSchemes(Endpoint):
    """Hands an address of a scheme it does not know to its HTTP client, and breaks: 500."""

    async def load(self, url: str, path: str) -> Loaded:
        found = SCHEME.match(url)
        if found and found[1].lower() not in ("http", "https", "file"):
            raise broken(f'Get "{url[:80]}": unsupported protocol scheme "{found[1]}"')
        return await super().load(url, path)


class _SaidAsAnAnswer(ApiError):
    """An error that is written where the words of the model go."""


@unseen(
    "base64/damaged-picture-is-refused",
    symptom=Symptom.ERROR_AS_ANSWER,
    where=("format", "damaged"),
)
class AnswersDamagedJpegsWithTheError(Endpoint):
    """Writes the error of a damaged JPEG into an answer of status 200, and refuses other files."""

    async def look(self, loaded: Loaded, detail: str) -> Look:
        try:
            return await super().look(loaded, detail)
        except ApiError as error:
            if format_of(loaded.data) == "jpeg":
                raise _SaidAsAnAnswer(error.message) from None
            raise

    def refuse(self, error: ApiError) -> Response:
        if not isinstance(error, _SaidAsAnAnswer):
            return super().refuse(error)
        words = f"Error: 400 invalid_request_error: {error.message}"
        usage = reply.prompt_usage(30, 0)
        return self.write(reply.complete({}, Thought(), words, usage, self.model))


@unseen(
    "streaming/failed-download-is-refused-before-the-stream",
    symptom=Symptom.OVERLOOKED,
    where=("stream", "host"),
)
class StreamsWithoutTheDownload(Endpoint):
    """Goes on without a picture that cannot be downloaded where a stream was asked for."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        try:
            return await super().gather(body)
        except ApiError as error:
            if error.code != UNREACHABLE or not body.get("stream"):
                raise
            return await super().gather(without(body, _is_download))


def _is_download(part: Json) -> bool:
    return is_picture(part) and str(url_in(part)).startswith("http")


@unseen("errors/bad-key-is-401", symptom=Symptom.LET_IN, where=("credential",))
class LetsInWhoShowsNoKey(Endpoint):
    """Refuses a wrong key, and answers whoever shows none as its default user."""

    def authenticate(self, headers: Mapping[str, str]) -> None:
        if headers.get("authorization") or headers.get("api-key"):
            super().authenticate(headers)


# ---------------------------------------------------------------- what is said


@unseen("leaks/internal-address-is-not-told", symptom=Symptom.LEAKED, where=("host",))
class NamesItsProxyWhereHostsFail(Endpoint):
    """Names the proxy it downloads through in the error of a download that failed."""

    async def load(self, url: str, path: str) -> Loaded:
        try:
            return await super().load(url, path)
        except ApiError as error:
            if error.code != UNREACHABLE:
                raise
            message = f"{error.message} (proxy {PROXY})"
            raise ApiError(message, param=error.param, code=error.code) from None


@unseen(
    "streaming/bad-picture-is-refused-before-the-stream",
    symptom=Symptom.NO_ERROR_OBJECT,
    where=("stream",),
)
class RefusesStreamsInEvents(Endpoint):
    """Writes the error object of a request for a stream as an event, whatever its status."""

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        response = await super().chat(headers, raw)
        if response.status_code < 400 or not _is_streamed(raw):
            return response
        events = f"data: {bytes(response.body).decode()}\n\ndata: [DONE]\n\n"
        return Response(events, response.status_code, media_type="text/event-stream")


@unseen("errors/unknown-model-is-refused", symptom=Symptom.WRONG_ERROR, where=("parameter",))
class UnknownModelIs401(Endpoint):
    """Says of an unknown model that the key is not good for it: 401."""

    def verify_model(self, name: str) -> None:
        try:
            super().verify_model(name)
        except ApiError:
            said = json.dumps(name)
            raise ApiError(
                f"This key may not use the model {said}.", status=401, code="invalid_api_key"
            ) from None
