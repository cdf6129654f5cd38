"""Pictures that are seen with less in them than was sent, under some conditions only."""

from __future__ import annotations

from contextvars import ContextVar

from PIL import Image

from conformance.model import Json, Symptom
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Conversation, Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.faults._parts import is_picture
from conformance.wire.jsontext import items_at
from unseen._parts import SeesOtherwise, format_of, opened, unseen

#: Pixels: what is longer is large.
LARGE = 1200
#: Pixels a side of what is left of a picture that is shrunk.
SMALL = 512
#: Whether the request under way has several pictures.
CROWDED: ContextVar[bool] = ContextVar("CROWDED", default=False)


def _shrunk(loaded: Loaded) -> Image.Image:
    image = opened(loaded.data)
    image.thumbnail((SMALL, SMALL))
    return image


@unseen("acuity/encodings-are-equally-legible", symptom=Symptom.DEGRADED, where=("format",))
class DecodesLargeWebpCoarsely(Endpoint):
    """Decodes a large WebP at a third of its size, and every other format at its own."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        image = super().decode(data)
        coarse = format_of(data) == "webp" and max(image.size) > LARGE
        return image.reduce(3) if coarse else image


@unseen("acuity/colour-alone-is-read", symptom=Symptom.DEGRADED, where=("way",))
class GreysDownloads(SeesOtherwise):
    """Hands downloaded pictures to the model without their colours, and others with them."""

    def otherwise(self, loaded: Loaded, look: Look) -> Image.Image | None:
        if loaded.source != "http":
            return None
        return opened(loaded.data).convert("L").convert("RGB")


@unseen("base64/colours-are-seen", symptom=Symptom.DEGRADED, where=("format",))
class TakesTheLumaOfJpegs(Endpoint):
    """Takes the brightness of a JPEG and leaves its two planes of colour."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        image = super().decode(data)
        return image.convert("L").convert("RGB") if format_of(data) == "jpeg" else image


@unseen("acuity/edges-are-read", symptom=Symptom.DEGRADED, where=("way", "size"))
class CropsWideDataUrls(SeesOtherwise):
    """Cuts the last thirtieth off a picture in a data URL that is over 1000 pixels wide."""

    def otherwise(self, loaded: Loaded, look: Look) -> Image.Image | None:
        if loaded.source != "data" or look.width <= 1000:
            return None
        image = opened(loaded.data)
        return image.crop((0, 0, image.width * 29 // 30, image.height * 29 // 30))


@unseen("detail/each-picture-keeps-its-detail", symptom=Symptom.DEGRADED, where=("number",))
class SharesOneBudgetOfPixels(SeesOtherwise):
    """Shrinks every picture to 512 pixels where a request has several, whatever their detail."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        parts = [p for m in items_at(body, "messages") for p in items_at(m, "content")]
        CROWDED.set(sum(map(is_picture, parts)) > 1)
        return await super().gather(body)

    def otherwise(self, loaded: Loaded, look: Look) -> Image.Image | None:
        return _shrunk(loaded) if CROWDED.get() else None


@unseen("detail/high-after-low-is-legible", symptom=Symptom.DEGRADED, where=("weight",))
class ShrinksWhatIsLargeAndHeavy(SeesOtherwise):
    """Shrinks a picture of over 110 kB and 1500 pixels to 512, and lighter ones not."""

    def otherwise(self, loaded: Loaded, look: Look) -> Image.Image | None:
        heavy = look.size > 110_000 and max(look.width, look.height) > 1500
        return _shrunk(loaded) if heavy else None
