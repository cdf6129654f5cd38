"""Faults that were seen in public, with pictures as they come: refused, or spoilt on the way."""

from __future__ import annotations

from typing import Any

from PIL import Image

from conformance.model import Json, Symptom
from conformance.reference.addresses import Loaded, from_data_url
from conformance.reference.conversation import Item, Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.eyes.decode import PictureError
from conformance.reference.failure import ApiError
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken, has_picture, is_picture, url_in

BY_DATA_URL = "base64/plain"
BY_URL = "url/plain"


def is_http(url: Json) -> bool:
    return str(url).lower().startswith("http")


# ---------------------------------------------------------------- no picture is taken


class _RefusesPictures(Endpoint):
    """Looks whether there is a picture before anything else, and has a way to say no."""

    def no(self) -> ApiError:
        raise NotImplementedError

    def validate(self, body: dict[str, Json]) -> None:
        super().validate(body)
        if has_picture(body):
            raise self.no()


class _Flat(ApiError):
    """An error whose body is not OpenAI's."""

    def body(self) -> Json:
        return {"request_id": "0a1b2c", "code": "InvalidParameter", "message": self.message}


class _FrameworkError(ApiError):
    def body(self) -> Json:
        return {"detail": self.message, "errors": [{"loc": ["messages"], "msg": self.message}]}


@fault(BY_DATA_URL, BY_URL, symptom=Symptom.REFUSED)
class SendsPicturesToTheTextDoor(_RefusesPictures):
    """Sends pictures to the upstream's door for text, and passes on what that says."""

    def no(self) -> ApiError:
        return _Flat("url error, please check url!")


@fault(BY_DATA_URL, BY_URL, symptom=Symptom.REFUSED)
class FindsNoUserMessage(_RefusesPictures):
    """Looks for words in a string only, and says in another envelope that there are none."""

    def no(self) -> ApiError:
        return _FrameworkError("No user message found in messages array")


@fault(BY_DATA_URL, BY_URL, symptom=Symptom.REFUSED)
class KnowsTextPartsOnly(_RefusesPictures):
    """Refuses parts of the type image_url: its parser expects text and nothing else."""

    def no(self) -> ApiError:
        return ApiError("messages[0].content[0]: unknown variant 'image_url', expected 'text'")


@fault(BY_DATA_URL, BY_URL, symptom=Symptom.SERVER_ERROR)
class BreaksOnPictureParts(_RefusesPictures):
    """Knows the parts of another API only, and breaks on image_url: KeyError, 500."""

    def no(self) -> ApiError:
        return broken("KeyError: 'input_image'")


@fault(BY_DATA_URL, BY_URL, symptom=Symptom.REFUSED)
class FindsNoRouteForPictures(_RefusesPictures):
    """Takes the model for one of text alone, and finds no route for a picture: 404."""

    def no(self) -> ApiError:
        return ApiError("No endpoints found that support image input", status=404)


@fault(BY_DATA_URL, BY_URL, symptom=Symptom.REFUSED)
class SendsAnEmptyDetailOn(Endpoint):
    """Writes an empty detail where there was none, and is refused upstream."""

    async def take(self, part: Json, path: str) -> Item | None:
        if is_picture(part) and "detail" not in part["image_url"]:
            where = f"{path}.image_url.detail"
            raise ApiError(f"{where}: Input should be 'auto', 'low' or 'high'", param=where)
        return await super().take(part, path)


@fault(BY_DATA_URL, BY_URL, "placeholders/answer-is-not-empty", symptom=Symptom.EMPTY)
class AnswersPicturesWithoutChoices(Endpoint):
    """Lacks the adapter for pictures, and says so with 200, in a member of its own."""

    def finish(self, made: dict[str, Json], body: dict[str, Json]) -> dict[str, Json]:
        if not has_picture(body):
            return made
        return made | {"choices": [], "suggestion": "Load the vision adapter of this model."}


# ---------------------------------------------------------------- data URLs


@fault(BY_DATA_URL, symptom=Symptom.REFUSED, where=("way",))
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


@fault(BY_DATA_URL, symptom=Symptom.REFUSED, where=("way",))
class WritesThePrefixTwice(Endpoint):
    """Writes 'data:image/png;base64,' before a data URL that has it already."""

    async def load(self, url: str, path: str) -> Loaded:
        prefix = "" if is_http(url) else "data:image/png;base64,"
        return await super().load(prefix + url, path)


