"""Faults with pictures given as data URLs."""

from __future__ import annotations

import io

from PIL import Image

from conformance.model import Json, Symptom
from conformance.reference.addresses import Loaded, from_data_url
from conformance.reference.conversation import Item, Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, is_http, is_picture, url_in

# ---------------------------------------------------------------- all of them


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


@fault("base64/plain", symptom=Symptom.REFUSED, where=("way",))
class HandsThePrefixToTheDecoder(Endpoint):
    """Leaves 'data:' in the payload, and so can only take base64 without it."""

    async def load(self, url: str, path: str) -> Loaded:
        if url.startswith("data:"):
            raise ApiError("illegal base64 data at input byte 4", param=path)
        bare = not is_http(url)
        return (
            from_data_url(f"data:image/png;base64,{url}", path)
            if bare
            else await super().load(url, path)
        )


@fault("base64/plain", symptom=Symptom.REFUSED, where=("way",))
class WritesThePrefixTwice(Endpoint):
    """Writes 'data:image/png;base64,' before a data URL that has it already."""

    async def load(self, url: str, path: str) -> Loaded:
        prefix = "" if is_http(url) else "data:image/png;base64,"
        return await super().load(prefix + url, path)


@fault("base64/plain", symptom=Symptom.SERVER_ERROR, where=("way",))
class LosesTheTypeOfDataUrls(Endpoint):
    """Passes data URLs on as 'data:undefined;base64,', and reports the refusal as a 500."""

    async def load(self, url: str, path: str) -> Loaded:
        if url.startswith("data:"):
            raise broken("Invalid image URL: data:undefined;base64")
        return await super().load(url, path)


@fault("base64/plain", symptom=Symptom.REFUSED, where=("way",))
class CutsThePayloadShort(Endpoint):
    """Passes on half of the base64, and says that the picture is broken."""

    async def load(self, url: str, path: str) -> Loaded:
        head, comma, payload = url.partition(",")
        half = payload if is_http(url) else payload[: len(payload) // 8 * 4]
        return await super().load(head + comma + half, path)


# ---------------------------------------------------------------- how they are spelled


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


@fault("base64/unusual-spelling", symptom=Symptom.REFUSAL_BREAKS)
class FetchesUpperCaseDataUrls(Endpoint):
    """Knows 'data:' in lower case only, hands 'DATA:' to its HTTP client, and breaks: 500."""

    async def load(self, url: str, path: str) -> Loaded:
        if url.startswith("DATA:"):
            raise broken("UnsupportedProtocol: Request URL has an unsupported protocol 'DATA://'.")
        return await super().load(url, path)


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


@fault("base64/unusual-spelling", symptom=Symptom.REFUSAL_BREAKS)
class SplitsAtTheFirstSemicolon(Endpoint):
    """Expects base64 right after the media type, and answers any other parameter with 501."""

    async def load(self, url: str, path: str) -> Loaded:
        head = url.partition(",")[0]
        if url.startswith("data:") and head.count(";") > 1:
            raise ApiError("Only base64 data URLs are supported for now.", status=501)
        return await super().load(url, path)


@fault("base64/unusual-spelling", symptom=Symptom.REFUSAL_BREAKS)
class BreaksOnWrappedBase64(Endpoint):
    """Has a decoder that knows no line breaks, and lets its error through: 500."""

    async def load(self, url: str, path: str) -> Loaded:
        if url.startswith("data:") and "\n" in url:
            raise broken("Non-base64 digit found")
        return await super().load(url, path)


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


# ---------------------------------------------------------------- the type they declare


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


@fault("base64/image-jpg-is-a-jpeg", symptom=Symptom.REFUSED)
class WantsRegisteredTypes(Endpoint):
    """Refuses image/jpg: its upstream knows image/jpeg, image/png, image/gif and image/webp."""

    async def load(self, url: str, path: str) -> Loaded:
        if url.startswith("data:image/jpg"):
            raise ApiError("media_type: Input should be 'image/jpeg'", param=path)
        return await super().load(url, path)
