"""Faults with what is seen in the bytes of a picture: sizes, colours, places."""

from __future__ import annotations

from PIL import Image

from conformance.model import Json, Symptom
from conformance.reference.conversation import Conversation, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.eyes.decode import PictureError
from conformance.reference.eyes.looking import Sight
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken
from conformance.tokens.rules import Rule

# ---------------------------------------------------------------- sizes


@fault("base64/size-is-read", symptom=Symptom.NOT_READ, where=("size",))
class CutsLongPictures(Endpoint):
    """Keeps the upper left of a picture, twice as long as wide, and cuts the rest off."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        image = super().decode(data)
        side = 2 * min(image.size)
        return image.crop((0, 0, min(image.width, side), min(image.height, side)))


@fault("base64/size-is-read", symptom=Symptom.REFUSED, where=("size",))
class RefusesLongPictures(Endpoint):
    """Refuses pictures that are five times as long as wide."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        image = super().decode(data)
        if max(image.size) > 5 * min(image.size):
            raise PictureError("absolute aspect ratio must be smaller than 5")
        return image


@fault("base64/extreme-size", symptom=Symptom.REFUSAL_BREAKS)
class CrashesOnLargePictures(Endpoint):
    """Runs out of memory on pictures of more than 10 megapixels: 500."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        image = super().decode(data)
        if image.width * image.height > 10_000_000:
            raise broken("CUDA out of memory")
        return image


@fault("base64/tiny-picture", symptom=Symptom.REFUSAL_BREAKS, where=("size",))
class CrashesOnTinyPictures(Endpoint):
    """Fails on pictures smaller than a patch: 500."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        image = super().decode(data)
        if min(image.size) < 14:
            raise broken("height and width must be larger than factor")
        return image


@fault("base64/tiny-picture", symptom=Symptom.SERVER_ERROR)
class DiesOfTinyPictures(Endpoint):
    """Answers a picture of one pixel, and nothing any more after it."""

    dead = False

    async def gather(self, body: dict[str, Json]) -> Conversation:
        if self.dead:
            raise broken("the engine is dead")
        conversation = await super().gather(body)
        self.dead = self.dead or any(look.width == 1 for look in looks(conversation))
        return conversation


# ---------------------------------------------------------------- what is seen


@fault(
    "base64/noisy-photograph",
    "acuity/colour-alone-is-read",
    "acuity/faint-print-is-read",
    symptom=Symptom.DEGRADED,
    also=(Symptom.NOT_READ,),
)
class TurnsBlackAndWhite(Endpoint):
    """Makes every pixel black or white, by a fixed threshold, before the model sees it."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        return super().decode(data).convert("L").point([0] * 64 + [255] * 192).convert("RGB")


@fault("base64/plain", "url/plain", symptom=Symptom.NOT_READ)
class MirrorsPictures(Endpoint):
    """Hands pictures to the model mirrored from left to right."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        return super().decode(data).transpose(Image.Transpose.FLIP_LEFT_RIGHT)


@fault("base64/plain", "url/plain", symptom=Symptom.NOT_READ)
class ShearsPictures(Endpoint):
    """Reads the rows of a picture with a wrong length, so that they slip to the side."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        image = super().decode(data)
        width, height = image.size
        pixels = image.tobytes() + bytes(3 * 3 * height)
        return Image.frombytes("RGB", (width + 3, height), pixels).crop((0, 0, width, height))


@fault("base64/plain", "url/plain", symptom=Symptom.NOT_READ)
class ShrinksToIcons(Endpoint):
    """Shrinks every picture to 32 pixels before the model sees it."""

    @classmethod
    def shrink(cls, image: Image.Image, detail: str, rule: Rule) -> Image.Image:
        small = image.copy()
        small.thumbnail((32, 32))
        return small


@fault("base64/colours-are-seen", "acuity/colour-alone-is-read", symptom=Symptom.DEGRADED)
class TurnsGrey(Endpoint):
    """Hands pictures to the model without colour."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        return super().decode(data).convert("L").convert("RGB")


@fault("base64/colours-are-seen", symptom=Symptom.DEGRADED)
class SwapsRedAndBlue(Endpoint):
    """Takes RGB for BGR."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        return Image.merge("RGB", super().decode(data).split()[::-1])


@fault("base64/colours-are-seen", "base64/shapes-are-counted", symptom=Symptom.DEGRADED)
class ReadsPrintOnly(Endpoint):
    """Puts the text of an OCR program in the place of every picture."""

    def look_at(self, data: bytes, detail: str) -> tuple[Sight, tuple[int, int]]:
        sight, size = super().look_at(data, detail)
        return Sight(codes=sight.codes), size


@fault(
    "base64/corner-is-found",
    "acuity/edges-are-read",
    symptom=Symptom.DEGRADED,
    also=(Symptom.NOT_READ,),
)
class CutsTheMargin(Endpoint):
    """Cuts a fifth of every picture off at the top and at the bottom."""

    @classmethod
    def shrink(cls, image: Image.Image, detail: str, rule: Rule) -> Image.Image:
        image = super().shrink(image, detail, rule)
        return image.crop((0, image.height // 5, image.width, image.height - image.height // 5))
