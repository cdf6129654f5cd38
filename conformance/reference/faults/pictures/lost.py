"""Faults that lose pictures on their way to the model, and answer all the same."""

from __future__ import annotations

import random
from typing import Any

from conformance.drawing import codes
from conformance.model import Json, Symptom
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Conversation, Item, Look, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import is_http, is_picture, url_in
from conformance.reference.mind import Thought


@fault("base64/plain", "url/plain", symptom=Symptom.NOT_READ)
class Blind(Endpoint):
    """Drops every picture before the model, which then says that it sees none."""

    async def take(self, part: Json, path: str) -> Item | None:
        return None if is_picture(part) else await super().take(part, path)


@fault("base64/plain", "url/plain", symptom=Symptom.MADE_UP)
class GuessesBlindly(Endpoint):
    """Drops every picture, and its model makes up what it was asked for with confidence."""

    def think(self, conversation: Conversation) -> Thought:
        if not looks(conversation):
            return super().think(conversation)
        return Thought(codes=tuple(codes.draw(random.Random()) for _ in looks(conversation)))


@fault("base64/plain", "url/plain", symptom=Symptom.MADE_UP)
class ListsManyGuesses(Endpoint):
    """Drops every picture, and its model names hundreds of codes at once."""

    def think(self, conversation: Conversation) -> Thought:
        if not looks(conversation):
            return super().think(conversation)
        return Thought(codes=tuple(codes.draw(random.Random()) for _ in range(500)))


@fault("base64/plain", "url/plain", symptom=Symptom.NOT_READ)
class LosesUploads(Endpoint):
    """Fails to upload a data URL without a word, and is forbidden to fetch any other."""

    async def take(self, part: Json, path: str) -> Item | None:
        if is_http(url_in(part)):
            raise ApiError("Forbidden", status=403)
        return None if is_picture(part) else await super().take(part, path)


@fault("base64/plain", "url/plain", symptom=Symptom.NOT_READ)
class ReadsPictureBytesAsText(Endpoint):
    """Gives the model the bytes of a picture as text, and bills them as such."""

    async def look(self, loaded: Loaded, detail: str) -> Any:
        await super().look(loaded, detail)
        return "x" * (4 * len(loaded.data))


@fault(
    "base64/colours-are-seen",
    "base64/shapes-are-counted",
    symptom=Symptom.NOT_READ,
    also=(Symptom.DEGRADED,),
)
class StripsWhatTakesLongToDescribe(Endpoint):
    """Has pictures described in a few words, and drops one whose description comes back empty."""

    async def take(self, part: Json, path: str) -> Item | None:
        item = await super().take(part, path)
        if not isinstance(item, Look) or item.sight.codes:
            return item
        return None if len(item.sight.colours) + len(item.sight.tally) > 5 else item
