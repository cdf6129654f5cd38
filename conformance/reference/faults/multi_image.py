"""Faults with several pictures: which are seen, in which order, and where among the words."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from conformance.model import Json, Symptom
from conformance.reference.conversation import Conversation, Item, Look, Said, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import (
    is_picture,
    rearranged,
    split,
    with_pictures,
    words_only,
)
from conformance.reference.faults._steps import Rearranges
from conformance.wire.jsontext import at

# ---------------------------------------------------------------- which are seen


@fault(
    "multi-image/every-picture-is-seen",
    "multi-image/question-before-or-after",
    symptom=Symptom.NOT_READ,
    where=("number",),
)
class SeesTheFirstOnly(Rearranges):
    """Keeps the first picture of a message and drops the others."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return with_pictures(items, split(items)[1][:1])


@fault(
    "multi-image/every-picture-is-seen",
    "multi-image/pictures-are-compared",
    symptom=Symptom.NOT_READ,
    where=("number",),
)
class SeesTheLastOnly(Rearranges):
    """Keeps the last picture of a message and drops the others."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return with_pictures(items, split(items)[1][-1:])


@fault("multi-image/every-picture-is-seen", symptom=Symptom.NOT_READ, where=("number",))
class SeesFourAtMost(Rearranges):
    """Drops every picture of a message after the fourth, and does not say so."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return with_pictures(items, split(items)[1][:4])


@fault("multi-image/every-picture-is-seen", symptom=Symptom.REFUSED, where=("number",))
class RefusesTwoPictures(Endpoint):
    """Refuses more than one picture in a request: the cap of an engine left at its default."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        if len(looks(conversation)) > 1:
            raise ApiError("At most 1 image(s) may be provided in one prompt.")
        return conversation


@fault(
    "multi-image/repeated-picture-keeps-its-place",
    "multi-image/same-picture-twice-costs-twice",
    symptom=Symptom.ORDER,
    also=(Symptom.BILL_LOW,),
)
class DropsRepeatedPictures(Rearranges):
    """Keeps each picture of a message once, so that those after a repeated one move up."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return with_pictures(items, list(dict.fromkeys(split(items)[1])))


# ---------------------------------------------------------------- in which order


@fault(
    "multi-image/order-is-kept",
    "multi-image/text-between-pictures-keeps-its-place",
    symptom=Symptom.ORDER,
    where=("number",),
)
class ReversesPictures(Rearranges):
    """Hands the pictures of a message to the model in reverse order."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return with_pictures(items, split(items)[1][::-1])


@fault("multi-image/order-is-kept", symptom=Symptom.ORDER, where=("number",))
class RotatesPictures(Rearranges):
    """Puts the first picture of a message last."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        pictures = split(items)[1]
        return with_pictures(items, pictures[1:] + pictures[:1])


@fault("multi-image/order-is-kept", symptom=Symptom.ORDER, where=("number",))
class PermutesThreeOrMore(Rearranges):
    """Keeps the order of two pictures, and sorts three or more by their size in bytes."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        pictures = split(items)[1]
        if len(pictures) < 3:
            return items
        return with_pictures(items, sorted(pictures, key=lambda look: (look.size, str(look.sight))))


@fault("multi-image/order-is-kept", symptom=Symptom.ORDER, where=("number",))
class SortsNumbersAsText(Rearranges):
    """Numbers pictures from 1 and sorts them by those numbers as text: 1, 10, 11, 2."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        pictures = split(items)[1]
        by_text = sorted(range(len(pictures)), key=lambda n: str(n + 1))
        return with_pictures(items, [pictures[n] for n in by_text])


