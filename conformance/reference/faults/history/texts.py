"""Faults with the texts beside pictures: lost, wanted, or in the way of the picture."""

from __future__ import annotations

from conformance.model import Json, Symptom
from conformance.reference.conversation import Conversation, Item, Look, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import rearranged, split, with_pictures
from conformance.reference.faults._steps import Rearranges, Rewrites

# ---------------------------------------------------------------- messages without text


@fault("history/picture-without-text-is-accepted", symptom=Symptom.REFUSED)
class NeedsTextInEveryMessage(Rewrites):
    """Refuses a message without text: an empty block is added, and turned down upstream."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        if not all(said.words.strip() for said in conversation):
            raise ApiError("messages: text content blocks must be non-empty")
        return conversation


@fault("history/question-in-another-message", symptom=Symptom.NOT_READ, where=("words", "turn"))
class SkipsMessagesWithoutText(Rewrites):
    """Skips messages that have no text, and their pictures with them."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        return tuple(said for said in conversation if said.words.strip())


# ---------------------------------------------------------------- texts that are lost


@fault("history/system-text-is-kept", symptom=Symptom.WORDS_LOST)
class DropsSystemTextBesidePictures(Rewrites):
    """Takes another path for pictures, one that has no place for the system message."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        if not looks(conversation):
            return conversation
        return tuple(said for said in conversation if said.role != "system")


@fault("history/earlier-text-is-kept", symptom=Symptom.WORDS_LOST, also=(Symptom.NOT_READ,))
class SendsTheLastTurnOnly(Rewrites):
    """Sends the last turn alone where that turn has a picture."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        return conversation[-1:] if looks(conversation[-1:]) else conversation


@fault(
    "multi-image/text-between-pictures-keeps-its-place",
    "history/every-text-part-is-kept",
    symptom=Symptom.WORDS_LOST,
    also=(Symptom.NOT_READ,),
    where=("words",),
)
class KeepsTheLastText(Rearranges):
    """Keeps the last text part of a message and drops the others."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        words, pictures = split(items)
        return (*pictures, *words[-1:])


class _Reitems(Endpoint):
    """Changes the items of every message that has a picture."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        raise NotImplementedError

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        return rearranged(conversation, lambda i: self.change(i) if split(i)[1] else i)


@fault("history/every-text-part-is-kept", symptom=Symptom.WORDS_LOST, where=("words",))
class KeepsTheFirstText(_Reitems):
    """Keeps the first text part beside a single picture and drops the others."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        words, pictures = split(items)
        return (*words[:1], *pictures) if len(pictures) == 1 else items


@fault(
    "history/every-text-part-is-kept",
    "history/earlier-text-is-kept",
    symptom=Symptom.WORDS_LOST,
    also=(Symptom.NOT_READ,),
)
class DropsTextBesidePictures(_Reitems):
    """Keeps either the text of a message or its pictures."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return tuple(split(items)[1])


# ---------------------------------------------------------------- pictures that a text costs


@fault("history/picture-among-text-parts-is-read", symptom=Symptom.NOT_READ)
class ExpectsPicturesAtTheEdge(_Reitems):
    """Keeps a picture that stands first or last in its message, and loses one among texts."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        edge = len(items) - 1
        kept = [i for n, i in enumerate(items) if isinstance(i, Look) and n in (0, edge)]
        return with_pictures(items, kept) if len(items) > 3 and len(split(items)[1]) == 1 else items


@fault("history/empty-text-beside-a-picture", symptom=Symptom.NOT_READ)
class TakesEmptyTextForTextAlone(_Reitems):
    """Takes a message with an empty text part for one of text alone, and drops its pictures."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return tuple(split(items)[0]) if "" in items else items
