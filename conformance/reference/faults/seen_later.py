"""Faults that were seen in public, with downloads, conversations, and what comes back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx
from starlette.responses import PlainTextResponse, Response

from conformance.model import Json, Symptom
from conformance.reference import reply
from conformance.reference.addresses import Downloader, Loaded
from conformance.reference.conversation import Conversation, Look, Said, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, has_picture, rearranged, split
from conformance.reference.faults.seen import is_http
from conformance.reference.mind import Thought
from conformance.wire.jsontext import at, items_at

BY_URL = "url/plain"
SEQUENCE = "cache/same-words-other-pictures"
AT_ONCE = "cache/requests-at-once-stay-apart"
FAILED_DOWNLOAD = "url/failed-download-is-refused"


# ---------------------------------------------------------------- URLs


class _SaysNoToUrls(Endpoint):
    """Has a way to say no to a picture that is given by URL."""

    def no(self, url: str) -> ApiError | None:
        raise NotImplementedError

    async def load(self, url: str, path: str) -> Loaded:
        error = self.no(url) if is_http(url) else None
        if error is not None:
            raise error
        return await super().load(url, path)


@fault(BY_URL, symptom=Symptom.REFUSED, where=("way",))
class ForgetsTheMediaType(_SaysNoToUrls):
    """Keeps the address of a picture and not its media type, which the upstream demands."""

    def no(self, url: str) -> ApiError | None:
        return ApiError("Invalid value at 'file_data': mimeType is required")


@fault(BY_URL, symptom=Symptom.REFUSED, where=("way",))
class ReachesNoHost(_SaysNoToUrls):
    """Lets a provider in another network fetch pictures, which times out on every host."""

    def no(self, url: str) -> ApiError | None:
        return ApiError("Download the media resource timed out during the data inspection process.")


@fault("url/query-string-is-kept", symptom=Symptom.REFUSED)
class RefusesUrlsWithAQuery(_SaysNoToUrls):
    """Hands URLs on to an upstream that can make nothing of one with a query string."""

    def no(self, url: str) -> ApiError | None:
        return ApiError("Unable to process input image") if "?" in url else None


@fault(BY_URL, symptom=Symptom.REFUSED, where=("way",))
class RefusesUrlsInWords(Endpoint):
    """Passes on that its upstream takes no URLs: 400 in plain text, and no error object."""

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        if b'"url":"http' in raw.replace(b": ", b":"):
            return PlainTextResponse("external image URLs are not supported", 400)
        return await super().chat(headers, raw)


@fault(BY_URL, symptom=Symptom.REFUSED, where=("way",))
class EmptiesUrlPictures(Endpoint):
    """Writes no bytes at all in the place of a picture that is given by URL."""

    async def load(self, url: str, path: str) -> Loaded:
        if is_http(url):
            return Loaded(data=b"", source="http")
        return await super().load(url, path)


@fault(BY_URL, symptom=Symptom.SERVER_ERROR, where=("way",))
class FailsAfterTheDownload(Endpoint):
    """Downloads a picture, and then says no more than that the upstream said 500."""

    async def load(self, url: str, path: str) -> Loaded:
        loaded = await super().load(url, path)
        if loaded.source == "http":
            raise broken("bad response status code 500")
        return loaded


class _StandsStill(Downloader):
    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        super().__init__(transport)
        self._http.follow_redirects = False


@fault("url/redirect", "url/redirect-chain", symptom=Symptom.REFUSAL_BREAKS, where=("host",))
class BreaksOnRedirects(Endpoint):
    """Downloads without following redirects, and takes one for its own failure: 500."""

    downloader_kind = _StandsStill

    async def load(self, url: str, path: str) -> Loaded:
        try:
            return await super().load(url, path)
        except ApiError as error:
            moved = re.search(r"status code: 3\d\d", error.message)
            raise (broken(error.message) if moved else error) from None


class _TakesAnyBody(Downloader):
    async def _body(self, response: httpx.Response) -> bytes:
        response.status_code = 200
        return await super()._body(response)


@fault(FAILED_DOWNLOAD, symptom=Symptom.REFUSAL_BREAKS, where=("host",))
class DecodesWhateverWasDownloaded(Endpoint):
    """Takes the page of a refused download for a picture: cannot identify image file, 500."""

    downloader_kind = _TakesAnyBody

    async def look(self, loaded: Loaded, detail: str) -> Look:
        try:
            return await super().look(loaded, detail)
        except ApiError as error:
            failed = broken("cannot identify image file")
            raise (failed if loaded.source == "http" else error) from None


@fault(FAILED_DOWNLOAD, symptom=Symptom.SERVER_ERROR, also=(Symptom.REFUSAL_BREAKS,))
class DiesOfFailedDownloads(Endpoint):
    """Refuses a failed download, which then ends the process that makes the answers."""

    dead = False

    async def load(self, url: str, path: str) -> Loaded:
        try:
            return await super().load(url, path)
        except ApiError as error:
            self.dead = self.dead or error.code == "invalid_image_url"
            raise

    async def gather(self, body: dict[str, Json]) -> Conversation:
        if self.dead:
            raise broken("The scheduler is gone.")
        return await super().gather(body)


@fault(FAILED_DOWNLOAD, symptom=Symptom.OVERLOOKED, where=("host",))
class AnswersFailedDownloadsWithNothing(Endpoint):
    """Swallows a failed download, and answers with no words and the finish_reason length."""

    def refuse(self, error: ApiError) -> Response:
        if error.code != "invalid_image_url":
            return super().refuse(error)
        usage = reply.prompt_usage(0, 0)
        made = reply.complete({}, Thought(sentence=""), "", usage, self.model)
        made["choices"][0]["finish_reason"] = "length"
        return self.write(made)


@fault("url/slow-host-is-waited-for", symptom=Symptom.SERVER_ERROR, where=("host",))
class BreaksOnSlowHosts(Endpoint):
    """Gives a picture host half a second, and takes what follows for its own failure: 500."""

    async def load(self, url: str, path: str) -> Loaded:
        try:
            async with asyncio.timeout(0.5):
                return await super().load(url, path)
        except TimeoutError:
            raise broken("asyncio.exceptions.TimeoutError") from None


# ---------------------------------------------------------------- conversations


def _is_from_before(said: Said, conversation: Conversation) -> bool:
    """Whether a message stands before the last one of the assistant."""
    answered = [n for n, other in enumerate(conversation) if other.role == "assistant"]
    return said in conversation[: answered[-1] if answered else 0]


@fault(
    "multi-image/earlier-turn-is-seen",
    "multi-image/each-turn-keeps-its-picture",
    "history/picture-among-text-turns-is-read",
    symptom=Symptom.REFUSED,
    where=("turn",),
)
class LooksAtTheLastMessageOnly(Endpoint):
    """Tells its upstream of pictures where the last message has one, and is refused otherwise."""

    def validate(self, body: dict[str, Json]) -> None:
        super().validate(body)
        if has_picture(body) and not has_picture({"messages": body["messages"][-1:]}):
            raise ApiError("missing required Copilot-Vision-Request header for vision requests")


@fault(
    "multi-image/earlier-turn-is-seen",
    "multi-image/each-turn-keeps-its-picture",
    "history/picture-among-text-turns-is-read",
    "tools/picture-before-a-tool-result",
    symptom=Symptom.NOT_READ,
    where=("turn",),
)
class WritesEarlierPicturesAsText(Endpoint):
    """Takes the pictures of this turn out of the text, and leaves those of earlier ones in."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        return tuple(
            _spelt_out(said) if _is_from_before(said, conversation) else said
            for said in conversation
        )


