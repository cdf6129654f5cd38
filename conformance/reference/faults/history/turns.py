"""Faults with the pictures of earlier turns: forgotten, spoiled, or put in for later ones."""

from __future__ import annotations

from dataclasses import replace

from conformance.model import Json, Symptom
from conformance.reference.conversation import Conversation, Said, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import (
    broken,
    has_picture,
    has_role,
    rearranged,
    split,
    without_pictures,
    words_only,
)
from conformance.reference.faults._steps import Rewrites

# ---------------------------------------------------------------- forgotten


@fault(
    "multi-image/earlier-turn-is-seen",
    "multi-image/each-turn-keeps-its-picture",
    "history/picture-among-text-turns-is-read",
    symptom=Symptom.NOT_READ,
    where=("turn",),
)
class ForgetsEarlierPictures(Endpoint):
    """Keeps the pictures of the last turn only."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        return (*map(words_only, conversation[:-1]), conversation[-1])


@fault("multi-image/order-is-kept-across-turns", symptom=Symptom.NOT_READ)
class ForgetsWhatIsLongPast(Endpoint):
    """Keeps the pictures of the last sixteen messages and drops the earlier ones."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        return (*map(words_only, conversation[:-16]), *conversation[-16:])


@fault("history/picture-among-text-turns-is-read", symptom=Symptom.NOT_READ, where=("turn",))
class ErasesPicturesByTextTurns(Rewrites):
    """Loses every picture of a conversation that has a turn of text alone after it."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        plain = [s for s in conversation[:-1] if s.role == "user" and not looks((s,))]
        return without_pictures(conversation) if plain else conversation


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


def _is_from_before(said: Said, conversation: Conversation) -> bool:
    """Whether a message stands before the last one of the assistant."""
    answered = [n for n, other in enumerate(conversation) if other.role == "assistant"]
    return said in conversation[: answered[-1] if answered else 0]


def _spelt_out(said: Said) -> Said:
    """The message with the base64 of its pictures in their places."""
    items = [i if isinstance(i, str) else "A" * (i.size * 4 // 3) for i in said.items]
    return replace(said, items=tuple(items))


# ---------------------------------------------------------------- one for another


@fault(
    "history/picture-after-examples-is-read",
    symptom=Symptom.ORDER,
    also=(Symptom.NOT_READ,),
    where=("turn",),
)
class KeepsTheFirstOfEachConversation(Rewrites):
    """Keeps one picture for a conversation, the first, and answers every turn from it."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        if not has_role(conversation, "assistant"):
            return conversation
        first = looks(conversation)[:1]
        kept = without_pictures(conversation)
        return (*kept[:-1], replace(kept[-1], items=(*first, *kept[-1].items)))


@fault(
    "history/picture-after-examples-is-read",
    symptom=Symptom.ORDER,
    also=(Symptom.NOT_READ,),
    where=("turn",),
)
class ShowsThePictureBefore(Rewrites):
    """Shows the model the newest picture of the turns before in the place of the one just sent."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        last = max((n for n, s in enumerate(conversation) if s.role == "assistant"), default=0)
        seen = looks(conversation[:last])
        if not seen:
            return conversation
        return rearranged(conversation, lambda items: (*seen[-1:], *split(items)[0]))


@fault(
    "multi-image/each-turn-keeps-its-picture",
    symptom=Symptom.NOT_READ,
    also=(Symptom.ORDER,),
    where=("number", "turn"),
)
class RepeatsTheNewestPicture(Endpoint):
    """Puts the newest picture in the place of every earlier one."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        newest = looks(conversation)[-1:]
        return rearranged(
            conversation,
            lambda items: tuple(i if isinstance(i, str) else newest[0] for i in items),
        )


# ---------------------------------------------------------------- refused, or broken on


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
    "history/picture-after-examples-is-read",
    "history/same-picture-in-two-turns",
    symptom=Symptom.SERVER_ERROR,
    where=("turn",),
)
class CrashesOnSecondPictureTurns(Rewrites):
    """Breaks where a second turn brings a picture: 500."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        if sum(bool(looks((said,))) for said in conversation) > 1 and has_role(
            conversation, "assistant"
        ):
            raise broken("RuntimeError: shape mismatch")
        return conversation


@fault("history/picture-among-text-turns-is-read", symptom=Symptom.SERVER_ERROR, where=("turn",))
class CountsTurnsAsPictures(Rewrites):
    """Expects a picture in every turn but the last, and breaks where there is none: 500."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        asked = [said for said in conversation[:-1] if said.role == "user"]
        if looks(conversation) and not all(looks((said,)) for said in asked):
            raise broken("More images were provided than image tokens.")
        return conversation


@fault("history/same-picture-in-two-turns", symptom=Symptom.SERVER_ERROR)
class TripsOverRepeatedPictures(Rewrites):
    """Keeps pictures by their contents, and misses one that comes in two turns: 500."""

    def rewrite(self, conversation: Conversation) -> Conversation:
        seen = [look for said in conversation for look in set(looks((said,)))]
        if len(set(seen)) < len(seen):
            raise broken("Expected a cached item for mm_hash.")
        return conversation
