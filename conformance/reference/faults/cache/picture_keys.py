"""Faults that know a picture by a key that is too small for it."""

from __future__ import annotations

import asyncio
import io
import zlib
from typing import Any, ClassVar

from PIL import Image

from conformance.drawing import collisions
from conformance.model import Json, Symptom
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Item, Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault
from conformance.reference.faults.cache._keeping import Keeps
from conformance.wire.jsontext import at

ALIKE = "cache/alike-pictures-are-told-apart"
TOGETHER = "cache/alike-pictures-in-one-message"
FILES = "cache/colliding-pictures-are-told-apart"


class _KeepsLooks(Keeps):
    """Keeps what it saw by a key that is too small."""

    def mark(self, data: bytes) -> Any:
        raise NotImplementedError

    async def look(self, loaded: Loaded, detail: str) -> Look:
        key = self.mark(loaded.data), detail
        if key not in self.kept:
            self.kept[key] = asyncio.ensure_future(super().look(loaded, detail))
        found: Look = await self.kept[key]
        return found


def _opened(data: bytes) -> Image.Image | None:
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            return image
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None


@fault(ALIKE, symptom=Symptom.ANOTHERS)
class KeysByRawPixels(_KeepsLooks):
    """Keeps pictures by a hash of their raw pixels, without width, height and mode."""

    def mark(self, data: bytes) -> Any:
        image = _opened(data)
        palette = image.getpalette() if image else None
        return (image.tobytes(), str(palette)) if image else data


@fault(ALIKE, TOGETHER, symptom=Symptom.ANOTHERS, also=(Symptom.NOT_READ,))
class KeysByPaletteIndices(_KeepsLooks):
    """Keeps pictures by size and pixels, which are indices where there is a palette."""

    def mark(self, data: bytes) -> Any:
        image = _opened(data)
        return (image.tobytes(), image.size) if image else data


@fault(ALIKE, TOGETHER, symptom=Symptom.ANOTHERS, also=(Symptom.NOT_READ,))
class KeysByTheFirstKilobyte(_KeepsLooks):
    """Keeps pictures by the first thousand characters of their base64."""

    def mark(self, data: bytes) -> Any:
        return data[:750]


@fault(ALIKE, TOGETHER, symptom=Symptom.ANOTHERS, also=(Symptom.NOT_READ,))
class KeysBySizeAndHeader(_KeepsLooks):
    """Keeps pictures by their length in bytes and their first 33 bytes, the PNG header."""

    def mark(self, data: bytes) -> Any:
        return len(data), data[:33]


@fault(ALIKE, TOGETHER, symptom=Symptom.ANOTHERS, also=(Symptom.NOT_READ,))
class KeysByThumbnail(_KeepsLooks):
    """Keeps pictures by a hash of the average, eight by eight, which forgives much."""

    def mark(self, data: bytes) -> Any:
        image = _opened(data)
        if image is None:
            return data
        small = image.convert("L").resize((8, 8), Image.Resampling.BOX).tobytes()
        mean = sum(small) / len(small)
        return image.size, bytes(level > mean for level in small)


# ---------------------------------------------------------------- checksums


class _KeepsByChecksum(Endpoint):
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
class KeysByCrc(_KeepsByChecksum):
    """Keeps pictures by the CRC-32 of their bytes."""

    kind = "crc-32"


@fault(FILES, symptom=Symptom.ANOTHERS)
class KeysByAdler(_KeepsByChecksum):
    """Keeps pictures by the Adler-32 of their bytes."""

    kind = "adler-32"


@fault(FILES, symptom=Symptom.ANOTHERS)
class KeysByDigestEnd(_KeepsByChecksum):
    """Keeps pictures by the last four hex digits of their SHA-256."""

    kind = "sha-256-last-16-bits"


@fault(FILES, symptom=Symptom.ANOTHERS)
class KeysByDigestStart(_KeepsByChecksum):
    """Keeps pictures by the first four hex digits of their MD5."""

    kind = "md5-first-16-bits"


class _CachesLooks(Endpoint):
    """Keeps what it saw by a key that is too small."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self.seen: dict[object, Look] = {}

    def mark(self, loaded: Loaded) -> object:
        raise NotImplementedError

    async def look(self, loaded: Loaded, detail: str) -> Look:
        key = self.mark(loaded)
        if key not in self.seen:
            self.seen[key] = await super().look(loaded, detail)
        return self.seen[key]


@fault(
    "multi-image/next-picture-is-seen-afresh",
    "cache/same-words-other-pictures",
    symptom=Symptom.ANOTHERS,
    also=(Symptom.NOT_READ,),
)
class CachesByTheFirstBytes(_CachesLooks):
    """Keeps pictures by their first 32 bytes, which many PNG files share."""

    def mark(self, loaded: Loaded) -> object:
        return loaded.data[:32]


@fault(
    "multi-image/every-picture-is-seen",
    "multi-image/next-picture-is-seen-afresh",
    "cache/same-words-other-pictures",
    symptom=Symptom.ANOTHERS,
    also=(Symptom.NOT_READ,),
)
class CachesByAShortHash(_CachesLooks):
    """Keeps pictures by a hash of one bit, so that most pairs of them collide."""

    def mark(self, loaded: Loaded) -> object:
        return zlib.crc32(loaded.data) % 2


# ---------------------------------------------------------------- what comes with a picture


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


@fault(
    "detail/high-after-low-is-legible", symptom=Symptom.DEGRADED, also=(Symptom.BILL_INCONSISTENT,)
)
class KeysWithoutDetail(Endpoint):
    """Keeps what it saw of a picture by its bytes, and does not look again at another detail."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kept: dict[bytes, Any] = {}

    async def look(self, loaded: Loaded, detail: str) -> Look:
        if loaded.data not in self.kept:
            self.kept[loaded.data] = asyncio.ensure_future(super().look(loaded, detail))
        found: Look = await self.kept[loaded.data]
        return found
