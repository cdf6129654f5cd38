"""Faults with requests that hold much: lost on the way, refused badly, or the end of the server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from conformance.model import Json, Symptom
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Conversation, Item, Look, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.eyes.looking import Sight
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import (
    broken,
    is_picture,
    rearranged,
    split,
    url_in,
    with_pictures,
)

COMMON = "limits/common-weight-is-read"
HEAVY = "limits/heavy-picture-is-read-or-refused"
AFTER_HEAVY = "limits/heavy-picture-breaks-nothing"
MANY = "limits/many-pictures-are-read-or-refused"
LARGE = "limits/large-picture-is-read-or-refused"
AFTER_LARGE = "limits/large-picture-breaks-nothing"
LONG = "limits/long-picture-is-answered-or-refused"
AFTER_LONG = "limits/long-picture-breaks-nothing"
AFTER_MANY = "limits/many-pictures-break-nothing"

MEGA = 1_000_000


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


class _Dies(Endpoint):
    """Answers 500 to everything once it has died."""

    dead = False

    async def gather(self, body: dict[str, Json]) -> Conversation:
        if self.dead:
            raise broken("Engine background task failed.")
        conversation = await super().gather(body)
        self.dead = self.dead or self.is_fatal(conversation)
        return conversation

    def is_fatal(self, conversation: Conversation) -> bool:
        raise NotImplementedError


@fault(AFTER_HEAVY, symptom=Symptom.SERVER_ERROR)
class DiesOfHeavyPictures(_Dies):
    """Reads pictures beyond 8 MB, runs out of memory, and answers nothing from then on."""

    def is_fatal(self, conversation: Conversation) -> bool:
        return any(look.size > 8 * MEGA for look in looks(conversation))


@fault(AFTER_MANY, symptom=Symptom.SERVER_ERROR)
class DiesOfManyPictures(_Dies):
    """Reads more than thirty pictures, leaks their memory, and answers nothing from then on."""

    def is_fatal(self, conversation: Conversation) -> bool:
        return len(looks(conversation)) > 30


class _Evicts(Endpoint):
    """Drops the picture it has kept longest for another one, and expects to find it yet."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kept: list[bytes] = []
        self.lost: set[bytes] = set()

    async def look(self, loaded: Loaded, detail: str) -> Look:
        if loaded.data in self.lost:
            raise broken("Expected a cached item for mm_hash.")
        look = await super().look(loaded, detail)
        if self.is_greedy(look):
            self.lost.update(self.kept[:1])
        elif loaded.data not in self.kept:
            self.kept.append(loaded.data)
        return look

    def is_greedy(self, look: Look) -> bool:
        raise NotImplementedError


@fault(AFTER_HEAVY, symptom=Symptom.SERVER_ERROR)
class EvictsWhatItRemembers(_Evicts):
    """Drops the picture it has kept longest for one beyond 4 MB, and expects to find it yet."""

    def is_greedy(self, look: Look) -> bool:
        return look.size > 4 * MEGA


@fault(AFTER_LARGE, symptom=Symptom.SERVER_ERROR)
class EvictsForLargePictures(_Evicts):
    """Drops the picture it has kept longest for one of 15,000 pixels a side, and misses it."""

    def is_greedy(self, look: Look) -> bool:
        return max(look.width, look.height) > 15_000


@fault(AFTER_LONG, symptom=Symptom.SERVER_ERROR)
class EvictsForLongPictures(_Evicts):
    """Drops the picture it has kept longest for one 200 times as long as wide, and misses it."""

    def is_greedy(self, look: Look) -> bool:
        return _slimness(look) >= 200


def _slimness(look: Look) -> float:
    return max(look.width, look.height) / min(look.width, look.height)


@fault(LARGE, symptom=Symptom.NOT_READ, where=("size",))
class LosesPicturesBeyond8000(Endpoint):
    """Leaves out pictures of more than 8000 pixels a side, and says nothing."""

    async def take(self, part: Json, path: str) -> Item | None:
        item = await super().take(part, path)
        lost = isinstance(item, Look) and max(item.width, item.height) > 8000
        return None if lost else item


class _Breaks(Endpoint):
    """Breaks on some pictures."""

    def verify(self, look: Look) -> None:
        raise NotImplementedError

    async def look(self, loaded: Loaded, detail: str) -> Look:
        look = await super().look(loaded, detail)
        self.verify(look)
        return look


@fault(LARGE, symptom=Symptom.REFUSAL_BREAKS)
class BreaksBeyond40Megapixels(_Breaks):
    """Shrinks a picture only after it has run out of memory for it: 500."""

    def verify(self, look: Look) -> None:
        if look.width * look.height > 40 * MEGA:
            raise broken("CUDA out of memory. Tried to allocate 2.00 GiB.")


@fault(LONG, symptom=Symptom.REFUSAL_BREAKS, where=("size",))
class BreaksOnLongPictures(_Breaks):
    """Lets the error of its processor through for a picture 200 times as long as wide: 500."""

    def verify(self, look: Look) -> None:
        if _slimness(look) >= 200:
            raise broken("ValueError: absolute aspect ratio must be smaller than 200")


@fault("limits/heavy-body-in-chunks", symptom=Symptom.REFUSAL_BREAKS)
class BuffersOneMegabyte(Endpoint):
    """Buffers a body of unknown length up to one megabyte, and breaks beyond it: 500."""

    async def chat(self, headers: Mapping[str, str], raw: bytes) -> Response:
        if "content-length" not in headers and len(raw) > MEGA:
            return self.refuse(broken("the request buffer is full"))
        return await super().chat(headers, raw)


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


class _Limits(Endpoint):
    """Changes the pictures of a message that has many."""

    def change(self, pictures: list[Look]) -> list[Look]:
        raise NotImplementedError

    async def gather(self, body: dict[str, Json]) -> Conversation:
        def limited(items: tuple[Item, ...]) -> tuple[Item, ...]:
            return with_pictures(items, self.change(split(items)[1]))

        return rearranged(await super().gather(body), limited)


@fault(MANY, "multi-image/every-picture-is-seen", symptom=Symptom.NOT_READ, where=("number",))
class KeepsSixteenPictures(_Limits):
    """Drops every picture of a message after the sixteenth, and does not say so."""

    def change(self, pictures: list[Look]) -> list[Look]:
        return pictures[:16]


@fault(MANY, symptom=Symptom.NOT_READ, also=(Symptom.ORDER,))
class KeepsTheLastTwenty(_Limits):
    """Drops the oldest pictures where there are more than twenty, and does not say so."""

    def change(self, pictures: list[Look]) -> list[Look]:
        return pictures[-20:]


@fault(MANY, symptom=Symptom.REFUSAL_BREAKS)
class CrashesOnManyPictures(_Limits):
    """Breaks where the pictures of a message fill the context: 500."""

    def change(self, pictures: list[Look]) -> list[Look]:
        if len(pictures) > 40:
            raise broken("CUDA out of memory. Tried to allocate 20.00 MiB.")
        return pictures
