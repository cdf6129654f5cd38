"""The shape of costs that no rule explains: flat, by tiles, by patches, by area, or by bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil

import numpy as np

from conformance.fingerprint.shots import Floats, Measured

#: Sides of tiles and of patches that are tried, in pixels.
TILES = (224, 256, 280, 320, 336, 384, 400, 448, 490, 500, 512, 560, 600, 640, 672, 700,
         720, 768, 800, 896, 1024)  # fmt: skip
PATCHES = (14, 16, 20, 24, 28, 30, 32, 40, 48, 56, 64)
#: Bounds beyond which a picture is first reduced, longest side in pixels; 0 for none.
REDUCED = (0, 768, 1024, 1280, 1536, 1568, 2000)
#: A picture counts as explained within so many tokens, or this part of its cost.
CLOSE = 4.0
CLOSE_PART = 0.01
#: Part of the pictures that a shape must explain.
ENOUGH = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The plainest shape that explains most pictures at high detail."""

    #: "flat", "tile", "patch", "area", "bytes", or "none".
    kind: str
    #: Pixels a side of a tile or patch; 0 for other kinds.
    side: int = 0
    #: Tokens per tile, patch, 1000 pixels or 1000 bytes; and tokens of any picture.
    slope: float = 0.0
    constant: float = 0.0
    explained: int = 0
    of: int = 0
    #: "flat" or "other": what low detail does; "" where that is not known.
    low: str = ""

    @property
    def sentence(self) -> str:
        """The shape in words."""
        parts = {
            "flat": f"flat, {self.constant:.0f} tokens a picture",
            "tile": f"{self.slope:.0f} tokens per tile of {self.side} pixels",
            "patch": f"{self.slope:.2f} tokens per patch of {self.side} pixels",
            "area": f"linear in area, {self.slope:.3f} tokens per 1000 pixels",
            "bytes": f"by bytes, {self.slope:.1f} tokens per 1000 bytes",
        }
        if self.kind not in parts:
            return "the figures follow neither size nor bytes"
        constant = f" and {self.constant:.0f} besides" if abs(self.constant) >= 1 else ""
        told = parts[self.kind] + ("" if self.kind == "flat" else constant)
        low = "; low is flat" if self.low == "flat" else ""
        return f"{told} ({self.explained} of {self.of} pictures){low}"


def shape_of(measured: Sequence[Measured], text: float) -> Shape:
    """The shape of what is billed besides the ``text``, in tokens.

    The plainest shape that explains most; kind "none" where none explains enough.
    """
    high = [m for m in measured if len(m.shots) == 1 and m.shots[0].detail != "low"]
    low = [m for m in measured if len(m.shots) == 1 and m.shots[0].detail == "low"]
    if len(high) < 3:
        return Shape(kind="none", of=len(high))
    billed = np.array([m.tokens - text for m in high])
    best = Shape(kind="none", of=len(high))
    for kind, side, x in _features(high):
        slope, constant, explained = _line(x, billed)
        # A shape with more freedom must explain more to be preferred.
        if explained > best.explained:
            best = Shape(
                kind=kind,
                side=side,
                slope=slope,
                constant=constant,
                explained=explained,
                of=len(high),
                low=_low(low) if slope else "",
            )
    return best if best.explained >= ENOUGH * len(high) else Shape(kind="none", of=len(high))


def _features(high: Sequence[Measured]) -> Iterator[tuple[str, int, Floats]]:
    """Each shape's size of every picture, the plainest shape first."""
    shots = [m.shots[0] for m in high]
    yield "flat", 0, np.zeros(len(shots))
    yield "bytes", 0, np.array([s.size / 1000 for s in shots])
    sizes = {most: [_reduced(s.width, s.height, most) for s in shots] for most in REDUCED}
    for within in sizes.values():
        yield "area", 0, np.array([w * h / 1000 for w, h in within])
    for kind, sides in (("tile", TILES), ("patch", PATCHES)):
        for within in sizes.values():
            for side in sides:
                counted = [ceil(w / side - 1e-9) * ceil(h / side - 1e-9) for w, h in within]
                yield kind, side, np.array(counted, dtype=np.float64)


def _reduced(width: int, height: int, most: int) -> tuple[float, float]:
    scale = min(1.0, most / max(width, height)) if most else 1.0
    return width * scale, height * scale


def _line(x: Floats, y: Floats) -> tuple[float, float, int]:
    """Slope, constant and number of explained pictures of the line that explains most."""
    best = (0.0, float(np.median(y)), 0)
    lines = [(0.0, float(c)) for c in [*y, np.median(y)]] if not x.any() else []
    for i, j in combinations(range(len(x)), 2):
        if x[i] != x[j]:
            slope = float((y[i] - y[j]) / (x[i] - x[j]))
            lines.append((slope, float(y[i] - slope * x[i])))
    for slope, constant in lines:
        away = np.abs(y - slope * x - constant)
        near = away <= np.maximum(CLOSE, CLOSE_PART * np.abs(y))
        if slope >= 0 and int(near.sum()) > best[2]:
            best = (slope, constant, int(near.sum()))
    return best


def _low(low: Sequence[Measured]) -> str:
    billed = [m.tokens for m in low]
    if len(billed) < 2:
        return ""
    return "flat" if max(billed) - min(billed) <= CLOSE else "other"
