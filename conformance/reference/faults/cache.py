"""Faults that keep or mix up what belongs to different requests."""

from __future__ import annotations

import asyncio
import io
from typing import Any

from PIL import Image
from starlette.responses import Response

from conformance.model import Json, Symptom, canonical
from conformance.reference.addresses import Downloader, Loaded
from conformance.reference.conversation import Conversation, Look, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import rearranged, split, with_pictures
from conformance.reference.mind import NOTHING_SEEN, Thought

SEQUENCE = "cache/same-words-other-pictures"
WITH_AND_WITHOUT = "cache/same-words-with-and-without-pictures"
ALIKE = "cache/alike-pictures-are-told-apart"
TOGETHER = "cache/alike-pictures-in-one-message"
AT_ONCE = "cache/requests-at-once-stay-apart"
REPEATED = "cache/equal-requests-are-answered-alike"


def _words(conversation: Conversation) -> str:
    return "\n".join(said.words for said in conversation)


def _prefix(conversation: Conversation) -> str:
    """The words before the first picture; "" where a picture comes first, or none at all."""
    items = [item for said in conversation for item in said.items]
    first = next((n for n, item in enumerate(items) if isinstance(item, Look)), 0)
    return "\n".join(str(item) for item in items[:first])


def _showing(conversation: Conversation, shown: list[Look]) -> Conversation:
    """The conversation with other pictures in the places of its own."""
    left = list(shown)

    def change(items: Any) -> Any:
        count = len(split(items)[1])
        mine, left[:] = left[:count], left[count:]
        return with_pictures(items, mine)

    return rearranged(conversation, change)


#: Questions shorter than this, in characters, are not worth a place in a cache.
WORTH = 80


class _Keeps(Endpoint):
    """Has a place for what it keeps between requests."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kept: dict[Any, Any] = {}


# ---------------------------------------------------------------- one after the other


@fault(SEQUENCE, symptom=Symptom.ANOTHERS)
class FreezesAtTheSecondPicture(_Keeps):
    """Answers about the third picture after the same words, and all later ones, from the second."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        prefix, seen = _prefix(conversation), list(looks(conversation))
        if not prefix or len(seen) != 1:
            return conversation
        earlier = self.kept.setdefault(prefix, [])
        if seen[0] not in earlier:
            earlier.append(seen[0])
        return _showing(conversation, [earlier[min(earlier.index(seen[0]), 1)]])


@fault(
    SEQUENCE,
    symptom=Symptom.ANOTHERS,
    also=(Symptom.NOT_READ,),
    where=("words", "turn", "repeat"),
)
class KeysThePrefixByTokens(_Keeps):
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
        return _showing(conversation, shown)


@fault(SEQUENCE, symptom=Symptom.ANOTHERS)
class ReusesAnEvictedPlace(_Keeps):
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
        return _showing(conversation, [places[labels.index(seen[0]) % 6]])


@fault(WITH_AND_WITHOUT, symptom=Symptom.NOT_READ)
class AnswersAgainWithoutLooking(_Keeps):
    """Keeps the answer to a question without a picture, and gives it again with one."""

    async def answer(self, body: dict[str, Json], conversation: Conversation) -> Response:
        words = _words(conversation)
        if body.get("stream") or len(words) < WORTH:
            return await super().answer(body, conversation)
        if not looks(conversation):
            self.kept[words] = await super().answer(body, conversation)
        found: Response | None = self.kept.get(words)
        return found or await super().answer(body, conversation)


