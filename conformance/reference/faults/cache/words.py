"""Faults that know a request by its words, and mix up what comes one after the other."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from conformance.model import Json, Symptom, canonical
from conformance.reference.conversation import Conversation, Look, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, rearranged
from conformance.reference.faults.cache._keeping import Keeps, showing, words_of

SEQUENCE = "cache/same-words-other-pictures"
WITH_AND_WITHOUT = "cache/same-words-with-and-without-pictures"

#: Questions shorter than this, in characters, are not worth a place in a cache.
WORTH = 80


def _prefix(conversation: Conversation) -> str:
    """The words before the first picture; "" where a picture comes first, or none at all."""
    items = [item for said in conversation for item in said.items]
    first = next((n for n, item in enumerate(items) if isinstance(item, Look)), 0)
    return "\n".join(str(item) for item in items[:first])


# ---------------------------------------------------------------- the same words, other pictures


@fault(SEQUENCE, symptom=Symptom.ANOTHERS)
class FreezesAtTheSecondPicture(Keeps):
    """Answers about the third picture after the same words, and all later ones, from the second."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        prefix, seen = _prefix(conversation), list(looks(conversation))
        if not prefix or len(seen) != 1:
            return conversation
        earlier = self.kept.setdefault(prefix, [])
        if seen[0] not in earlier:
            earlier.append(seen[0])
        return showing(conversation, [earlier[min(earlier.index(seen[0]), 1)]])


@fault(
    SEQUENCE,
    symptom=Symptom.ANOTHERS,
    also=(Symptom.NOT_READ,),
    where=("words", "turn", "repeat"),
)
class KeysThePrefixByTokens(Keeps):
    """Keys its prefix cache by tokens, and those of a picture say nothing but its size."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        prefix: tuple[Any, ...] = ()
        shown: list[Look] = []
        for item in (item for said in conversation for item in said.items):
            if isinstance(item, Look):
                prefix += (item.width, item.height)
                # A prefix of pictures alone is too short to be kept.
                worth = any(isinstance(token, str) for token in prefix)
                shown.append(self.kept.setdefault(prefix, item) if worth else item)
            else:
                prefix += (item,)
        return showing(conversation, shown)


@fault(SEQUENCE, symptom=Symptom.ANOTHERS)
class ReusesAnEvictedPlace(Keeps):
    """Keeps six pictures for a prefix, puts the seventh into a place of them, not its label."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        prefix, seen = _prefix(conversation), list(looks(conversation))
        if not prefix or len(seen) != 1:
            return conversation
        labels, places = self.kept.setdefault(prefix, ([], {}))
        if seen[0] not in labels:
            places[len(labels) % 6] = seen[0]
            labels.append(seen[0])
        return showing(conversation, [places[labels.index(seen[0]) % 6]])


@fault(SEQUENCE, symptom=Symptom.SERVER_ERROR)
class ReusesBlocksOfThePicture(Endpoint):
    """Reuses the blocks of a prefix, and fails where the next picture is another one: 500."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.first: dict[str, Look] = {}

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        seen = looks(conversation)
        items = [item for said in conversation for item in said.items]
        if len(conversation) == len(seen) == 1 and isinstance(items[0], str):
            known = self.first.setdefault(items[0], seen[0])
            if known.sight != seen[0].sight:
                raise broken("Multimodal token count mismatch")
        return conversation


@fault(SEQUENCE, symptom=Symptom.ANOTHERS)
class SticksToTheFirstPicture(Keeps):
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


@fault(
    "multi-image/next-picture-is-seen-afresh",
    SEQUENCE,
    symptom=Symptom.ANOTHERS,
)
class CachesByTextOnly(Endpoint):
    """Answers from the first request with the same words, whatever pictures come with them."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self.first: dict[str, dict[str, Json]] = {}

    async def gather(self, body: dict[str, Json]) -> Conversation:
        words = re.sub(r'"url":"[^"]*"', '"url":""', canonical(body["messages"]))
        return await super().gather(self.first.setdefault(words, body))


# ---------------------------------------------------------------- with and without a picture


@fault(WITH_AND_WITHOUT, symptom=Symptom.NOT_READ)
class AnswersAgainWithoutLooking(Keeps):
    """Keeps the answer to a question without a picture, and gives it again with one."""

    async def answer(self, body: dict[str, Json], conversation: Conversation) -> Response:
        words = words_of(conversation)
        if body.get("stream") or len(words) < WORTH:
            return await super().answer(body, conversation)
        if not looks(conversation):
            self.kept[words] = await super().answer(body, conversation)
        found: Response | None = self.kept.get(words)
        return found or await super().answer(body, conversation)


@fault(WITH_AND_WITHOUT, symptom=Symptom.ANOTHERS)
class KeepsPicturesByWords(Keeps):
    """Keeps the picture of a question, and shows it again where the question comes alone."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        seen, words = looks(conversation), words_of(conversation)
        if len(words) < WORTH:
            return conversation
        if seen:
            self.kept[words] = seen[-1:]
            return conversation
        again = self.kept.get(words, ())
        return rearranged(conversation, lambda items: (*again, *items))


@fault("multi-image/nothing-is-remembered", symptom=Symptom.ANOTHERS)
class RemembersTheLastPicture(Endpoint):
    """Shows the model the picture of the request before where a request has none."""

    last: tuple[Look, ...] = ()

    async def gather(self, body: dict[str, Json]) -> Conversation:
        *earlier, final = await super().gather(body)
        seen = looks((*earlier, final))
        if not seen:
            return (*earlier, replace(final, items=(*self.last, *final.items)))
        self.last = seen[-1:]
        return (*earlier, final)
