"""Faults that were seen in public: labels, hidden colours, long texts, what is kept by detail."""

from __future__ import annotations

import asyncio
import io
from typing import Any

from PIL import Image

from conformance.model import Json, Symptom
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Conversation, Item, Look, Said, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, rearranged, split
from conformance.wire.jsontext import at, items_at

PAD = "<|image_pad|>"


@fault("placeholders/pictures-beside-one-keep-their-labels", symptom=Symptom.ORDER)
class ShiftsPicturesToPlaceholders(Endpoint):
    """Puts the first picture where <|image_pad|> stands in a text, and the next in its place."""

    async def hear(self, message: Json, path: str) -> Said:
        said = await super().hear(message, path)
        words, pictures = split(said.items)
        if not pictures or not any(PAD in text for text in words):
            return said
        left = iter(pictures)
        items: list[Item] = []
        for item in said.items:
            if isinstance(item, str) and PAD in item:
                before, _, after = item.partition(PAD)
                items += [before, next(left), after]
            elif isinstance(item, str):
                items.append(item)
            else:
                items += [look for look in (next(left, None),) if look]
        return Said(role=said.role, items=tuple(items))


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


@fault("errors/sound-json-is-not-called-bad", symptom=Symptom.WRONG_ERROR)
class CallsToolPicturesBadJson(Endpoint):
    """Refuses a picture in a tool message as an invalid JSON request."""

    def validate(self, body: dict[str, Json]) -> None:
        for message in items_at(body, "messages"):
            if at(message, "role") == "tool" and items_at(message, "content"):
                raise ApiError("invalid JSON request")
        super().validate(body)


@fault("base64/image-jpg-is-a-jpeg", symptom=Symptom.REFUSED)
class WantsRegisteredTypes(Endpoint):
    """Refuses image/jpg: its upstream knows image/jpeg, image/png, image/gif and image/webp."""

    async def load(self, url: str, path: str) -> Loaded:
        if url.startswith("data:image/jpg"):
            raise ApiError("media_type: Input should be 'image/jpeg'", param=path)
        return await super().load(url, path)


@fault("base64/transparent-is-not-seen", symptom=Symptom.DEGRADED)
class DropsAlpha(Endpoint):
    """Keeps three channels of four, and shows what is under the transparent ones."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        image = super().decode(data)
        with Image.open(io.BytesIO(data)) as raw:
            return raw.convert("RGB") if raw.mode == "RGBA" else image


@fault(
    "detail/high-after-low-is-legible", symptom=Symptom.DEGRADED, also=(Symptom.BILL_INCONSISTENT,)
)
class KeysWithoutDetail(Endpoint):
    """Keeps what it saw of a picture by its bytes, and does not look again at another detail."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kept: dict[bytes, Any] = {}

    async def look(self, loaded: Loaded, detail: str) -> Look:
        if loaded.data not in self.kept:
            self.kept[loaded.data] = asyncio.ensure_future(super().look(loaded, detail))
        found: Look = await self.kept[loaded.data]
        return found
