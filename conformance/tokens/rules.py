"""What a picture costs in tokens, by the published rule of the model.

Source of every number: OpenAI, "Images and vision" guide, autumn 2026 text
(developers.openai.com/api/docs/guides/images-vision), section "Calculating costs".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil, floor, sqrt
from typing import Protocol

TOO_MANY_PATCHES = 30_000


class Rule(Protocol):
    """One published rule."""

    @property
    def name(self) -> str: ...

    def cost(self, width: int, height: int, detail: str) -> int:
        """Tokens of a picture of ``width`` by ``height`` pixels at ``detail``."""


def fit(width: int, height: int, side: int) -> tuple[int, int]:
    """The size within a square of ``side`` pixels, aspect kept, never larger."""
    scale = min(1.0, side / max(width, height))
    return max(1, int(width * scale)), max(1, int(height * scale))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """A base and so much per tile of 512 pixels; ``low`` is the base alone."""

    name: str
    base: int
    tile: int

    def cost(self, width: int, height: int, detail: str) -> int:
        if detail == "low":
            return self.base
        w, h = tile_size(width, height)
        return self.base + self.tile * ceil(w / 512) * ceil(h / 512)


def tile_size(width: int, height: int) -> tuple[int, int]:
    """Size in pixels after the tile rule's two steps: within 2048, short side at most 768."""
    w, h = fit(width, height, 2048)
    short = min(w, h)
    if short <= 768:
        return w, h
    return (768, h * 768 // w) if w == short else (w * 768 // h, 768)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A detail level of a patch rule: longest side in pixels, most patches (0: no budget)."""

    side: int
    patches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Patches:
    """So much per patch of 32 pixels, within a longest side and a budget of patches."""

    name: str
    low: Limit
    high: Limit
    auto: Limit
    multiplier: float

    def cost(self, width: int, height: int, detail: str) -> int:
        limit = {"low": self.low, "high": self.high}.get(detail, self.auto)
        return ceil(_patches(*fit(width, height, limit.side), limit.patches) * self.multiplier)


def _patches(width: int, height: int, budget: int) -> int:
    count = ceil(width / 32) * ceil(height / 32)
    if not budget or count <= budget:
        return count
    s = sqrt(32 * 32 * budget / (width * height))
    across, down = width * s / 32, height * s / 32
    s *= min(floor(across) / across, floor(down) / down)
    return ceil(floor(width * s) / 32) * ceil(floor(height * s) / 32)


_SMALL = Limit(side=512, patches=0)
_HIGH = Limit(side=2048, patches=2500)
_WIDE = Limit(side=2048, patches=6144)
_ORIGINAL = Limit(side=6000, patches=10_000)
_UNBOUND = Limit(side=65_535, patches=0)

RULES: tuple[Rule, ...] = (
    Tiles(name="gpt-4o", base=85, tile=170),
    Tiles(name="gpt-4o-mini", base=2833, tile=5667),
    Tiles(name="gpt-5", base=70, tile=140),
    Tiles(name="o1", base=75, tile=150),
    Tiles(name="computer-use-preview", base=65, tile=129),
    Patches(name="gpt-5.6", low=_SMALL, high=_HIGH, auto=_UNBOUND, multiplier=1.2),
    Patches(name="gpt-5.5", low=_SMALL, high=_HIGH, auto=_ORIGINAL, multiplier=1.2),
    Patches(name="gpt-5.4", low=_WIDE, high=_HIGH, auto=_HIGH, multiplier=1.2),
    Patches(name="gpt-5.2", low=_WIDE, high=_WIDE, auto=_WIDE, multiplier=1.2),
    Patches(name="gpt-4.1-mini", low=_WIDE, high=_WIDE, auto=_WIDE, multiplier=1.62),
)

#: Which rule a model goes by, the first pattern that matches. Models whose rule the sources
#: disagree on (gpt-5-mini, gpt-4.1-nano, o4-mini) are left out on purpose.
_MODELS = (
    (r"gpt-4o-mini", "gpt-4o-mini"),
    (r"gpt-4\.1-mini", "gpt-4.1-mini"),
    (r"gpt-4\.1-nano|gpt-5-(mini|nano)|o4-mini", ""),
    (r"gpt-4o|gpt-4\.1|gpt-4\.5|gpt-4-turbo", "gpt-4o"),
    (r"gpt-5\.6", "gpt-5.6"),
    (r"gpt-5\.5", "gpt-5.5"),
    (r"gpt-5\.4", "gpt-5.4"),
    (r"gpt-5\.2", "gpt-5.2"),
    (r"gpt-5(\.1)?(-chat-latest)?(-\d{4}.*)?$", "gpt-5"),
    (r"o1(-pro)?(-\d{4}.*)?$|o3(-\d{4}.*)?$", "o1"),
    (r"computer-use-preview", "computer-use-preview"),
)


def rule_named(name: str) -> Rule | None:
    """The rule of that name, None where there is none."""
    return next((rule for rule in RULES if rule.name == name), None)


def rule_name_for(model: str) -> str:
    """The name of the rule a model is documented to go by; "" where none is, or sources differ."""
    bare = model.rsplit("/", 1)[-1]
    return next((rule for pattern, rule in _MODELS if re.match(pattern, bare)), "")
