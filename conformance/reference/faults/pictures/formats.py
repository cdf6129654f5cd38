"""Faults with the formats of pictures: GIF, WebP, JPEG as it comes from cameras, and others."""

from __future__ import annotations

from PIL import Image

from conformance.model import Json, Symptom
from conformance.reference.addresses import MIME_TYPES, Loaded
from conformance.reference.conversation import Item, Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.eyes.decode import PictureError, UnsupportedPicture
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, is_picture, url_in


class _Refuses(Endpoint):
    """Refuses bytes that begin in a certain way."""

    start = b""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        if data.startswith(cls.start):
            raise UnsupportedPicture("this format is not supported")
        return super().decode(data)


@fault("base64/format-is-read", "url/format-is-read", symptom=Symptom.REFUSED)
class RefusesGif(_Refuses):
    """Refuses GIF, which is documented."""

    start = b"GIF8"


@fault("base64/format-is-read", "url/format-is-read", symptom=Symptom.REFUSED, where=("format",))
class RefusesWebp(_Refuses):
    """Refuses WebP, which is documented."""

    start = b"RIFF"


@fault("url/format-is-read", symptom=Symptom.REFUSED)
class KnowsTwoFormatsByUrl(Endpoint):
    """Sends only PNG and JPEG on when they come by URL, and refuses WebP and GIF."""

    async def look(self, loaded: Loaded, detail: str) -> Look:
        if loaded.source == "http" and loaded.data[:4] in (b"RIFF", b"GIF8"):
            raise ApiError("mime type is not supported by the upstream", code="invalid_image_url")
        return await super().look(loaded, detail)


@fault(
    "base64/format-is-read",
    "base64/animated-gif",
    "url/format-is-read",
    symptom=Symptom.SERVER_ERROR,
    where=("format",),
)
class CrashesOnGif(Endpoint):
    """Has no decoder for GIF, and breaks on one: 500."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        if data.startswith(b"GIF8"):
            raise broken("Failed to load image")
        return super().decode(data)


class _Loses(Endpoint):
    """Leaves pictures out that ``loses`` names, and answers all the same."""

    def loses(self, data: bytes) -> bool:
        raise NotImplementedError

    async def take(self, part: Json, path: str) -> Item | None:
        if not is_picture(part) or not isinstance(url_in(part), str):
            return await super().take(part, path)
        loaded = await self.load(url_in(part), path)
        return None if self.loses(loaded.data) else await super().take(part, path)


@fault(
    "base64/animated-gif",
    "url/picture-given-out-once-is-read",
    symptom=Symptom.NOT_READ,
    also=(Symptom.REFUSED,),
)
class LosesAnimations(_Loses):
    """Takes an animated GIF for a video, leaves it out, and answers all the same."""

    def loses(self, data: bytes) -> bool:
        return data.startswith(b"GIF8") and b"NETSCAPE2.0" in data


@fault(
    "base64/undocumented-format",
    "base64/declared-type-unlike-the-bytes",
    symptom=Symptom.NOT_READ,
    where=("format", "damaged", "spelling"),
)
class LosesOtherTypes(Endpoint):
    """Leaves SVG, BMP, TIFF, ICO and PDF out, by their declared type, and answers all the same."""

    async def take(self, part: Json, path: str) -> Item | None:
        head = str(url_in(part)).lower().partition(",")[0]
        declared = head.removeprefix("data:").partition(";")[0]
        lost = head.startswith("data:") and declared not in MIME_TYPES
        return None if lost else await super().take(part, path)


# ---------------------------------------------------------------- JPEG


@fault("base64/exif-orientation", symptom=Symptom.REFUSAL_BREAKS, where=("format",))
class BreaksOnCameraJpegs(Endpoint):
    """Finds the format of a JPEG with Exif invalid: 500, and calls it invalid_request_error."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        if data.startswith(b"\xff\xd8") and b"Exif\0\0" in data[:4096]:
            raise ApiError("Image has an invalid format. Allowed: JPEG, PNG, WEBP.", status=500)
        return super().decode(data)


@fault(
    "url/long-metadata-before-the-picture",
    "base64/long-metadata-before-the-picture",
    symptom=Symptom.SERVER_ERROR,
)
class ReadsTheSizeFromTheStart(Endpoint):
    """Looks for the size of a JPEG in its first 64 kB, and breaks where it is not there: 500."""

    async def look(self, loaded: Loaded, detail: str) -> Look:
        if loaded.data[:2] == b"\xff\xd8" and _start_of_frame(loaded.data) > 65_536:
            raise broken("image: unknown format")
        return await super().look(loaded, detail)


def _start_of_frame(jpeg: bytes) -> int:
    """Where the frame header stands, or the end of what is marked as segments."""
    at = 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    return at


# ---------------------------------------------------------------- decoded in order to count


@fault(
    "base64/encoding-is-read",
    "base64/undocumented-format",
    "base64/damaged-picture-is-refused",
    "security/decompression-bomb-is-survived",
    symptom=Symptom.SERVER_ERROR,
    also=(Symptom.REFUSAL_BREAKS,),
    where=("damaged", "format"),
)
class DecodesInOrderToCount(Endpoint):
    """Decodes a picture to count its tokens, and breaks where its small decoder cannot: 500."""

    async def load(self, url: str, path: str) -> Loaded:
        try:
            loaded = await super().load(url, path)
        except ApiError as error:
            raise (self.uncounted() if "MIME type '" in error.message else error) from None
        if loaded.data[12:16] == b"VP8X":
            raise self.uncounted()
        return loaded

    def unreadable(self, error: PictureError) -> ApiError:
        return self.uncounted()

    def uncounted(self) -> ApiError:
        return broken("count_token_messages_failed: fail to decode image config")
