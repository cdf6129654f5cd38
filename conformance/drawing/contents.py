"""Pictures that are told apart by what they show: sheets, corners, a chart, grids, tallies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from conformance.drawing import encode, lettering, scenes
from conformance.drawing.plan import Book, Item
from conformance.model import Facts, Print

SHEETS: Final = 24
#: Heights of the capitals on the eye chart. Shrunk to 512 pixels of width, a quarter, the last
#: four are 7 pixels and less: below what print needs to be told apart.
CHART: Final = (96, 72, 56, 44, 28, 24, 20, 16)
CHART_SIZE: Final = (2048, 768)


def items(book: Book) -> Iterator[Item]:
    yield from _sheets(book)
    yield from _corners(book)
    yield _chart(book)
    yield from _grids(book)
    yield from _tallies(book)


def _sheets(book: Book) -> Iterator[Item]:
    for n in range(1, SHEETS + 1):
        code = book.code()
        paper = scenes.TINTS[n % len(scenes.TINTS)]
        yield Item(
            id=f"sheet-{n:02}",
            media_type="image/png",
            purpose="a code sheet, for pictures sent together",
            facts=Facts(code=code),
            draw=lambda code=code, paper=paper: encode.png(  # type: ignore[misc]
                scenes.sheet(code, (512, 320), paper=paper)
            ),
        )


def _corners(book: Book) -> Iterator[Item]:
    """Two pictures that share one code: top left in the first, bottom right in the second."""
    shared = book.code()
    first = (shared, *(book.code() for _ in range(3)))
    second = (*(book.code() for _ in range(3)), shared)
    for n, four in enumerate((first, second), 1):
        yield Item(
            id=f"corners-{n}",
            media_type="image/png",
            purpose="four codes whose places matter",
            facts=Facts(corners=four),
            draw=lambda four=four: encode.png(  # type: ignore[misc]
                scenes.corners(four, (640, 400))
            ),
        )


def _chart(book: Book) -> Item:
    lines = [(book.code(), height) for height in CHART]
    prints = tuple(
        Print(code=code, height=lettering.capital_height(lettering.line("H", height)))
        for code, height in lines
    )
    return Item(
        id="chart-1",
        media_type="image/png",
        purpose="fine print that only survives at high detail",
        facts=Facts(prints=prints),
        draw=lambda: encode.png(scenes.chart(lines, CHART_SIZE)),
    )


def _grids(book: Book) -> Iterator[Item]:
    for n, media_type, write in ((1, "image/png", encode.png), (2, "image/jpeg", encode.jpeg)):
        names = scenes.draw_names(book.rng(f"grid-{n}"))
        yield Item(
            id=f"grid-{n}",
            media_type=media_type,
            purpose="nine cells of colour whose places matter",
            facts=Facts(colours=names),
            draw=lambda names=names, write=write: write(  # type: ignore[misc]
                scenes.grid(names, (480, 360))
            ),
        )


def _tallies(book: Book) -> Iterator[Item]:
    for n in (1, 2):
        rng = book.rng(f"tally-{n}")
        counts = tuple(rng.randint(1, 6) for _ in range(6))
        yield Item(
            id=f"tally-{n}",
            media_type="image/png",
            purpose="discs to be counted row by row",
            facts=Facts(tally=counts),
            draw=lambda counts=counts: encode.png(  # type: ignore[misc]
                scenes.tally(counts, (560, 480))
            ),
        )