@fault("multi-image/url-and-base64-mix", symptom=Symptom.ORDER)
class PutsDownloadsLast(Rearranges):
    """Appends what was downloaded after what came as data URLs."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return with_pictures(items, sorted(split(items)[1], key=lambda look: look.source))


@fault("multi-image/slow-picture-keeps-its-place", symptom=Symptom.ORDER)
class TakesDownloadsAsTheyCome(Endpoint):
    """Puts the pictures of a message into the order in which their downloads ended."""

    #: Downloads that end within this many seconds of each other come as they were asked for.
    moment = 0.3

    async def hear(self, message: Json, path: str) -> Said:
        began = time.monotonic()
        ends: dict[int, int] = {}

        async def taken(part: Json, number: int) -> Item | None:
            item = await self.take(part, f"{path}.content[{number}]")
            waited = time.monotonic() - began if isinstance(item, Look) else 0.0
            ends[number] = int(waited / self.moment)
            return item

        content = at(message, "content")
        if not isinstance(content, list) or not any(map(is_picture, content)):
            return await super().hear(message, path)
        found = await asyncio.gather(*(taken(part, n) for n, part in enumerate(content)))
        items = tuple(item for item in found if item is not None)
        shown = [n for n, item in enumerate(found) if isinstance(item, Look)]
        late = [found[n] for n in sorted(shown, key=lambda n: ends[n])]
        pictures = [item for item in late if isinstance(item, Look)]
        return Said(role=message["role"], items=with_pictures(items, pictures))


# ---------------------------------------------------------------- over several turns


@fault("multi-image/order-is-kept-across-turns", symptom=Symptom.ORDER, where=("turn", "number"))
class TakesTheNewestPicturesFirst(Endpoint):
    """Puts the pictures of five turns and more into the turns' places from the newest on."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        shown = list(looks(conversation))[::-1]
        if len(shown) < 5 or any(len(looks((said,))) > 1 for said in conversation):
            return conversation
        return rearranged(
            conversation,
            lambda items: with_pictures(items, [shown.pop(0) for _ in split(items)[1]]),
        )


@fault(
    "multi-image/each-turn-keeps-its-picture",
    "multi-image/order-is-kept-across-turns",
    "history/picture-after-examples-is-read",
    symptom=Symptom.ORDER,
    also=(Symptom.NOT_READ,),
    where=("turn", "words"),
)
class PutsNewTurnsFirst(Endpoint):
    """Gathers pictures from the newest turn backwards, and puts them before the conversation."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        pictures = tuple(look for said in conversation[::-1] for look in looks((said,)))
        first, *rest = map(words_only, conversation)
        return (replace(first, items=(*pictures, *first.items)), *rest)


@fault(
    "multi-image/text-between-pictures-keeps-its-place",
    symptom=Symptom.ORDER,
    also=(Symptom.NOT_READ,),
    where=("words",),
)
class MovesPicturesToTheLastTurn(Endpoint):
    """Gathers the pictures of a conversation in order, and puts them before the last question."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        last = max((n for n, said in enumerate(conversation) if said.role == "user"), default=0)
        words = rearranged(conversation, lambda items: tuple(split(items)[0]))
        moved = [replace(said, items=(*looks(conversation), *said.items)) for said in words]
        return (*words[:last], *moved[last : last + 1], *words[last + 1 :])


# ---------------------------------------------------------------- where among the words


@fault(
    "multi-image/text-between-pictures-keeps-its-place",
    symptom=Symptom.ORDER,
    also=(Symptom.NOT_READ,),
    where=("words",),
)
class PutsPicturesFirst(Rearranges):
    """Stacks all pictures of a message before its text, so that labels lose their place."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        words, pictures = split(items)
        return (*pictures, *words)


@fault("multi-image/text-between-pictures-keeps-its-place", symptom=Symptom.ORDER, where=("words",))
class PutsTextFirst(Rearranges):
    """Joins all text of a message and puts it before the pictures."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        words, pictures = split(items)
        return ("\n".join(words), *pictures) if words else items


@fault(
    "multi-image/label-among-unnamed-pictures",
    "multi-image/text-between-pictures-keeps-its-place",
    symptom=Symptom.ORDER,
    also=(Symptom.NOT_READ,),
    where=("words",),
)
class PutsPicturesBetweenTexts(Endpoint):
    """Keeps the first text of a message before its pictures, and puts the others after them."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        def change(items: tuple[Item, ...]) -> tuple[Item, ...]:
            words, pictures = split(items)
            return (*words[:1], *pictures, *words[1:]) if len(pictures) > 1 else items

        return rearranged(await super().gather(body), change)


@fault(
    "multi-image/question-before-or-after",
    "history/picture-among-text-parts-is-read",
    symptom=Symptom.NOT_READ,
    where=("words",),
)
class WantsPicturesFirst(Rearranges):
    """Loses every picture that comes after text."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        first = next((i for i, item in enumerate(items) if isinstance(item, str)), len(items))
        return (*items[:first], *(item for item in items[first:] if isinstance(item, str)))