def _spelt_out(said: Said) -> Said:
    """The message with the base64 of its pictures in their places."""
    items = [i if isinstance(i, str) else "A" * (i.size * 4 // 3) for i in said.items]
    return replace(said, items=tuple(items))


@fault(
    "multi-image/text-between-pictures-keeps-its-place",
    symptom=Symptom.ORDER,
    also=(Symptom.NOT_READ,),
    where=("words",),
)
class MovesPicturesToTheLastTurn(Endpoint):
    """Gathers the pictures of a conversation in order, and puts them before the last question."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        last = max((n for n, said in enumerate(conversation) if said.role == "user"), default=0)
        words = rearranged(conversation, lambda items: tuple(split(items)[0]))
        moved = [replace(said, items=(*looks(conversation), *said.items)) for said in words]
        return (*words[:last], *moved[last : last + 1], *words[last + 1 :])


@fault("history/picture-in-a-tool-message", symptom=Symptom.REFUSAL_BREAKS)
class SendsToolPicturesOnAsTheyAre(Endpoint):
    """Forwards the parts of a tool message unconverted, and says 500 to what comes back."""

    def validate(self, body: dict[str, Json]) -> None:
        tools = [m for m in items_at(body, "messages") if at(m, "role") == "tool"]
        if has_picture({"messages": tools}):
            raise broken("upstream: tool_result.content.1: Input tag 'image_url' is not expected")
        super().validate(body)


# ---------------------------------------------------------------- between requests


class _Remembers(Endpoint):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kept: dict[str, Look] = {}


@fault(SEQUENCE, symptom=Symptom.ANOTHERS)
class SticksToTheFirstPicture(_Remembers):
    """Answers about the first picture that it ever saw, whatever single picture comes after."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        seen = looks(conversation)
        if len(seen) != 1:
            return conversation
        first = self.kept.setdefault("first", seen[0])
        return rearranged(
            conversation,
            lambda items: tuple(first if isinstance(item, Look) else item for item in items),
        )


@fault(AT_ONCE, symptom=Symptom.SERVER_ERROR, where=("stream",))
class BreaksOnTwoStreams(Endpoint):
    """Has one model and no queue: of two streams that are under way at once, both break."""

    running = 0
    clash = False

    async def answer(self, body: dict[str, Json], conversation: Conversation) -> Response:
        if not body.get("stream"):
            return await super().answer(body, conversation)
        self.running += 1
        self.clash = self.running > 1
        await asyncio.sleep(0.02)
        self.running -= 1
        if self.clash:
            raise broken("CUDA error: device-side assert triggered")
        return await super().answer(body, conversation)


# ---------------------------------------------------------------- tokens


@fault(
    "detail/low-and-high-differ-in-cost",
    "detail/low-costs-the-same-at-any-size",
    symptom=Symptom.BILL_INCONSISTENT,
    where=("detail",),
)
class LosesDetail(Endpoint):
    """Loses detail between one API and the other, so that every picture is at auto."""

    def detail_of(self, image: Mapping[str, Json]) -> str:
        return "auto"


@fault(
    "base64/several-megabytes",
    "limits/common-weight-is-read",
    "usage/bytes-do-not-count",
    symptom=Symptom.REFUSED,
    where=("weight",),
)
class CountsBase64AgainstTheContext(Endpoint):
    """Takes base64 for text when it looks whether a request is too long, and refuses it."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        count = len(raw) // 4
        if count > 128_000:
            message = f"This model's maximum context length is 128000 tokens, not {count}."
            raise ApiError(message, code="context_length_exceeded")
        return super().parse(raw)


# ---------------------------------------------------------------- replies and errors


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
