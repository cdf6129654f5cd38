"""Faults that bear a request that holds much, and then fail what comes after it."""

from __future__ import annotations

from typing import Any

from conformance.model import Json, Symptom
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Conversation, Look, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken
from conformance.reference.faults.limits._measures import MEGA, slimness

AFTER_HEAVY = "limits/heavy-picture-breaks-nothing"
AFTER_LARGE = "limits/large-picture-breaks-nothing"
AFTER_LONG = "limits/long-picture-breaks-nothing"
AFTER_MANY = "limits/many-pictures-break-nothing"


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
        return slimness(look) >= 200
