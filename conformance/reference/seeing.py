"""How the reference endpoint sees a picture: decoded, shrunk by the rule, and looked at."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Any

from PIL import Image

from conformance.reference import known
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Look
from conformance.reference.eyes.decode import PictureError, open_picture
from conformance.reference.eyes.looking import Sight
from conformance.reference.failure import ApiError
from conformance.tokens.rules import Patches, Rule, fit, rule_named, tile_size


class Sees:
    """The steps of a picture, from its bytes to what is seen in them."""

    rule: Rule

    async def look(self, loaded: Loaded, detail: str) -> Look:
        try:
            seen = await self.seen_in(loaded.data, detail)
        except PictureError as error:
            raise self.unreadable(error) from None
        sight, (width, height) = seen
        return Look(
            sight=sight,
            width=width,
            height=height,
            size=len(loaded.data),
            detail=detail,
            source=loaded.source,
        )

    def unreadable(self, error: PictureError) -> ApiError:
        return ApiError(
            "You uploaded an unsupported image. Please make sure your image is valid and has one "
            f"of the following formats: ['png', 'jpeg', 'gif', 'webp']. ({error})",
            code="invalid_image_format",
        )

    async def seen_in(self, data: bytes, detail: str) -> tuple[Sight, tuple[int, int]]:
        """As ``look_at``, in a thread unless these bytes were looked at before."""
        if known.is_looked_at((data, detail, _eyes_of(type(self)), self.rule.name)):
            return self.look_at(data, detail)
        return await asyncio.to_thread(self.look_at, data, detail)

    def look_at(self, data: bytes, detail: str) -> tuple[Sight, tuple[int, int]]:
        """What is seen in the bytes, and the size they decode to; raises PictureError."""
        return _look_at(data, detail, _eyes_of(type(self)), self.rule.name)

    @classmethod
    def decode(cls, data: bytes) -> Image.Image:
        return open_picture(data)

    @classmethod
    def shrink(cls, image: Image.Image, detail: str, rule: Rule) -> Image.Image:
        """The image as the model gets it: reduced as the rule says, never enlarged."""
        size = model_size(image.size, detail, rule)
        return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)


def _eyes_of(kind: Any) -> Any:
    """The class whose looks a class shares: a fault that touches no pixel sees what we see."""
    steps = ("decode", "shrink")
    ours = all(getattr(kind, s).__func__ is getattr(Sees, s).__func__ for s in steps)
    return Sees if ours else kind


@lru_cache(maxsize=512)
def _look_at(data: bytes, detail: str, kind: Any, rule_name: str) -> tuple[Sight, tuple[int, int]]:
    rule = rule_named(rule_name)
    assert rule is not None
    image = kind.decode(data)
    return known.sight(kind.shrink(image, detail, rule)), image.size


def model_size(size: tuple[int, int], detail: str, rule: Rule) -> tuple[int, int]:
    """The size in which the model gets a picture of a size, by its rule."""
    if isinstance(rule, Patches):
        limit = {"low": rule.low, "high": rule.high}.get(detail, rule.auto)
        return fit(*size, limit.side)
    return fit(*size, 512) if detail == "low" else tile_size(*size)
