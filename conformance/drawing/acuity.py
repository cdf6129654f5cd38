"""Eye charts that are alike but for one thing, print at the very edges, and a board of squares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from PIL import Image

from conformance.drawing import encode, lettering, scenes
from conformance.drawing.plan import Book, Item
from conformance.drawing.scenes import Colour
from conformance.model import Facts, Print

#: Heights of the capitals in pixels, each about 1.3 times the next.
LADDER: Final = (80, 62, 48, 37, 28, 22, 17, 13, 10)
#: Whole under the tile rule; shrunk to 512 pixels, a third, the last four lines are illegible.
LARGE: Final = (1536, 768)
SMALL: Final = (768, 384)
#: Orange on teal: far apart in hue, and equally bright in the weights of ITU-R BT.601, by which
#: pictures are mostly turned grey.
HUE: Final[tuple[Colour, Colour]] = ((230, 110, 20), (40, 180, 160))
#: An eighth of the full contrast: plain to see, and lost where blocks are coarsely quantised.
FAINT: Final[tuple[Colour, Colour]] = ((205, 205, 205), (235, 235, 235))
BLACK: Final[tuple[Colour, Colour]] = ((0, 0, 0), (255, 255, 255))

EDGES_SIZE: Final = (1024, 768)
#: Capitals of the codes at the edges, and how far they stay from them, in pixels.
EDGES: Final = (60, 5)
BOARD_SIZE: Final = (1024, 1024)

Lines: TypeAlias = list[tuple[str, int]]
Write: TypeAlias = Callable[[Image.Image], bytes]

WRITTEN: Final[dict[str, tuple[str, Write]]] = {
    "png": ("image/png", encode.png),
    "jpeg": ("image/jpeg", encode.jpeg),
    "webp": ("image/webp", encode.webp),
    "gif": ("image/gif", lambda page: encode.gif([page])),
}


def items(book: Book) -> Iterator[Item]:
    lines = _lines(book, LADDER)
    for name, (media_type, write) in WRITTEN.items():
        purpose = f"a ladder of print, written as {name}"
        yield _chart(f"acuity-{name}", lines, LARGE, BLACK, purpose, media_type, write)
    few = _lines(book, LADDER[3:])
    yield _chart("acuity-small", few, SMALL, BLACK, "a ladder of print on a quarter of the area")
    hue = _lines(book, LADDER)
    yield _chart("acuity-hue", hue, LARGE, HUE, "print that differs from its ground in hue alone")
    faint = _lines(book, LADDER)
    yield _chart("acuity-faint", faint, LARGE, FAINT, "print in weak contrast")
    yield _edges(book)
    yield _board(book)


def _lines(book: Book, heights: tuple[int, ...]) -> Lines:
    return [(book.code(), height) for height in heights]


def _chart(
    id: str,
    lines: Lines,
    size: tuple[int, int],
    colours: tuple[Colour, Colour],
    purpose: str,
    media_type: str = "image/png",
    write: Write = encode.png,
) -> Item:
    prints = tuple(
        Print(code=code, height=lettering.capital_height(lettering.line("H", height)))
        for code, height in lines
    )
    return Item(
        id=id,
        media_type=media_type,
        purpose=purpose,
        facts=Facts(prints=prints),
        draw=lambda: write(_inked(scenes.chart(lines, size), *colours)),
    )


def _inked(page: Image.Image, ink: Colour, paper: Colour) -> Image.Image:
    """A page of black on white in other colours."""
    mask = page.convert("L")
    return Image.composite(
        Image.new("RGB", page.size, paper), Image.new("RGB", page.size, ink), mask
    )


def _edges(book: Book) -> Item:
    four = tuple(book.code() for _ in range(4))
    return Item(
        id="edges-1",
        media_type="image/png",
        purpose="four codes at the very edges",
        facts=Facts(corners=four),
        draw=lambda: encode.png(scenes.flush(four, EDGES_SIZE, *EDGES)),
    )


def _board(book: Book) -> Item:
    names = scenes.even_names(book.rng("board-1"))
    return Item(
        id="board-1",
        media_type="image/png",
        purpose="more numbered squares than anybody lists unasked",
        facts=Facts(colours=names),
        draw=lambda: encode.png(scenes.board(names, BOARD_SIZE)),
    )