@fault(BY_DATA_URL, symptom=Symptom.SERVER_ERROR, where=("way",))
class LosesTheTypeOfDataUrls(Endpoint):
    """Passes data URLs on as 'data:undefined;base64,', and reports the refusal as a 500."""

    async def load(self, url: str, path: str) -> Loaded:
        if url.startswith("data:"):
            raise broken("Invalid image URL: data:undefined;base64")
        return await super().load(url, path)


@fault(BY_DATA_URL, symptom=Symptom.REFUSED, where=("way",))
class CutsThePayloadShort(Endpoint):
    """Passes on half of the base64, and says that the picture is broken."""

    async def load(self, url: str, path: str) -> Loaded:
        head, comma, payload = url.partition(",")
        half = payload if is_http(url) else payload[: len(payload) // 8 * 4]
        return await super().load(head + comma + half, path)


@fault("base64/unusual-spelling", symptom=Symptom.REFUSAL_BREAKS)
class SplitsAtTheFirstSemicolon(Endpoint):
    """Expects base64 right after the media type, and answers any other parameter with 501."""

    async def load(self, url: str, path: str) -> Loaded:
        head = url.partition(",")[0]
        if url.startswith("data:") and head.count(";") > 1:
            raise ApiError("Only base64 data URLs are supported for now.", status=501)
        return await super().load(url, path)


@fault("base64/unusual-spelling", symptom=Symptom.REFUSAL_BREAKS)
class FetchesUpperCaseDataUrls(Endpoint):
    """Knows 'data:' in lower case only, hands 'DATA:' to its HTTP client, and breaks: 500."""

    async def load(self, url: str, path: str) -> Loaded:
        if url.startswith("DATA:"):
            raise broken("UnsupportedProtocol: Request URL has an unsupported protocol 'DATA://'.")
        return await super().load(url, path)


@fault("base64/unusual-spelling", symptom=Symptom.REFUSAL_BREAKS)
class BreaksOnWrappedBase64(Endpoint):
    """Has a decoder that knows no line breaks, and lets its error through: 500."""

    async def load(self, url: str, path: str) -> Loaded:
        if url.startswith("data:") and "\n" in url:
            raise broken("Non-base64 digit found")
        return await super().load(url, path)


@fault(BY_DATA_URL, BY_URL, symptom=Symptom.NOT_READ)
class LosesUploads(Endpoint):
    """Fails to upload a data URL without a word, and is forbidden to fetch any other."""

    async def take(self, part: Json, path: str) -> Item | None:
        if is_http(url_in(part)):
            raise ApiError("Forbidden", status=403)
        return None if is_picture(part) else await super().take(part, path)


# ---------------------------------------------------------------- what the bytes hold


@fault(BY_DATA_URL, BY_URL, symptom=Symptom.NOT_READ)
class ShearsPictures(Endpoint):
    """Reads the rows of a picture with a wrong length, so that they slip to the side."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        image = super().decode(data)
        width, height = image.size
        pixels = image.tobytes() + bytes(3 * 3 * height)
        return Image.frombytes("RGB", (width + 3, height), pixels).crop((0, 0, width, height))


@fault(BY_DATA_URL, BY_URL, symptom=Symptom.NOT_READ)
class ReadsPictureBytesAsText(Endpoint):
    """Gives the model the bytes of a picture as text, and bills them as such."""

    async def look(self, loaded: Loaded, detail: str) -> Any:
        await super().look(loaded, detail)
        return "x" * (4 * len(loaded.data))


@fault(
    "base64/colours-are-seen",
    "base64/shapes-are-counted",
    symptom=Symptom.NOT_READ,
    also=(Symptom.DEGRADED,),
)
class StripsWhatTakesLongToDescribe(Endpoint):
    """Has pictures described in a few words, and drops one whose description comes back empty."""

    async def take(self, part: Json, path: str) -> Item | None:
        item = await super().take(part, path)
        if not isinstance(item, Look) or item.sight.codes:
            return item
        return None if len(item.sight.colours) + len(item.sight.tally) > 5 else item


@fault("base64/exif-orientation", symptom=Symptom.REFUSAL_BREAKS, where=("format",))
class BreaksOnCameraJpegs(Endpoint):
    """Finds the format of a JPEG with Exif invalid: 500, and calls it invalid_request_error."""

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        if data.startswith(b"\xff\xd8") and b"Exif\0\0" in data[:4096]:
            raise ApiError("Image has an invalid format. Allowed: JPEG, PNG, WEBP.", status=500)
        return super().decode(data)


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
