"""Kinds of rule that bring a picture to a size of their own, and count patches there."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, sqrt

from conformance.tokens.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapped(Rule):
    """Qwen's ``smart_resize``: sides to multiples of ``factor``, the area between two bounds.

    Source: QwenLM/Qwen2.5-VL @f0af2996 and Qwen3-VL @96588727, qwen_vl_utils/vision_process.py.
    """

    factor: int
    #: Bounds in tokens.
    least: int = 4
    cap: int = 16_384
    #: Tokens that enclose the picture.
    around: int = 0

    def cost(self, width: int, height: int, detail: str, size: int = 0) -> int:
        w, h = self.sees(width, height, detail)
        return w * h // self.factor**2 + self.around

    def sees(self, width: int, height: int, detail: str) -> tuple[int, int]:
        f, area = self.factor, self.factor**2
        # Python's round, half to even, is what the source uses.
        w, h = (max(f, round(side / f) * f) for side in (width, height))
        if w * h > self.cap * area:
            beta = sqrt(width * height / (self.cap * area))
            return tuple(max(f, floor(s / beta / f) * f) for s in (width, height))  # type: ignore[return-value]
        if w * h < self.least * area:
            beta = sqrt(self.least * area / (width * height))
            return tuple(ceil(s * beta / f) * f for s in (width, height))  # type: ignore[return-value]
        return w, h

    def accepts(self, width: int, height: int, detail: str) -> bool:
        return max(width, height) <= 200 * min(width, height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Rule):
    """Patches row by row with one more token at the end of each row (Mistral).

    Source: mistral-common @bc022b91, tokens/tokenizers/image.py.
    """

    #: Longest side after reduction, and side of one counted patch, in pixels.
    side: int
    patch: int
    refused: int = 0

    def cost(self, width: int, height: int, detail: str, size: int = 0) -> int:
        w, h = self.sees(width, height, detail)
        return (ceil(w / self.patch) + 1) * ceil(h / self.patch)

    def sees(self, width: int, height: int, detail: str) -> tuple[int, int]:
        ratio = max(width / self.side, height / self.side)
        if ratio <= 1:
            return width, height
        return max(1, round(width / ratio)), max(1, round(height / ratio))

    def accepts(self, width: int, height: int, detail: str) -> bool:
        return not (self.refused and width > self.refused and height > self.refused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Padded(Rule):
    """Anthropic since 2026: patches of 28 at the largest size within an edge and a number.

    The edge counts after padding to whole patches, as in the vendor's own sample code.
    """

    #: Longest padded edge in pixels.
    edge: int
    cap: int
    patch: int = 28

    def cost(self, width: int, height: int, detail: str, size: int = 0) -> int:
        w, h = self.sees(width, height, detail)
        return ceil(w / self.patch) * ceil(h / self.patch)

    def sees(self, width: int, height: int, detail: str) -> tuple[int, int]:
        longest = max(width, height)
        fits, fails = 0, longest + 1
        while fails - fits > 1:
            middle = (fits + fails) // 2
            if self._is_within(*_scaled(width, height, middle, longest)):
                fits = middle
            else:
                fails = middle
        return _scaled(width, height, fits, longest)

    def _is_within(self, width: int, height: int) -> bool:
        across, down = ceil(width / self.patch), ceil(height / self.patch)
        return max(across, down) * self.patch <= self.edge and across * down <= self.cap


def _scaled(width: int, height: int, to: int, longest: int) -> tuple[int, int]:
    """The size whose longest side is ``to``, the other rounded half up."""
    w, h = ((2 * side * to + longest) // (2 * longest) for side in (width, height))
    return max(1, w), max(1, h)
