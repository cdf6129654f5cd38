"""Faults that leave less of a picture than was sent: greyer, coarser, smaller, or in words."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace

from PIL import Image

from conformance.model import Json, Symptom
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Conversation, Item, Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.eyes.decode import PictureError, open_picture
from conformance.reference.fault import fault
from conformance.reference.faults._parts import rearranged
from conformance.tokens.rules import Rule

#: Pixels: a picture longer than this is large.
LARGE = 1200


def _written(image: Image.Image, kind: str, **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _opened(data: bytes) -> Image.Image | None:
    try:
        return open_picture(data)
    except PictureError:
        return None


# ---------------------------------------------------------------- greyer, coarser, smaller


@fault("acuity/colour-alone-is-read", symptom=Symptom.DEGRADED)
class GreysLargePictures(Endpoint):
    """Turns large pictures grey before the model sees them, to save memory."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        image = super().decode(data)
        return image.convert("L").convert("RGB") if max(image.size) > LARGE else image


@fault(
    "acuity/faint-print-is-read",
    "acuity/colour-alone-is-read",
    symptom=Symptom.DEGRADED,
    where=("way",),
)
class RecompressesDownloads(Endpoint):
    """Writes downloads of less than a megabyte as JPEG of quality 8 before they are passed on."""

    async def load(self, url: str, path: str) -> Loaded:
        loaded = await super().load(url, path)
        light = loaded.source == "http" and len(loaded.data) < 1_000_000
        image = _opened(loaded.data) if light else None
        return replace(loaded, data=_written(image, "JPEG", quality=8)) if image else loaded


@fault(
    "acuity/faint-print-is-read",
    "acuity/colour-alone-is-read",
    symptom=Symptom.DEGRADED,
    where=("size",),
)
class RecompressesLargePictures(Endpoint):
    """Writes large pictures as JPEG of quality 5, whichever way they came."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        image = super().decode(data)
        if max(image.size) <= LARGE:
            return image
        return open_picture(_written(image, "JPEG", quality=5))


@fault(
    "acuity/url-is-as-legible-as-data-url",
    "url/reads-what-the-data-url-reads",
    symptom=Symptom.DEGRADED,
    where=("way",),
)
class ShrinksDownloads(Endpoint):
    """Shrinks what it downloads to 512 pixels, and bills it as it was."""

    async def look(self, loaded: Loaded, detail: str) -> Look:
        look = await super().look(loaded, detail)
        if loaded.source != "http":
            return look
        small = open_picture(loaded.data)
        small.thumbnail((512, 512))
        shrunk = replace(loaded, data=_written(small, "PNG"))
        return replace(look, sight=(await super().look(shrunk, detail)).sight)


@fault(
    "url/reads-what-the-data-url-reads",
    "acuity/url-is-as-legible-as-data-url",
    symptom=Symptom.DEGRADED,
    where=("way",),
)
class FetchesThumbnails(Endpoint):
    """Passes pictures given by URL through a proxy that shrinks them."""

    async def look(self, loaded: Loaded, detail: str) -> Look:
        return await super().look(loaded, "low" if loaded.source == "http" else detail)


@fault("acuity/encodings-are-equally-legible", symptom=Symptom.DEGRADED)
class DecodesLargeJpegsCoarsely(Endpoint):
    """Decodes large JPEG files at a quarter of their size, as makers of thumbnails do."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        image = super().decode(data)
        coarse = data.startswith(b"\xff\xd8") and max(image.size) > LARGE
        return image.reduce(4) if coarse else image


@fault(
    "acuity/high-is-no-coarser-than-low",
    "detail/fine-print-is-legible-at-high",
    "detail/each-picture-keeps-its-detail",
    symptom=Symptom.DEGRADED,
    where=("detail", "size"),
)
class SwapsLowAndHigh(Endpoint):
    """Takes low for high and high for low where it shrinks, and not where it bills."""

    @classmethod
    def shrink(cls, image: Image.Image, detail: str, rule: Rule) -> Image.Image:
        return super().shrink(image, {"low": "high", "high": "low"}.get(detail, detail), rule)


@fault("acuity/small-picture-is-no-coarser", symptom=Symptom.DEGRADED)
class ShrinksSmallPictures(Endpoint):
    """Shrinks pictures of less than 1000 pixels a side to 256."""

    @classmethod
    def shrink(cls, image: Image.Image, detail: str, rule: Rule) -> Image.Image:
        fitted = super().shrink(image, detail, rule)
        if max(image.size) < 1000:
            fitted = fitted.copy()
            fitted.thumbnail((256, 256))
        return fitted


@fault("acuity/edges-are-read", symptom=Symptom.DEGRADED)
class TrimsTheEdges(Endpoint):
    """Cuts a sixtieth off every side of a picture."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        image = super().decode(data)
        x, y = image.width // 60, image.height // 60
        return image.crop((x, y, image.width - x, image.height - y))


# ---------------------------------------------------------------- in words


def _captioned(look: Look) -> Look:
    """What a sentence about a picture keeps of it: its print, and of many squares one colour."""
    colours = look.sight.colours
    if len(colours) <= 9:
        return look
    common = Counter(colours).most_common(1)[0][0]
    return replace(look, sight=replace(look.sight, colours=(common,) * len(colours)))


def _in_words(items: tuple[Item, ...]) -> tuple[Item, ...]:
    return tuple(_captioned(item) if isinstance(item, Look) else item for item in items)


@fault("acuity/second-look-is-possible", symptom=Symptom.DEGRADED)
class CaptionsPictures(Endpoint):
    """Lets another model describe each picture, and answers from the description."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        return rearranged(await super().gather(body), _in_words)


@fault("acuity/second-look-is-possible", symptom=Symptom.DEGRADED)
class CaptionsEarlierTurns(Endpoint):
    """Keeps of the pictures in earlier turns no more than a description."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        *earlier, last = await super().gather(body)
        return (*rearranged(tuple(earlier), _in_words), last)
