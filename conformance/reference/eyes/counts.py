"""Grids of colour and rows of discs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np
from PIL import Image

from conformance.reference.eyes.shapes import Shape, shapes

Pixels: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

#: What colours are called; the nearest in RGB names a cell.
NAMES: Final[dict[str, tuple[int, int, int]]] = {
    "red": (220, 20, 30), "green": (20, 160, 60), "blue": (30, 60, 220),
    "yellow": (255, 220, 0), "black": (0, 0, 0), "white": (255, 255, 255),
}  # fmt: skip
#: How far, in RGB, a cell may be from every name, and how uneven it may be.
FAR: Final = 90.0
UNEVEN: Final = 16.0
#: Grey gaps lie this far from black and from white.
GREY: Final = (70, 190)
#: How uneven a gap may be from one end to the other, in RGB.
STREAKED: Final = 32.0
#: Cells along one side of the grids that are looked for.
SIDES: Final = (3, 8)

#: A disc fills pi / 4 of its box, which is a square.
ROUND: Final = (0.70, 0.86)
SQUARE: Final = (0.85, 1.18)


def colours(page: Image.Image) -> tuple[str, ...]:
    """The colours of cells with grey gaps, row by row; () where the page is no such grid."""
    pixels = np.asarray(page, dtype=np.float64)
    found = (_grid(pixels, side) for side in SIDES if min(page.size) >= 8 * side)
    return next(filter(None, found), ())


def _grid(pixels: Pixels, side: int) -> tuple[str, ...]:
    """The colours of ``side`` by ``side`` cells; () where there are not so many."""
    if not (_gap(pixels, side) and _gap(pixels.transpose(1, 0, 2), side)):
        return ()
    names = [_cell(pixels, x, y, side) for y in range(side) for x in range(side)]
    return tuple(names) if all(names) else ()


def _gap(pixels: Pixels, side: int) -> bool:
    """Whether the columns between the cells are grey all the way down."""
    width = pixels.shape[1]
    for n in range(1, side):
        column = pixels[:, width * n // side]
        colour = column.mean(axis=0)
        if np.ptp(colour) > 40 or not GREY[0] < colour.mean() < GREY[1]:
            return False
        if column.std(axis=0).max() > STREAKED:
            return False
    return True


def _cell(pixels: Pixels, x: int, y: int, side: int) -> str:
    """The name of the colour in the middle of a cell, "" where it has none."""
    height, width = pixels.shape[:2]
    top, left = round((y + 0.35) * height / side), round((x + 0.35) * width / side)
    middle = pixels[top : top + height // (2 * side), left : left + width // (2 * side)]
    middle = middle.reshape(-1, 3)
    mean = middle.mean(axis=0)
    distance = {name: float(np.linalg.norm(mean - value)) for name, value in NAMES.items()}
    name = min(distance, key=lambda name: distance[name])
    even = float(middle.std(axis=0).max()) <= UNEVEN
    return name if even and distance[name] <= FAR else ""


def tally(page: Image.Image) -> tuple[int, ...]:
    """How many discs stand in each row, from the top; () where the page shows anything else."""
    pixels = np.asarray(page, dtype=np.int16)
    paper = np.median(pixels[:2].reshape(-1, 3), axis=0)
    mask = np.abs(pixels - paper).max(axis=2) > 60
    found = shapes(mask, least=6)
    discs = [shape for shape in found if _is_disc(shape)]
    if len(discs) < 2 or len(discs) < len(found):
        return ()
    return _rows(discs)


def _is_disc(shape: Shape) -> bool:
    square = SQUARE[0] < shape.width / shape.height < SQUARE[1]
    return square and ROUND[0] < shape.fill < ROUND[1]


def _rows(discs: Sequence[Shape]) -> tuple[int, ...]:
    counts: list[int] = []
    middle = -1e9
    for disc in sorted(discs, key=lambda disc: disc.y):
        if disc.y - middle > disc.height / 2:
            counts.append(0)
            middle = disc.y
        counts[-1] += 1
    return tuple(counts)
