"""Faults with bodies and pictures of many bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from conformance.model import Json, Symptom
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Item, Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.eyes.looking import Sight
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, is_picture, url_in
from conformance.reference.faults.limits._measures import MEGA

COMMON = "limits/common-weight-is-read"
HEAVY = "limits/heavy-picture-is-read-or-refused"

# ---------------------------------------------------------------- heavy bodies


class _Weighs(Endpoint):
    """Looks at the length of a body before anything else."""

    most = 8 * MEGA

    def too_heavy(self) -> Response:
        raise NotImplementedError

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        if len(raw) > self.most:
            return self.too_heavy()
        return await super().chat(headers, raw)


@fault(HEAVY, symptom=Symptom.NO_ERROR_OBJECT)
class RefusesHeavyBodiesInHtml(_Weighs):
    """Leaves 413 to the web server in front, which answers with a page of HTML."""

    def too_heavy(self) -> Response:
        page = "<html><head><title>413 Request Entity Too Large</title></head></html>"
        return HTMLResponse(page, 413)


@fault(COMMON, symptom=Symptom.REFUSED, where=("weight",))
class StopsAtOneMegabyte(_Weighs):
    """Keeps the limit of one megabyte that a web server or a framework comes with."""

    most = MEGA

    def too_heavy(self) -> Response:
        error = {"message": "Request body too large.", "type": "invalid_request_error"}
        return self.write({"error": error}, 413)


@fault(HEAVY, symptom=Symptom.NO_ERROR_OBJECT)
class RefusesHeavyBodiesInWords(_Weighs):
    """Answers 413 with plain words and no error object."""

    most = 10 * MEGA

    def too_heavy(self) -> Response:
        return PlainTextResponse("Failed to buffer the request body: length limit exceeded", 413)


@fault(HEAVY, symptom=Symptom.REFUSAL_BREAKS)
class CrashesOnHeavyBodies(_Weighs):
    """Lets the error of a body that is too long through: 500."""

    most = 20 * MEGA

    def too_heavy(self) -> Response:
        return self.refuse(broken("RequestEntityTooLarge"))


@fault(HEAVY, symptom=Symptom.EMPTY, where=("weight",))
class AnswersHeavyBodiesWithNothing(_Weighs):
    """Answers a body that is too long with 200 and null."""

    most = 5 * MEGA

    def too_heavy(self) -> Response:
        return self.write(None)


@fault("limits/heavy-refusal-is-the-same-each-time", symptom=Symptom.WRONG_ERROR)
class RefusesHeavyBodiesByTurns(Endpoint):
    """Refuses a body of more than 8 MB, by turns in the gateway and behind it: 413 and 400."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.seen: Counter[int] = Counter()

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        if len(raw) <= 8 * MEGA:
            return await super().chat(headers, raw)
        self.seen[len(raw)] += 1
        status = 413 if self.seen[len(raw)] % 2 else 400
        return self.refuse(ApiError("The request is too large.", status=status))


@fault(
    "base64/several-megabytes",
    "base64/noisy-photograph",
    COMMON,
    symptom=Symptom.REFUSED,
    where=("weight",),
)
class ReadsAMegabyte(Endpoint):
    """Refuses bodies of more than a megabyte with 413, as nginx does out of the box."""

    most_bytes = 1024 * 1024


@fault("limits/heavy-body-in-chunks", symptom=Symptom.REFUSAL_BREAKS)
class BuffersOneMegabyte(Endpoint):
    """Buffers a body of unknown length up to one megabyte, and breaks beyond it: 500."""

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        if "content-length" not in headers and len(raw) > MEGA:
            return self.refuse(broken("the request buffer is full"))
        return await super().chat(headers, raw)


@fault(
    "base64/several-megabytes",
    COMMON,
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


# ---------------------------------------------------------------- heavy pictures


@fault(HEAVY, symptom=Symptom.NOT_READ, where=("weight",))
class LosesHeavyPictures(Endpoint):
    """Leaves out pictures beyond 4.5 MB, and says nothing."""

    async def take(self, part: Json, path: str) -> Item | None:
        if is_picture(part) and len(str(url_in(part))) > 6 * MEGA:
            return None
        return await super().take(part, path)


@fault(HEAVY, symptom=Symptom.NOT_READ, where=("weight",))
class BlanksHeavyPictures(Endpoint):
    """Sends something small in the place of a picture beyond 4 MB, and nothing is left of it."""

    async def look(self, loaded: Loaded, detail: str) -> Look:
        look = await super().look(loaded, detail)
        if look.size <= 4 * MEGA:
            return look
        return Look(sight=Sight(), width=1, height=1, size=1, detail=detail, source=loaded.source)
