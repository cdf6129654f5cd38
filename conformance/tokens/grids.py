"""Kinds of rule that choose a grid of tiles by the shape of the picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from conformance.tokens.rule import Rule

Grid = tuple[int, int]


@lru_cache(maxsize=32)
def grids(most: int) -> tuple[Grid, ...]:
    """Every grid of at most ``most`` tiles, columns and rows, by number of tiles."""

    def every() -> Iterator[Grid]:
        for columns in range(1, most + 1):
            yield from ((columns, rows) for rows in range(1, most // columns + 1))

    return tuple(sorted(every(), key=lambda grid: (grid[0] * grid[1], grid[0])))


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas(Rule):
    """Llama 4: the canvas of tiles that needs the least enlarging, else the least reducing.

    Source: meta-llama/llama-models, models/llama4/preprocess.py @d42f3959 for the choice, and
    chat_format.py @a9c89c47 for the tokens: a separator after each tile of several, a start,
    an image and an end token, and the whole picture once more.
    """

    side: int
    tokens: int
    tiles: int

    def cost(self, width: int, height: int, detail: str, size: int = 0) -> int:
        columns, rows = self.grid(width, height)
        if columns * rows == 1:
            return self.tokens + 3
        return columns * rows * (self.tokens + 1) + self.tokens + 3

    def grid(self, width: int, height: int) -> Grid:
        """Columns and rows."""
        scales = {g: self._scale(g, width, height) for g in grids(self.tiles)}
        enlarging = [s for s in scales.values() if s >= 1]
        chosen = min(enlarging) if enlarging else max(scales.values())
        return min((g for g, s in scales.items() if s == chosen), key=lambda g: g[0] * g[1])

    def _scale(self, grid: Grid, width: int, height: int) -> float:
        return min(grid[0] * self.side / width, grid[1] * self.side / height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closest(Rule):
    """InternVL: the grid of the closest aspect, and the whole picture once more.

    Of equally close grids the larger is taken where the picture fills more than half of it.
    Source: OpenGVLab/InternVL @2410d1db, train/dataset.py, line 830.
    """

    side: int
    tokens: int
    tiles: int

    def cost(self, width: int, height: int, detail: str, size: int = 0) -> int:
        columns, rows = self.grid(width, height)
        tiles = columns * rows
        return self.tokens * (tiles + (tiles > 1))

    def grid(self, width: int, height: int) -> Grid:
        """Columns and rows."""
        best, least = (1, 1), float("inf")
        for grid in grids(self.tiles):
            away = abs(width / height - grid[0] / grid[1])
            if away < least:
                best, least = grid, away
            elif away == least and 2 * width * height > self.side**2 * grid[0] * grid[1]:
                best = grid
        return best


#: Columns and rows of LLaVA-NeXT's grid_pinpoints, in tiles of 336 pixels.
_PINPOINTS: tuple[Grid, ...] = ((1, 2), (2, 1), (2, 2), (3, 1), (1, 3))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyRes(Rule):
    """LLaVA-NeXT: the whole picture, and the grid that keeps most of its pixels.

    Source: haotian-liu/LLaVA @c121f043, llava/mm_utils.py.
    """

    side: int
    tokens: int

    def cost(self, width: int, height: int, detail: str, size: int = 0) -> int:
        columns, rows = self.grid(width, height)
        return self.tokens * (1 + columns * rows)

    def grid(self, width: int, height: int) -> Grid:
        """Columns and rows: most pixels kept, then least waste, then first named."""
        return max(_PINPOINTS, key=lambda grid: self._worth(grid, width, height))

    def _worth(self, grid: Grid, width: int, height: int) -> tuple[int, int]:
        across, down = grid[0] * self.side, grid[1] * self.side
        scale = min(across / width, down / height)
        kept = min(int(width * scale) * int(height * scale), width * height)
        return kept, kept - across * down
