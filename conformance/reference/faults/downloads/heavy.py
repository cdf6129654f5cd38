"""Faults with downloads that are heavy."""

from __future__ import annotations

from dataclasses import replace

from conformance.model import Json, Symptom
from conformance.reference.addresses import Downloader, Loaded
from conformance.reference.conversation import Item, Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken

HEAVY = "url/heavy-picture-is-read-whole"
MEGA = 1_000_000


class _Cuts(Downloader):
    async def get(self, url: str, path: str) -> Loaded:
        loaded = await super().get(url, path)
        return replace(loaded, data=loaded.data[:MEGA])


@fault(HEAVY, symptom=Symptom.REFUSED, where=("weight",))
class ReadsOneMegabyte(Endpoint):
    """Reads the first megabyte of a download, and calls the rest of the picture damaged."""

    downloader_kind = _Cuts


class _Weighs(Endpoint):
    """Does something of its own with a heavy picture by URL."""

    most = 4 * MEGA

    async def take(self, part: Json, path: str) -> Item | None:
        item = await super().take(part, path)
        heavy = isinstance(item, Look) and item.source == "http" and item.size > self.most
        return self.too_heavy() if heavy else item

    def too_heavy(self) -> Item | None:
        raise NotImplementedError


@fault(HEAVY, symptom=Symptom.SERVER_ERROR)
class InlinesDownloads(_Weighs):
    """Writes a download as base64, and breaks on a limit that only base64 has: 500."""

    def too_heavy(self) -> Item | None:
        raise broken("image exceeds 5 MB maximum: 6666700 bytes > 5242880 bytes")


@fault(HEAVY, symptom=Symptom.NOT_READ, where=("weight",))
class LosesHeavyDownloads(_Weighs):
    """Stops a download beyond 1.5 MB, and answers without the picture."""

    most = 3 * MEGA // 2

    def too_heavy(self) -> Item | None:
        return None
