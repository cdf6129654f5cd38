"""Faults that know a download by a key that is too small for its URL."""

from __future__ import annotations

from typing import Any, ClassVar

from conformance.drawing import collisions
from conformance.model import Symptom
from conformance.reference.addresses import Downloader, Loaded
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault

URLS = "cache/colliding-urls-are-told-apart"


class _ByName(Downloader):
    """Keeps downloads by the last part of their path."""

    def __init__(self, transport: Any = None) -> None:
        super().__init__(transport)
        self.kept: dict[str, Loaded] = {}

    async def get(self, url: str, path: str) -> Loaded:
        name = url.rpartition("/")[2]
        if name not in self.kept:
            self.kept[name] = await super().get(url, path)
        return self.kept[name]


@fault("cache/urls-of-one-name", symptom=Symptom.ANOTHERS, also=(Symptom.NOT_READ,), where=("way",))
class KeepsDownloadsByName(Endpoint):
    """Keeps downloads in a folder by their file name, whatever URL they came from."""

    downloader_kind = _ByName


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
