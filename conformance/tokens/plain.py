"""Kinds of rule without a resizing step of their own: flat prices, areas, squares, bytes."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from conformance.tokens.openai import fit
from conformance.tokens.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat(Rule):
    """One price whatever the size; ``low`` may have its own."""

    tokens: int
    low: int | None = None

    def cost(self, width: int, height: int, detail: str, size: int = 0) -> int:
        return self.low if detail == "low" and self.low is not None else self.tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Area(Rule):
    """One token for so many pixels of area, rounded up, between two bounds."""

    #: Pixels of area for one token.
    per: int
    least: int = 0
    #: Most tokens; 0 for no bound.
    cap: int = 0
    cap_low: int = 0
    #: Longest side in pixels, beyond which a picture is reduced; 0 for any.
    side: int = 0

    def cost(self, width: int, height: int, detail: str, size: int = 0) -> int:
        w, h = self.sees(width, height, detail)
        tokens = max(self.least, -(-w * h // self.per))
        cap = (detail == "low" and self.cap_low) or self.cap
        return min(tokens, cap) if cap else tokens

    def sees(self, width: int, height: int, detail: str) -> tuple[int, int]:
        return fit(width, height, self.side) if self.side else (width, height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Squares(Rule):
    """So much per square that the picture touches, up to a number, and one more for the whole."""

    #: Pixels a side, and tokens, of one square.
    side: int
    tokens: int
    limit: int

    def cost(self, width: int, height: int, detail: str, size: int = 0) -> int:
        squares = min(self.limit, ceil(width / self.side) * ceil(height / self.side))
        return (squares + 1) * self.tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarters(Rule):
    """One tile, doubled for each side that is as long as a tile or longer."""

    side: int
    tokens: int

    def cost(self, width: int, height: int, detail: str, size: int = 0) -> int:
        return self.tokens * (1 + (width >= self.side)) * (1 + (height >= self.side))


@dataclass(frozen=True, slots=True, kw_only=True)
class Crops(Rule):
    """A flat price for small pictures, else one per crop, whose side follows the shorter side."""

    tokens: int
    #: A picture within this square, in pixels, is one crop.
    small: int
    #: Bounds of the side of a crop in pixels; the same twice for a fixed side.
    least: int = 1
    largest: int = 0

    def cost(self, width: int, height: int, detail: str, size: int = 0) -> int:
        if max(width, height) <= self.small:
            return self.tokens
        side = max(self.least, min(width, height) * 2 // 3)
        side = min(side, self.largest) if self.largest else side
        return self.tokens * ceil(width / side) * ceil(height / side)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload(Rule):
    """The base64 text of the picture, counted as if it were words."""

    #: Characters of base64 for one token.
    characters: int

    def cost(self, width: int, height: int, detail: str, size: int = 0) -> int:
        return -(-4 * -(-size // 3) // self.characters)
