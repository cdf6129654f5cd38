"""Faults that answer equal requests now so, now otherwise: back ends that are not alike."""

from __future__ import annotations

from conformance.model import Json, Symptom, canonical
from conformance.reference.conversation import Conversation, looks
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import rearranged, split
from conformance.reference.faults.cache._keeping import Keeps, words_of
from conformance.reference.mind import NOTHING_SEEN, Thought

REPEATED = "cache/equal-requests-are-answered-alike"


class _Rotates(Keeps):
    """Sends the first request of a kind to its best back end, and equal ones after it in turn."""

    every = 4

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        if not looks(conversation):
            return conversation
        kind = canonical(body)
        self.kept[kind] = self.kept.get(kind, 0) + 1
        return conversation if self.kept[kind] % self.every else self.otherwise(conversation)

    def otherwise(self, conversation: Conversation) -> Conversation:
        raise NotImplementedError


@fault(REPEATED, symptom=Symptom.UNSTEADY)
class HasOneBlindBackEnd(_Rotates):
    """Sends every fourth of equal requests to a back end that does not get pictures."""

    def otherwise(self, conversation: Conversation) -> Conversation:
        return rearranged(conversation, lambda items: tuple(split(items)[0]))


@fault(REPEATED, symptom=Symptom.UNSTEADY)
class HasOneBackEndForTextOnly(_Rotates):
    """Sends every fifth of equal requests to a back end that refuses pictures."""

    every = 5

    def otherwise(self, conversation: Conversation) -> Conversation:
        raise ApiError("No endpoints found that support image input.", status=404)


@fault(REPEATED, symptom=Symptom.UNSTEADY)
class HasOneBlindBackEndInTwenty(HasOneBlindBackEnd):
    """Sends every twentieth of equal requests to a back end that does not get pictures."""

    every = 20


@fault(REPEATED, symptom=Symptom.UNSTEADY)
class HasAnInattentiveBackEnd(Keeps):
    """Says to every twentieth of equal requests that there is no picture, and bills it."""

    def think(self, conversation: Conversation) -> Thought:
        shown = tuple((look.size, look.source) for look in looks(conversation))
        kind = words_of(conversation), shown
        self.kept[kind] = self.kept.get(kind, 0) + 1
        blind = shown and self.kept[kind] % 20 == 0
        return NOTHING_SEEN if blind else super().think(conversation)
