"""Faults with pictures given as data URLs."""

from __future__ import annotations

import io
import random

from PIL import Image

from conformance.drawing import codes
from conformance.model import Json, Symptom
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Conversation, Item, Look, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.eyes.decode import PictureError, UndecodablePicture, UnsupportedPicture
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, is_picture, url_in, without
from conformance.reference.mind import Thought

# ---------------------------------------------------------------- blindness


@fault("base64/plain", "url/plain", symptom=Symptom.NOT_READ)
class Blind(Endpoint):
    """Drops every picture before the model, which then says that it sees none."""

    async def take(self, part: Json, path: str) -> Item | None:
        return None if is_picture(part) else await super().take(part, path)


@fault("base64/plain", "url/plain", symptom=Symptom.MADE_UP)
class GuessesBlindly(Endpoint):
    """Drops every picture, and its model makes up what it was asked for with confidence."""

    def think(self, conversation: Conversation) -> Thought:
        if not looks(conversation):
            return super().think(conversation)
        return Thought(codes=tuple(codes.draw(random.Random()) for _ in looks(conversation)))


@fault("base64/plain", "url/plain", symptom=Symptom.MADE_UP)
class ListsManyGuesses(Endpoint):
    """Drops every picture, and its model names hundreds of codes at once."""

    def think(self, conversation: Conversation) -> Thought:
        if not looks(conversation):
            return super().think(conversation)
        return Thought(codes=tuple(codes.draw(random.Random()) for _ in range(500)))


@fault("base64/plain", symptom=Symptom.NOT_READ, where=("way",))
class DropsDataUrls(Endpoint):
    """Leaves pictures given as data URLs out of the prompt, and answers all the same."""

    async def take(self, part: Json, path: str) -> Item | None:
        dropped = str(url_in(part)).startswith("data:")
        return None if dropped else await super().take(part, path)


@fault("base64/plain", symptom=Symptom.REFUSED, where=("way",))
class FetchesDataUrls(Endpoint):
    """Takes a data URL for an address to download from, and refuses it."""

    async def load(self, url: str, path: str) -> Loaded:
        return await self.downloader.get(url, path)


# ---------------------------------------------------------------- syntax and what is no picture


@fault(
    "base64/unusual-spelling",
    symptom=Symptom.NOT_READ,
    also=(Symptom.OVERLOOKED,),
    where=("spelling",),
)
class WantsALowerCasePrefix(Endpoint):
    """Knows 'data:' in lower case only, and leaves a picture with another prefix out."""

    async def take(self, part: Json, path: str) -> Item | None:
        odd = is_picture(part) and not str(url_in(part)).startswith(("data:", "http"))
        return None if odd else await super().take(part, path)


@fault(
    "base64/unusual-spelling",
    "base64/declared-type-unlike-the-bytes",
    symptom=Symptom.NOT_READ,
    where=("spelling", "format"),
)
class WantsAPlainPrefix(Endpoint):
    """Leaves a data URL out that begins otherwise than 'data:image/png;base64,'."""

    async def take(self, part: Json, path: str) -> Item | None:
        head = str(url_in(part)).partition(",")[0]
        known = head.startswith("http") or head == "data:image/png;base64"
        return None if is_picture(part) and not known else await super().take(part, path)


@fault(
    "base64/broken-data-url-is-refused",
    "base64/bytes-that-are-no-picture-are-refused",
    symptom=Symptom.OVERLOOKED,
    where=("damaged", "spelling", "host"),
)
class AnswersWithoutThePicture(Endpoint):
    """Leaves a picture out that cannot be decoded, and answers all the same."""

    async def take(self, part: Json, path: str) -> Item | None:
        try:
            return await super().take(part, path)
        except ApiError:
            return None


@fault(
    "base64/broken-data-url-is-refused",
    "base64/unusual-spelling",
    symptom=Symptom.REFUSAL_BREAKS,
    where=("spelling", "damaged"),
)
class CrashesOnBadBase64(Endpoint):
    """Lets the error of the base64 decoder through: binascii.Error, 500."""

    async def load(self, url: str, path: str) -> Loaded:
        try:
            return await super().load(url, path)
        except ApiError as error:
            if "base64" not in error.message:
                raise
            raise broken("binascii.Error: Incorrect padding") from None


@fault("base64/missing-image-url-is-refused", symptom=Symptom.OVERLOOKED)
class OverlooksEmptyParts(Endpoint):
    """Leaves a picture part without image_url out, and answers all the same."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        return without(super().parse(raw), lambda part: "image_url" not in part)


@fault("base64/declared-type-unlike-the-bytes", symptom=Symptom.NOT_READ, where=("spelling",))
class TrustsTheDeclaredType(Endpoint):
    """Passes pictures on under the type they are declared as, where the wrong ones get lost."""

    async def take(self, part: Json, path: str) -> Item | None:
        item = await super().take(part, path)
        url = str(url_in(part))
        if not isinstance(item, Look) or not url.startswith("data:"):
            return item
        loaded = await self.load(url, path)
        with Image.open(io.BytesIO(loaded.data)) as image:
            return item if url.startswith(f"data:image/{image.format}".lower()) else None


class _MakesUp(Endpoint):
    """Puts a white picture in the place of one that cannot be read."""

    unreadable_kind: type[PictureError] = UndecodablePicture

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        try:
            return super().decode(data)
        except cls.unreadable_kind:
            return Image.new("RGB", (512, 512), "white")


@fault("base64/damaged-picture-is-refused", symptom=Symptom.OVERLOOKED, where=("damaged",))
class AcceptsDamagedPictures(_MakesUp):
    """Fills what is missing of a damaged picture with white, and answers about that."""


@fault(
    "base64/bytes-that-are-no-picture-are-refused", symptom=Symptom.OVERLOOKED, where=("damaged",)
)
class AcceptsAnyBytes(_MakesUp):
    """Takes bytes that are no picture for a white one, and answers about that."""

    unreadable_kind = UnsupportedPicture


@fault(
    "base64/damaged-picture-is-refused",
    "base64/bytes-that-are-no-picture-are-refused",
    symptom=Symptom.REFUSAL_BREAKS,
    where=("damaged",),
)
class CrashesOnBadPictures(Endpoint):
    """Lets the error of the picture library through: UnidentifiedImageError, 500."""

    def unreadable(self, error: PictureError) -> ApiError:
        return broken("cannot identify image file <_io.BytesIO object at 0x7f3c>")


@fault("base64/damaged-picture-is-refused", symptom=Symptom.NO_ERROR_OBJECT, where=("damaged",))
class RefusesInPlainText(Endpoint):
    """Says no to a bad picture with {"detail": ...} in the place of an error object."""

    def unreadable(self, error: PictureError) -> ApiError:
        return _Detail(str(error))


class _Detail(ApiError):
    def body(self) -> Json:
        return {"detail": self.message}