@fault(WITH_AND_WITHOUT, symptom=Symptom.ANOTHERS)
class KeepsPicturesByWords(_Keeps):
    """Keeps the picture of a question, and shows it again where the question comes alone."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        seen, words = looks(conversation), _words(conversation)
        if len(words) < WORTH:
            return conversation
        if seen:
            self.kept[words] = seen[-1:]
            return conversation
        again = self.kept.get(words, ())
        return rearranged(conversation, lambda items: (*again, *items))


class _ByName(Downloader):
    """Keeps downloads by the last part of their path."""

    def __init__(self, transport: Any = None) -> None:
        super().__init__(transport)
        self.kept: dict[str, Loaded] = {}

    async def get(self, url: str, path: str) -> Loaded:
        name = url.rpartition("/")[2]
        if name not in self.kept:
            self.kept[name] = await super().get(url, path)
        return self.kept[name]


@fault("cache/urls-of-one-name", symptom=Symptom.ANOTHERS, also=(Symptom.NOT_READ,), where=("way",))
class KeepsDownloadsByName(Endpoint):
    """Keeps downloads in a folder by their file name, whatever URL they came from."""

    downloader_kind = _ByName


# ---------------------------------------------------------------- pictures that are alike


class _KeepsLooks(_Keeps):
    """Keeps what it saw by a key that is too small."""

    def mark(self, data: bytes) -> Any:
        raise NotImplementedError

    async def look(self, loaded: Loaded, detail: str) -> Look:
        key = self.mark(loaded.data), detail
        if key not in self.kept:
            self.kept[key] = asyncio.ensure_future(super().look(loaded, detail))
        found: Look = await self.kept[key]
        return found


def _opened(data: bytes) -> Image.Image | None:
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            return image
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None


@fault(ALIKE, symptom=Symptom.ANOTHERS)
class KeysByRawPixels(_KeepsLooks):
    """Keeps pictures by a hash of their raw pixels, without width, height and mode."""

    def mark(self, data: bytes) -> Any:
        image = _opened(data)
        palette = image.getpalette() if image else None
        return (image.tobytes(), str(palette)) if image else data


@fault(ALIKE, TOGETHER, symptom=Symptom.ANOTHERS, also=(Symptom.NOT_READ,))
class KeysByPaletteIndices(_KeepsLooks):
    """Keeps pictures by size and pixels, which are indices where there is a palette."""

    def mark(self, data: bytes) -> Any:
        image = _opened(data)
        return (image.tobytes(), image.size) if image else data


@fault(ALIKE, TOGETHER, symptom=Symptom.ANOTHERS, also=(Symptom.NOT_READ,))
class KeysByTheFirstKilobyte(_KeepsLooks):
    """Keeps pictures by the first thousand characters of their base64."""

    def mark(self, data: bytes) -> Any:
        return data[:750]


@fault(ALIKE, TOGETHER, symptom=Symptom.ANOTHERS, also=(Symptom.NOT_READ,))
class KeysBySizeAndHeader(_KeepsLooks):
    """Keeps pictures by their length in bytes and their first 33 bytes, the PNG header."""

    def mark(self, data: bytes) -> Any:
        return len(data), data[:33]


@fault(ALIKE, TOGETHER, symptom=Symptom.ANOTHERS, also=(Symptom.NOT_READ,))
class KeysByThumbnail(_KeepsLooks):
    """Keeps pictures by a hash of the average, eight by eight, which forgives much."""

    def mark(self, data: bytes) -> Any:
        image = _opened(data)
        if image is None:
            return data
        small = image.convert("L").resize((8, 8), Image.Resampling.BOX).tobytes()
        mean = sum(small) / len(small)
        return image.size, bytes(level > mean for level in small)


# ---------------------------------------------------------------- at the same time


@fault(AT_ONCE, symptom=Symptom.ANOTHERS, also=(Symptom.NOT_READ,))
class SharesStateBetweenRequests(Endpoint):
    """Keeps the conversation on the server object, where the next request overwrites it."""

    heard: Conversation = ()

    async def gather(self, body: dict[str, Json]) -> Conversation:
        self.heard = await super().gather(body)
        await asyncio.sleep(0.005)
        return self.heard


@fault(AT_ONCE, symptom=Symptom.ANOTHERS)
class JoinsEqualQuestions(_Keeps):
    """Answers questions that are under way at once, and alike in words, from one picture."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        words = _words(conversation)
        shown = self.kept.setdefault(words, list(looks(conversation)))
        await asyncio.sleep(0.005)
        self.kept.pop(words, None)
        return _showing(conversation, shown) if shown else conversation


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


# ---------------------------------------------------------------- again and again


class _Rotates(_Keeps):
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
class HasAnInattentiveBackEnd(_Keeps):
    """Says to every twentieth of equal requests that there is no picture, and bills it."""

    def think(self, conversation: Conversation) -> Thought:
        shown = tuple((look.size, look.source) for look in looks(conversation))
        kind = _words(conversation), shown
        self.kept[kind] = self.kept.get(kind, 0) + 1
        blind = shown and self.kept[kind] % 20 == 0
        return NOTHING_SEEN if blind else super().think(conversation)
