"""Faults with pictures given by URL."""

from __future__ import annotations

from conformance.model import Json
from conformance.reference.conversation import Item
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault


@fault("url/plain")
class DropsUrlPictures(Endpoint):
    """Leaves pictures that are given by URL out of the prompt, and answers all the same."""

    async def take(self, part: Json, path: str) -> Item | None:
        url = part.get("image_url", {}).get("url", "") if part.get("type") == "image_url" else ""
        if str(url).startswith("http"):
            return None
        return await super().take(part, path)
