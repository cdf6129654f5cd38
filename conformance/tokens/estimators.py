"""What relays and libraries count, where it is not the published rule."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from conformance.tokens.openai import fit
from conformance.tokens.rule import Rule


def _tiles(width: int, height: int) -> int:
    return ceil(width / 512) * ceil(height / 512)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enlarged(Rule):
    """The tile rule, but the short side is always brought to 768, up as well as down.

    Sources: new-api @00899e66, service/token_counter.go (rounds half up); CAMEL @13dc7a7d,
    camel/utils/token_counting.py (cuts off).
    """

    base: int
    tile: int
    rounds: bool

    def cost(self, width: int, height: int, detail: str, size: int = 0) -> int:
        if detail == "low":
            return self.base
        return self.base + self.tile * _tiles(*self.sees(width, height, detail))

    def sees(self, width: int, height: int, detail: str) -> tuple[int, int]:
        longest = max(width, height)
        w, h = width, height
        if longest > 2048:
            w, h = (max(1, self._whole(side * 2048, longest)) for side in (width, height))
        short = min(w, h)
        return self._whole(w * 768, short), self._whole(h * 768, short)

    def _whole(self, dividend: int, divisor: int) -> int:
        return (2 * dividend + divisor) // (2 * divisor) if self.rounds else dividend // divisor


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteLLM(Rule):
    """Long side at most 2000, enlarges where one side is over 768, auto counted as low.

    Source: BerriAI/litellm, litellm_core_utils/token_counter.py.
    """

    base: int

    def cost(self, width: int, height: int, detail: str, size: int = 0) -> int:
        if detail != "high":
            return self.base
        return self.base + 2 * self.base * _tiles(*self.sees(width, height, detail))

    def sees(self, width: int, height: int, detail: str) -> tuple[int, int]:
        if max(width, height) <= 768:
            return width, height
        aspect = max(width, height) / min(width, height)
        short, long = 768, int(768 * aspect)
        if long > 2000:
            short, long = max(1, int(2000 / aspect)), 2000
        return (short, long) if width <= height else (long, short)


@dataclass(frozen=True, slots=True, kw_only=True)
class LangChain(Rule):
    """The tile rule with the sides of a portrait picture mixed up.

    Source: langchain-ai/langchain @00539b50, libs/partners/openai, chat_models/base.py.
    """

    base: int
    tile: int

    def cost(self, width: int, height: int, detail: str, size: int = 0) -> int:
        if detail == "low":
            return self.base
        return self.base + self.tile * _tiles(*self.sees(width, height, detail))

    def sees(self, width: int, height: int, detail: str) -> tuple[int, int]:
        w, h = fit(width, height, 2048)
        if min(w, h) <= 768:
            return w, h
        # Its portrait branch divides width by height instead of the reverse.
        return (w * 768 // h, 768) if w > h else (768, max(1, w * 768 // h))
