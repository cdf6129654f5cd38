"""Faults that know a picture, between requests, by a key that is too small for it."""

from __future__ import annotations

from typing import Any, ClassVar

from conformance.drawing import collisions
from conformance.model import Json, Symptom
from conformance.reference.addresses import Downloader, Loaded
from conformance.reference.conversation import Conversation, Item, Look, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken
from conformance.wire.jsontext import at

FILES = "cache/colliding-pictures-are-told-apart"
URLS = "cache/colliding-urls-are-told-apart"


class _Keeps(Endpoint):
    """Keeps what it saw by a checksum of the file."""

    kind: ClassVar[str]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kept: dict[Any, Look] = {}

    async def look(self, loaded: Loaded, detail: str) -> Look:
        key = collisions.OF_FILES[self.kind](loaded.data), detail
        if key not in self.kept:
            self.kept[key] = await super().look(loaded, detail)
        return self.kept[key]


@fault(FILES, symptom=Symptom.ANOTHERS)
class KeysByCrc(_Keeps):
    """Keeps pictures by the CRC-32 of their bytes."""

    kind = "crc-32"


@fault(FILES, symptom=Symptom.ANOTHERS)
class KeysByAdler(_Keeps):
    """Keeps pictures by the Adler-32 of their bytes."""

    kind = "adler-32"


@fault(FILES, symptom=Symptom.ANOTHERS)
class KeysByDigestEnd(_Keeps):
    """Keeps pictures by the last four hex digits of their SHA-256."""

    kind = "sha-256-last-16-bits"


@fault(FILES, symptom=Symptom.ANOTHERS)
class KeysByDigestStart(_Keeps):
    """Keeps pictures by the first four hex digits of their MD5."""

    kind = "md5-first-16-bits"


class _KeepsDownloads(Downloader):
    """Keeps downloads by a 32-bit hash of the whole URL."""

    kind: ClassVar[str]

    def __init__(self, transport: Any = None) -> None:
        super().__init__(transport)
        self.kept: dict[int, Loaded] = {}

    async def get(self, url: str, path: str) -> Loaded:
        key = collisions.OF_URLS[self.kind][0](url.encode())
        if key not in self.kept:
            self.kept[key] = await super().get(url, path)
        return self.kept[key]


class _ByJavaHash(_KeepsDownloads):
    kind = "java-hash"


class _ByBernstein(_KeepsDownloads):
    kind = "djb2"


class _ByCrc(_KeepsDownloads):
    kind = "crc-32"


class _ByAdler(_KeepsDownloads):
    kind = "adler-32"


@fault(URLS, symptom=Symptom.ANOTHERS)
class KeysUrlsByJavaHash(Endpoint):
    """Keeps downloads by what Java's String.hashCode makes of their URL."""

    downloader_kind = _ByJavaHash


@fault(URLS, symptom=Symptom.ANOTHERS)
class KeysUrlsByBernstein(Endpoint):
    """Keeps downloads by Bernstein's hash of their URL, times 33 for each character."""

    downloader_kind = _ByBernstein


@fault(URLS, symptom=Symptom.ANOTHERS)
class KeysUrlsByCrc(Endpoint):
    """Keeps downloads by the CRC-32 of their URL."""

    downloader_kind = _ByCrc


@fault(URLS, symptom=Symptom.ANOTHERS)
class KeysUrlsByAdler(Endpoint):
    """Keeps downloads by the Adler-32 of their URL."""

    downloader_kind = _ByAdler


@fault("cache/uuid-is-not-the-whole-key", symptom=Symptom.ANOTHERS)
class TakesTheUuidForThePicture(Endpoint):
    """Keeps pictures by the uuid beside them, whatever they are pictures of."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kept: dict[str, Item | None] = {}

    async def take(self, part: Json, path: str) -> Item | None:
        uuid = at(part, "uuid")
        if not isinstance(uuid, str):
            return await super().take(part, path)
        if uuid not in self.kept:
            self.kept[uuid] = await super().take(part, path)
        return self.kept[uuid]


@fault("cache/same-words-other-pictures", symptom=Symptom.SERVER_ERROR)
class ReusesBlocksOfThePicture(Endpoint):
    """Reuses the blocks of a prefix, and fails where the next picture is another one: 500."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.first: dict[str, Look] = {}

    async def gather(self, body: dict[str, Json]) -> Conversation:
        conversation = await super().gather(body)
        seen = looks(conversation)
        items = [item for said in conversation for item in said.items]
        if len(conversation) == len(seen) == 1 and isinstance(items[0], str):
            known = self.first.setdefault(items[0], seen[0])
            if known.sight != seen[0].sight:
                raise broken("Multimodal token count mismatch")
        return conversation
