"""Faults that mix up, or break on, requests that are under way at the same time."""

from __future__ import annotations

import asyncio

from starlette.responses import Response

from conformance.model import Json, Symptom
from conformance.reference.conversation import Conversation, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken
from conformance.reference.faults.cache._keeping import Keeps, showing, words_of

AT_ONCE = "cache/requests-at-once-stay-apart"


@fault(AT_ONCE, symptom=Symptom.ANOTHERS, also=(Symptom.NOT_READ,))
class SharesStateBetweenRequests(Endpoint):
    """Keeps the conversation on the server object, where the next request overwrites it."""

    heard: Conversation = ()

    async def gather(self, body: dict[str, Json]) -> Conversation:
        self.heard = await super().gather(body)
        await asyncio.sleep(0.005)
        return self.heard


@fault(AT_ONCE, symptom=Symptom.ANOTHERS)
class JoinsEqualQuestions(Keeps):
    """Answers questions that are under way at once, and alike in words, from one picture."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        words = words_of(conversation)
        shown = self.kept.setdefault(words, list(looks(conversation)))
        await asyncio.sleep(0.005)
        self.kept.pop(words, None)
        return showing(conversation, shown) if shown else conversation


@fault(AT_ONCE, symptom=Symptom.ANOTHERS, where=("stream",))
class SharesOneStream(Endpoint):
    """Writes all streams from one buffer, which the latest request fills."""

    heard: Conversation = ()

    async def answer(self, body: dict[str, Json], conversation: Conversation) -> Response:
        if not body.get("stream"):
            return await super().answer(body, conversation)
        self.heard = conversation
        await asyncio.sleep(0.02)
        return await super().answer(body, self.heard)


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
