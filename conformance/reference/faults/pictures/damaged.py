"""Faults with bytes that are damaged, or no picture at all."""

from __future__ import annotations

from PIL import Image

from conformance.model import Json, Symptom
from conformance.reference.conversation import Item
from conformance.reference.endpoint import Endpoint
from conformance.reference.eyes.decode import PictureError, UndecodablePicture, UnsupportedPicture
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken


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
