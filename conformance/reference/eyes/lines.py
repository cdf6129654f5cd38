"""Shapes that stand side by side like the characters of one code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from conformance.drawing.codes import LENGTH
from conformance.reference.eyes.shapes import Shape

#: As parts of the height of a character: how far neighbours may differ in height and in middle,
#: and how wide the gap between them may be.
UNEVEN: Final = 0.2
STEP: Final = 0.2
GAP: Final = 0.75
#: More shapes than this are texture, not print.
MOST: Final = 4_000


def lines(letters: Sequence[Shape]) -> Iterator[list[Shape]]:
    """Six shapes in a row, or three over three, each line from left to right."""
    halves: list[list[Shape]] = []
    for chain in _chains(letters):
        if len(chain) == LENGTH:
            yield chain
        elif len(chain) == LENGTH // 2:
            halves.append(chain)
    halves.sort(key=lambda half: half[0].y)
    for upper, lower in pairwise(halves):
        if _stacked(upper, lower):
            yield [*upper, *lower]


def _chains(letters: Sequence[Shape]) -> list[list[Shape]]:
    """Shapes linked each to its nearest fitting neighbour on the right."""
    if len(letters) > MOST:
        return []
    ordered = sorted(letters, key=lambda shape: shape.left)
    follower = {i: j for i, j in _links(ordered) if j is not None}
    heads = sorted(set(range(len(ordered))) - set(follower.values()))
    return [[ordered[i] for i in _walk(head, follower)] for head in heads]


def _links(ordered: Sequence[Shape]) -> Iterator[tuple[int, int | None]]:
    for i, shape in enumerate(ordered):
        limit = shape.right + GAP * shape.height
        nearest = None
        for j in range(i + 1, len(ordered)):
            if ordered[j].left > limit:
                break
            if _neighbours(shape, ordered[j]):
                nearest = j
                break
        yield i, nearest


def _neighbours(one: Shape, other: Shape) -> bool:
    height = max(one.height, other.height)
    level = abs(one.y - other.y) <= STEP * height
    return (
        level
        and abs(one.height - other.height) <= max(2, UNEVEN * height)
        and (other.left >= one.right - 0.1 * height)
    )


def _walk(head: int, follower: dict[int, int]) -> Iterator[int]:
    at: int | None = head
    while at is not None:
        yield at
        at = follower.get(at)


def _stacked(upper: Sequence[Shape], lower: Sequence[Shape]) -> bool:
    """Whether two rows of three are one code: alike in height, close, one above the other."""
    height = upper[0].height
    gap = min(shape.top for shape in lower) - max(shape.bottom for shape in upper)
    middles = [(row[0].left + row[-1].right) / 2 for row in (upper, lower)]
    return (
        0 <= gap <= height
        and abs(upper[0].height - lower[0].height) <= max(2, UNEVEN * height)
        and abs(middles[0] - middles[1]) <= height
    )
