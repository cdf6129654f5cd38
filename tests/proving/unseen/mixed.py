"""Pictures that are taken for others: of another request, or of another place in their own."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from PIL import Image

from conformance.model import Json, Symptom
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Conversation, Item, Look, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.faults._parts import rearranged, split, with_pictures
from unseen._parts import format_of, unseen, words_of


class _Keeps(Endpoint):
    """Has a place for what it keeps between requests."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kept: dict[Any, Any] = {}


# ---------------------------------------------------------------- of another request


@unseen("cache/requests-at-once-stay-apart", symptom=Symptom.ANOTHERS, where=("stream", "repeat"))
class KeepsPicturesOfStreamsByWords(_Keeps):
    """Answers a streamed question from the picture of the first streamed one in equal words."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        if not body.get("stream") or not looks(conversation):
            return conversation
        first: Conversation = self.kept.setdefault(words_of(conversation), conversation)
        return first


@unseen("cache/same-words-other-pictures", symptom=Symptom.ANOTHERS, where=("words", "repeat"))
class KeepsPrefixesByKilobytes(_Keeps):
    """Knows a picture after the same words by its length in whole kilobytes."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        items = [item for said in conversation for item in said.items]
        if len(looks(conversation)) != 1 or not items or isinstance(items[0], Look):
            return conversation
        look = looks(conversation)[0]
        known = self.kept.setdefault((words_of(conversation), look.size // 1024), look)
        return rearranged(conversation, lambda own: with_pictures(own, [known]))


@unseen("base64/encoding-is-read", symptom=Symptom.ANOTHERS, where=("format",))
class KeysJpegsByTheirTables(_Keeps):
    """Knows a JPEG in a data URL by its size, mode and tables, which encoders share."""

    async def look(self, loaded: Loaded, detail: str) -> Look:
        look = await super().look(loaded, detail)
        if loaded.source != "data" or format_of(loaded.data) != "jpeg":
            return look
        with Image.open(io.BytesIO(loaded.data)) as image:
            tables = str(getattr(image, "quantization", ""))
            key = (image.size, image.mode, tables, detail)
        known: Look = self.kept.setdefault(key, look)
        return replace(look, sight=known.sight)


@unseen("url/failed-download-is-refused", symptom=Symptom.ANOTHERS, where=("host",))
class AnswersFailedDownloadsFromTheOneBefore(Endpoint):
    """Leaves the last download in its buffer, and answers a failed one from that."""

    before: Loaded | None = None

    async def load(self, url: str, path: str) -> Loaded:
        try:
            loaded = await super().load(url, path)
        except ApiError as error:
            if error.code != "invalid_image_url" or self.before is None:
                raise
            return self.before
        if loaded.source == "http":
            self.before = loaded
        return loaded


# ---------------------------------------------------------------- of another place


def _reversed(items: tuple[Item, ...]) -> tuple[Item, ...]:
    return with_pictures(items, split(items)[1][::-1])


@unseen("streaming/several-pictures-are-read", symptom=Symptom.ORDER, where=("stream",))
class ReversesPicturesOfStreams(Endpoint):
    """Hands several pictures to the model in reverse order where the reply is streamed."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        return rearranged(conversation, _reversed) if body.get("stream") else conversation


def _runs(items: tuple[Item, ...]) -> list[list[Look]]:
    """Pictures that follow each other without a text between them."""
    runs: list[list[Look]] = [[]]
    for item in items:
        if isinstance(item, Look):
            runs[-1].append(item)
        elif runs[-1]:
            runs.append([])
    return runs


def _from_the_end(items: tuple[Item, ...]) -> tuple[Item, ...]:
    return with_pictures(items, [look for run in _runs(items)[::-1] for look in run])


@unseen(
    "multi-image/text-between-pictures-keeps-its-place",
    "multi-image/label-among-unnamed-pictures",
    symptom=Symptom.ORDER,
    where=("words",),
)
class FillsInterleavedMessagesFromTheEnd(Endpoint):
    """Takes pictures that texts stand between from the last to the first, and no others."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        return rearranged(await super().gather(body), _from_the_end)


@unseen(
    "multi-image/each-turn-keeps-its-picture",
    "multi-image/order-is-kept-across-turns",
    symptom=Symptom.ORDER,
    where=("turn",),
)
class SwapsTheLastTwoPictureTurns(Endpoint):
    """Swaps the pictures of the last two turns where three turns or more have pictures."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = list(await super().gather(body))
        turns = [n for n, said in enumerate(conversation) if looks((said,))]
        if len(turns) < 3:
            return tuple(conversation)
        one, other = turns[-2:]
        for place, source in ((one, conversation[other]), (other, conversation[one])):
            said = conversation[place]
            shown = list(looks((source,)))
            conversation[place] = replace(said, items=with_pictures(said.items, shown))
        return tuple(conversation)


def _batches_reversed(items: tuple[Item, ...]) -> tuple[Item, ...]:
    shown = split(items)[1]
    batches = [shown[n : n + 8] for n in range(0, len(shown), 8)]
    return with_pictures(items, [look for batch in batches[::-1] for look in batch])


@unseen("multi-image/order-is-kept", symptom=Symptom.ORDER, where=("number",))
class StacksBatchesOfEight(Endpoint):
    """Reads pictures in batches of eight, and puts the later batches before the earlier."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        return rearranged(await super().gather(body), _batches_reversed)
