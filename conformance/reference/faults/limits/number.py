"""Faults with many pictures in a request, or with many words between them."""

from __future__ import annotations

from typing import Any

from conformance.model import Json, Symptom
from conformance.reference.conversation import Conversation, Item, Look, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, rearranged, split, with_pictures

MANY = "limits/many-pictures-are-read-or-refused"


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


@fault(
    "limits/pictures-far-apart-are-read-or-refused",
    symptom=Symptom.REFUSAL_BREAKS,
    also=(Symptom.SERVER_ERROR,),
)
class BreaksBetweenBatches(Endpoint):
    """Keeps the start of a long prompt, and panics where it ends between two pictures: 500."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kept: set[Conversation] = set()

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        words = sum(len(said.words) for said in conversation)
        if len(looks(conversation)) > 1 and words > 8000:
            if conversation in self.kept:
                raise broken("panic: failed to sample token: no logits")
            self.kept.add(conversation)
        return conversation
