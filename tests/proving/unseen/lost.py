"""Pictures that never reach the model, under some conditions only."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import replace

import httpx
from PIL import Image

from conformance.model import Json, Symptom, canonical
from conformance.reference.addresses import Downloader, Loaded
from conformance.reference.conversation import Conversation, Item, Look, Said, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.faults._parts import (
    is_picture,
    rearranged,
    split,
    with_pictures,
    without,
)
from conformance.wire.jsontext import at, items_at, text_at
from unseen._parts import (
    LosesPictures,
    Lost,
    SeesOtherwise,
    format_of,
    is_forced,
    mode_of,
    unseen,
)

MEGA = 1_000_000
#: A body of more bytes than this is heavy. The real one has it at four times as much.
HEAVY_BODY = 256 * 1024


# ---------------------------------------------------------------- by the picture


@unseen("url/format-is-read", symptom=Symptom.NOT_READ, where=("format", "way"))
class LosesDownloadedWebp(LosesPictures):
    """Leaves a downloaded WebP out of the prompt, and reads one that is in a data URL."""

    def loses(self, loaded: Loaded, look: Look) -> bool:
        return loaded.source == "http" and format_of(loaded.data) == "webp"


@unseen("base64/extreme-size", symptom=Symptom.NOT_READ, where=("size",))
class LosesTallStrips(LosesPictures):
    """Leaves a picture out that is thirty times as high as wide, for no tile fits it."""

    def loses(self, loaded: Loaded, look: Look) -> bool:
        return look.height >= 30 * look.width


@unseen("base64/encoding-is-read", symptom=Symptom.NOT_READ, where=("mode", "format"))
class BlanksGreyJpegsOfDataUrls(SeesOtherwise):
    """Decodes a grey JPEG in a data URL to a white page, and a downloaded one as it is."""

    def otherwise(self, loaded: Loaded, look: Look) -> Image.Image | None:
        grey = loaded.source == "data" and format_of(loaded.data) == "jpeg"
        if not grey or mode_of(loaded.data) != "L":
            return None
        return Image.new("RGB", (look.width, look.height), "white")


@unseen("detail/documented-value-is-accepted", symptom=Symptom.NOT_READ, where=("detail",))
class LosesPicturesOfDetailAuto(Endpoint):
    """Leaves a picture out that says detail auto, and reads it where detail is left out."""

    async def take(self, part: Json, path: str) -> Item | None:
        is_auto = at(part, "image_url", "detail") == "auto"
        return None if is_auto else await super().take(part, path)


# ---------------------------------------------------------------- by how it was sent


class _LosesLongUnknowns(Downloader):
    """Downloads all, but keeps no more than a megabyte where no length was announced."""

    async def _body(self, response: httpx.Response) -> bytes:
        data = await super()._body(response)
        if "content-length" not in response.headers and len(data) > MEGA:
            raise Lost
        return data


@unseen("url/heavy-picture-is-read-whole", symptom=Symptom.NOT_READ, where=("host", "weight"))
class LosesHeavyDownloadsInChunks(LosesPictures):
    """Loses a download beyond a megabyte whose host does not say how long it is."""

    downloader_kind = _LosesLongUnknowns

    def loses(self, loaded: Loaded, look: Look) -> bool:
        return False


def _is_of(source: str, item: Item) -> bool:
    return isinstance(item, Look) and item.source == source


@unseen("multi-image/url-and-base64-mix", symptom=Symptom.NOT_READ, where=("way",))
class LosesDownloadsBesideDataUrls(Endpoint):
    """Leaves the downloaded pictures of a message out where it has data URLs as well."""

    async def hear(self, message: Json, path: str) -> Said:
        said = await super().hear(message, path)
        if not any(_is_of("data", item) for item in said.items):
            return said
        return replace(said, items=tuple(i for i in said.items if not _is_of("http", i)))


@unseen("parameters/body-sent-otherwise", symptom=Symptom.NOT_READ, where=("header",))
class LosesPicturesOfCompressedBodies(Endpoint):
    """Inflates a compressed body, and keeps its words without its pictures."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        if not raw.startswith(b"\x1f\x8b"):
            return super().parse(raw)
        return without(super().parse(gzip.decompress(raw)), is_picture)


# ---------------------------------------------------------------- by what stands beside it


@unseen("tools/streamed-tool-call-reads", symptom=Symptom.NOT_READ, where=("stream", "parameter"))
class LosesPicturesOfStreamedCalls(Endpoint):
    """Drops every picture where a tool must be called and the call is streamed."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        return without(body, is_picture) if body.get("stream") and is_forced(body) else body


@unseen("errors/picture-in-another-role", symptom=Symptom.NOT_READ, where=("role",))
class KeepsTheWordsOfSystemMessages(Endpoint):
    """Joins system messages into one prompt of words, and loses the pictures in them."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        messages = [_in_words(message) for message in items_at(body, "messages")]
        return body | {"messages": messages} if messages else body


def _in_words(message: Json) -> Json:
    """A system message as one string; any other as it is."""
    parts = items_at(message, "content")
    if at(message, "role") != "system" or not parts:
        return message
    texts = [text_at(part, "text") for part in parts if at(part, "type") == "text"]
    return message | {"content": "\n".join(texts)}


# ---------------------------------------------------------------- by how much there is


def _lightened(messages: Sequence[Json]) -> list[Json]:
    """The messages with no picture before the last of them."""
    earlier = items_at(without({"messages": list(messages[:-1])}, is_picture), "messages")
    return [*earlier, messages[-1]]


@unseen(
    "multi-image/order-is-kept-across-turns",
    symptom=Symptom.NOT_READ,
    where=("turn", "number", "weight"),
)
class LightensHeavyConversations(Endpoint):
    """Cuts the pictures out of all turns but the last where a body is over 256 KiB."""

    def parse(self, raw: bytes) -> dict[str, Json]:
        body = super().parse(raw)
        messages = items_at(body, "messages")
        if len(raw) <= HEAVY_BODY or len(messages) < 2:
            return body
        return body | {"messages": _lightened(messages)}


def _ends(items: tuple[Item, ...]) -> tuple[Item, ...]:
    shown = split(items)[1]
    if len(shown) <= 8:
        return items
    kept = {id(look) for look in (*shown[:4], *shown[-4:])}
    return tuple(i for i in items if isinstance(i, str) or id(i) in kept)


@unseen("multi-image/every-picture-is-seen", symptom=Symptom.NOT_READ, where=("number",))
class LosesTheMiddleOfManyPictures(Endpoint):
    """Keeps the first four and the last four pictures of a message that has more than eight."""

    async def gather(self, body: dict[str, Json]) -> Conversation:
        return rearranged(await super().gather(body), _ends)


@unseen("cache/equal-requests-are-answered-alike", symptom=Symptom.UNSTEADY)
class TiresOfQuestions(Endpoint):
    """Falls back to a model without eyes after twenty equal requests with a picture."""

    most = 20

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self.times: dict[str, int] = {}

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        kind = canonical(body) if looks(conversation) else ""
        self.times[kind] = self.times.get(kind, 0) + 1
        if not kind or self.times[kind] <= self.most:
            return conversation
        return rearranged(conversation, lambda items: with_pictures(items, []))
