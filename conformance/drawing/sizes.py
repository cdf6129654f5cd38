"""Pictures at the limits of size and shape, and of what their bytes weigh."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PIL import Image

from conformance.drawing import encode, scenes
from conformance.drawing.plan import Book, Item
from conformance.model import Facts

#: Too small for any print.
SPECKS: Final = (1, 8, 16)
SQUARES: Final = (64, 200, 512, 1024, 2048, 4096, 6000)
SHAPES: Final = {
    "portrait-768x1366": (768, 1366),
    "landscape-1366x768": (1366, 768),
    "tall-200x2000": (200, 2000),
    "wide-2000x200": (2000, 200),
    "tall-100x4000": (100, 4000),
    "wide-4000x100": (4000, 100),
}
#: Too narrow for six characters that are still legible after a fit to 2048 pixels.
TWO_ROWS: Final = frozenset({"size-64x64", "tall-100x4000"})
WEIGHED: Final = (1280, 960)


def items(book: Book) -> Iterator[Item]:
    for side in SPECKS:
        yield Item(
            id=f"size-{side}x{side}",
            media_type="image/png",
            purpose=f"a plain square of {side} pixels a side",
            draw=lambda s=side: encode.png(  # type: ignore[misc]
                Image.new("RGB", (s, s), (200, 60, 40))
            ),
        )
    squares = {f"size-{side}x{side}": (side, side) for side in SQUARES}
    for id, size in {**squares, **SHAPES}.items():
        yield _sized(book, id, size)
    yield from _weights(book)


def _sized(book: Book, id: str, size: tuple[int, int]) -> Item:
    code = book.code()
    rows = 2 if id in TWO_ROWS else 1
    return Item(
        id=id,
        media_type="image/png",
        purpose=f"a code on {size[0]} by {size[1]} pixels",
        facts=Facts(code=code),
        draw=lambda: _flat(code, size, rows),
    )


def _flat(code: str, size: tuple[int, int], rows: int) -> bytes:
    """RGB where it is cheap; greyscale above four million pixels, which draws ten times faster."""
    if size[0] * size[1] > 2**22:
        return encode.png(scenes.grey_sheet(code, size), level=1)
    return encode.png(scenes.sheet(code, size, rows=rows), level=6)


def _weights(book: Book) -> Iterator[Item]:
    code, noisy = book.code(), book.code()
    for id, level in (("bytes-light", 9), ("bytes-heavy", 0)):
        yield Item(
            id=id,
            media_type="image/png",
            purpose=f"the same pixels as its sibling, at compression level {level}",
            facts=Facts(code=code),
            draw=lambda level=level: encode.png(  # type: ignore[misc]
                scenes.sheet(code, WEIGHED, paper=(255, 240, 214)), level
            ),
        )
    yield Item(
        id="noise-heavy",
        media_type="image/png",
        purpose="weak contrast under noise that does not compress",
        facts=Facts(code=noisy),
        draw=lambda: encode.png(scenes.noisy(noisy, WEIGHED, book.rng("noise-heavy")), level=1),
    )
