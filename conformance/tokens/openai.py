"""OpenAI's two kinds of rule: tiles of 512 pixels, and patches of 32.

Source: OpenAI, "Images and vision" guide (developers.openai.com/api/docs/guides/images-vision),
section "Calculating costs", in its texts of 2025 and 2026.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, sqrt

from conformance.tokens.rule import Rule

#: A picture of more patches after resizing is refused, before any multiplier.
TOO_MANY_PATCHES = 30_000


def fit(width: int, height: int, side: int) -> tuple[int, int]:
    """The size within a square of ``side`` pixels, aspect kept, never larger."""
    longest = max(width, height)
    if longest <= side:
        return width, height
    return max(1, width * side // longest), max(1, height * side // longest)


def tile_size(width: int, height: int, shortest: int = 768) -> tuple[int, int]:
    """Size in pixels after the tile rule's two steps: within 2048, short side at most 768."""
    w, h = fit(width, height, 2048)
    short = min(w, h)
    if short <= shortest:
        return w, h
    return w * shortest // short, h * shortest // short


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles(Rule):
    """A base and so much per tile of 512 pixels; ``low`` is the base alone."""

    base: int
    tile: int
    #: Pixels to which the short side is brought down.
    short: int = 768
    #: Added for a square picture, and for any other.
    square: int = 0
    oblong: int = 0

    def cost(self, width: int, height: int, detail: str, size: int = 0) -> int:
        if detail == "low":
            return self.base
        w, h = tile_size(width, height, self.short)
        extra = self.square if width == height else self.oblong
        return self.base + self.tile * ceil(w / 512) * ceil(h / 512) + extra

    def sees(self, width: int, height: int, detail: str) -> tuple[int, int]:
        return fit(width, height, 512) if detail == "low" else tile_size(width, height, self.short)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A detail level of a patch rule: longest side in pixels, most patches (0: no budget)."""

    side: int
    patches: int = 0
    #: Billed whatever the size; 0 where the patches are.
    flat: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Patches(Rule):
    """So much per patch of 32 pixels, within a longest side and a budget of patches."""

    low: Limit
    high: Limit
    auto: Limit
    original: Limit | None = None
    multiplier: float
    #: "up" or "half-up": how the product is made whole.
    rounding: str = "up"

    def limit(self, detail: str) -> Limit:
        levels = {"low": self.low, "high": self.high, "original": self.original}
        return levels.get(detail) or self.auto

    def patches(self, width: int, height: int, detail: str) -> int:
        limit = self.limit(detail)
        return _patches(*fit(width, height, limit.side), limit.patches)

    def cost(self, width: int, height: int, detail: str, size: int = 0) -> int:
        if self.limit(detail).flat:
            return self.limit(detail).flat
        # Hundredths, so that no product is a hair above a whole number.
        hundredths = self.patches(width, height, detail) * round(self.multiplier * 100)
        return (hundredths + (99 if self.rounding == "up" else 50)) // 100

    def sees(self, width: int, height: int, detail: str) -> tuple[int, int]:
        limit = self.limit(detail)
        return _within(*fit(width, height, limit.side), limit.patches)

    def accepts(self, width: int, height: int, detail: str) -> bool:
        return self.patches(width, height, detail) <= TOO_MANY_PATCHES


def _patches(width: int, height: int, budget: int) -> int:
    w, h = _within(width, height, budget)
    return ceil(w / 32) * ceil(h / 32)


def _within(width: int, height: int, budget: int) -> tuple[int, int]:
    """The size at which a picture has at most ``budget`` patches."""
    if not budget or ceil(width / 32) * ceil(height / 32) <= budget:
        return width, height
    s = sqrt(32 * 32 * budget / (width * height))
    across, down = width * s / 32, height * s / 32
    s *= min(floor(across) / across, floor(down) / down)
    # What is whole in exact arithmetic must not be lost to the last bit.
    return max(1, floor(width * s + 1e-9)), max(1, floor(height * s + 1e-9))
