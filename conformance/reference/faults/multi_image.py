"""Faults with several pictures: which are seen, in which order, in which turn and request."""

from __future__ import annotations

import asyncio
import re
import time
import zlib
from dataclasses import replace

from conformance.model import Json, Symptom, canonical
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Conversation, Item, Look, Said, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import is_picture, rearranged, split, with_pictures
from conformance.wire.jsontext import at


class _Rearranges(Endpoint):
    """Changes the items of every message."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        raise NotImplementedError

    async def gather(self, body: dict[str, Json]) -> Conversation:
        return rearranged(await super().gather(body), self.change)


@fault(
    "multi-image/every-picture-is-seen",
    "multi-image/question-before-or-after",
    symptom=Symptom.NOT_READ,
    where=("number",),
)
class SeesTheFirstOnly(_Rearranges):
    """Keeps the first picture of a message and drops the others."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return with_pictures(items, split(items)[1][:1])


@fault(
    "multi-image/every-picture-is-seen",
    "multi-image/pictures-are-compared",
    symptom=Symptom.NOT_READ,
    where=("number",),
)
class SeesTheLastOnly(_Rearranges):
    """Keeps the last picture of a message and drops the others."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return with_pictures(items, split(items)[1][-1:])


@fault("multi-image/every-picture-is-seen", symptom=Symptom.NOT_READ, where=("number",))
class SeesFourAtMost(_Rearranges):
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
    "multi-image/order-is-kept",
    "multi-image/text-between-pictures-keeps-its-place",
    symptom=Symptom.ORDER,
    where=("number",),
)
class ReversesPictures(_Rearranges):
    """Hands the pictures of a message to the model in reverse order."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return with_pictures(items, split(items)[1][::-1])


@fault("multi-image/order-is-kept", symptom=Symptom.ORDER, where=("number",))
class RotatesPictures(_Rearranges):
    """Puts the first picture of a message last."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        pictures = split(items)[1]
        return with_pictures(items, pictures[1:] + pictures[:1])


@fault("multi-image/order-is-kept", symptom=Symptom.ORDER, where=("number",))
class PermutesThreeOrMore(_Rearranges):
    """Keeps the order of two pictures, and sorts three or more by their size in bytes."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        pictures = split(items)[1]
        if len(pictures) < 3:
            return items
        return with_pictures(items, sorted(pictures, key=lambda look: (look.size, str(look.sight))))


@fault("multi-image/order-is-kept", symptom=Symptom.ORDER, where=("number",))
class SortsNumbersAsText(_Rearranges):
    """Numbers pictures from 1 and sorts them by those numbers as text: 1, 10, 11, 2."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        pictures = split(items)[1]
        by_text = sorted(range(len(pictures)), key=lambda n: str(n + 1))
        return with_pictures(items, [pictures[n] for n in by_text])


@fault(
    "multi-image/repeated-picture-keeps-its-place",
    "multi-image/same-picture-twice-costs-twice",
    symptom=Symptom.ORDER,
    also=(Symptom.BILL_LOW,),
)
class DropsRepeatedPictures(_Rearranges):
    """Keeps each picture of a message once, so that those after a repeated one move up."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return with_pictures(items, list(dict.fromkeys(split(items)[1])))


@fault("multi-image/order-is-kept-across-turns", symptom=Symptom.NOT_READ)
class ForgetsWhatIsLongPast(Endpoint):
    """Keeps the pictures of the last sixteen messages and drops the earlier ones."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        return (*map(_words_only, conversation[:-16]), *conversation[-16:])


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


@fault("multi-image/same-picture-twice-costs-twice", symptom=Symptom.BILL_LOW)
class CountsEqualPicturesOnce(Endpoint):
    """Sends equal pictures of a request to the model once, and counts them once."""

    def bill(self, conversation: Conversation) -> int:
        return sum(self.price(look) for look in dict.fromkeys(looks(conversation)))


@fault(
    "multi-image/text-between-pictures-keeps-its-place",
    symptom=Symptom.ORDER,
    also=(Symptom.NOT_READ,),
    where=("words",),
)
class PutsPicturesFirst(_Rearranges):
    """Stacks all pictures of a message before its text, so that labels lose their place."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        words, pictures = split(items)
        return (*pictures, *words)


@fault("multi-image/text-between-pictures-keeps-its-place", symptom=Symptom.ORDER, where=("words",))
class PutsTextFirst(_Rearranges):
    """Joins all text of a message and puts it before the pictures."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        words, pictures = split(items)
        return ("\n".join(words), *pictures) if words else items


@fault(
    "multi-image/text-between-pictures-keeps-its-place",
    "history/every-text-part-is-kept",
    symptom=Symptom.WORDS_LOST,
    also=(Symptom.NOT_READ,),
    where=("words",),
)
class KeepsTheLastText(_Rearranges):
    """Keeps the last text part of a message and drops the others."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        words, pictures = split(items)
        return (*pictures, *words[-1:])


@fault(
    "multi-image/question-before-or-after",
    "history/picture-among-text-parts-is-read",
    symptom=Symptom.NOT_READ,
    where=("words",),
)
class WantsPicturesFirst(_Rearranges):
    """Loses every picture that comes after text."""

    def change(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        first = next((i for i, item in enumerate(items) if isinstance(item, str)), len(items))
        return (*items[:first], *(item for item in items[first:] if isinstance(item, str)))


@fault("multi-image/url-and-base64-mix", symptom=Symptom.ORDER)
class PutsDownloadsLast(_Rearranges):
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
        return (*map(_words_only, conversation[:-1]), conversation[-1])


def _words_only(said: Said) -> Said:
    return replace(said, items=tuple(item for item in said.items if isinstance(item, str)))


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
        first, *rest = map(_words_only, conversation)
        return (replace(first, items=(*pictures, *first.items)), *rest)


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


@fault(
    "multi-image/next-picture-is-seen-afresh",
    "cache/same-words-other-pictures",
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


class _CachesLooks(Endpoint):
    """Keeps what it saw by a key that is too small."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self.seen: dict[object, Look] = {}

    def mark(self, loaded: Loaded) -> object:
        raise NotImplementedError

    async def look(self, loaded: Loaded, detail: str) -> Look:
        key = self.mark(loaded)
        if key not in self.seen:
            self.seen[key] = await super().look(loaded, detail)
        return self.seen[key]


@fault(
    "multi-image/next-picture-is-seen-afresh",
    "cache/same-words-other-pictures",
    symptom=Symptom.ANOTHERS,
    also=(Symptom.NOT_READ,),
)
class CachesByTheFirstBytes(_CachesLooks):
    """Keeps pictures by their first 32 bytes, which many PNG files share."""

    def mark(self, loaded: Loaded) -> object:
        return loaded.data[:32]


@fault(
    "multi-image/every-picture-is-seen",
    "multi-image/next-picture-is-seen-afresh",
    "cache/same-words-other-pictures",
    symptom=Symptom.ANOTHERS,
    also=(Symptom.NOT_READ,),
)
class CachesByAShortHash(_CachesLooks):
    """Keeps pictures by a hash of one bit, so that most pairs of them collide."""

    def mark(self, loaded: Loaded) -> object:
        return zlib.crc32(loaded.data) % 2
