"""Connected shapes in a mask: where they are and how much of their box they fill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np

Mask: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]
Ints: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]

#: A mask with more runs than this is noise; looking at it longer would not help.
MOST_RUNS: Final = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One connected shape: its box in pixels, right and bottom exclusive, its area and label."""

    left: int
    top: int
    right: int
    bottom: int
    area: int
    label: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def x(self) -> float:
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def fill(self) -> float:
        """The part of the box that is covered."""
        return self.area / (self.width * self.height)


def shapes(mask: Mask, least: int) -> list[Shape]:
    """The 8-connected shapes of a mask that are at least ``least`` pixels high.

    Works on the horizontal runs of the mask, so its time goes with the amount of detail.
    """
    rows, starts, ends = _runs(mask)
    if not 0 < len(rows) <= MOST_RUNS:
        return []
    labels = _joined(len(rows), *_touching(rows, starts, ends, mask.shape[1]))
    return _boxes(labels, rows, starts, ends, least)


def largest(mask: Mask) -> Mask:
    """The mask of the shape with the largest box alone."""
    rows, starts, ends = _runs(mask)
    labels = _joined(len(rows), *_touching(rows, starts, ends, mask.shape[1]))
    found = _boxes(labels, rows, starts, ends, 1)
    best = max(found, key=lambda shape: shape.width * shape.height).label
    alone = np.zeros_like(mask)
    own = labels == best
    for row, start, end in zip(rows[own], starts[own], ends[own], strict=True):
        alone[row, start:end] = True
    return alone


def _runs(mask: Mask) -> tuple[Ints, Ints, Ints]:
    """Row, first column and end column of every horizontal run, in reading order."""
    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = mask
    steps = np.diff(padded, axis=1)
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    return rows, starts, ends


def _touching(rows: Ints, starts: Ints, ends: Ints, width: int) -> tuple[Ints, Ints]:
    """Pairs of runs in neighbouring rows that touch, corners included."""
    stride = width + 4
    first = np.searchsorted(rows * stride + ends, (rows + 1) * stride + starts, side="left")
    last = np.searchsorted(rows * stride + starts, (rows + 1) * stride + ends, side="right")
    # Run i of row r touches the runs of row r + 1 that end at or after its start and start at or
    # before its end; both keys are sorted, because runs of a row do not overlap.
    count = np.maximum(last - first, 0)
    upper = np.repeat(np.arange(len(rows)), count)
    offset = np.arange(len(upper)) - np.repeat(np.cumsum(count) - count, count)
    return upper, np.repeat(first, count) + offset


def _joined(count: int, one: Ints, other: Ints) -> Ints:
    """A label for each of ``count`` runs, the same for all that hang together."""
    labels = np.arange(count)
    while True:
        a, b = labels[one], labels[other]
        apart = a != b
        if not apart.any():
            return labels
        one, other, a, b = one[apart], other[apart], a[apart], b[apart]
        np.minimum.at(labels, np.maximum(a, b), np.minimum(a, b))
        labels = _shortened(labels)


def _shortened(labels: Ints) -> Ints:
    """Every label replaced by the root that it leads to."""
    while True:
        further = labels[labels]
        if np.array_equal(further, labels):
            return labels
        labels = further


def _boxes(labels: Ints, rows: Ints, starts: Ints, ends: Ints, least: int) -> list[Shape]:
    """The box and area of each label; runs come in reading order, so tops and bottoms are quick."""
    roots, index = np.unique(labels, return_inverse=True)
    tops, bottoms = np.full(len(roots), 2**40), np.zeros(len(roots), dtype=np.int64)
    lefts, rights = tops.copy(), bottoms.copy()
    np.minimum.at(tops, index, rows)
    np.maximum.at(bottoms, index, rows + 1)
    np.minimum.at(lefts, index, starts)
    np.maximum.at(rights, index, ends)
    areas = np.bincount(index, weights=ends - starts)
    tall = np.nonzero(bottoms - tops >= least)[0]
    return [
        Shape(
            left=int(lefts[i]),
            top=int(tops[i]),
            right=int(rights[i]),
            bottom=int(bottoms[i]),
            area=int(areas[i]),
            label=int(roots[i]),
        )
        for i in tall
    ]
