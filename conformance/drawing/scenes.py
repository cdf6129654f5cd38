"""What the pictures show, as pixels: code sheets, corners, charts, grids and tallies."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final, TypeAlias

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from conformance.drawing import lettering

Colour: TypeAlias = tuple[int, int, int]

INK: Final[Colour] = (16, 20, 48)
PAPER: Final[Colour] = (255, 255, 255)
#: A code takes this much of the width of its sheet, and at most this much of the height.
WIDE: Final = 0.92
HIGH: Final = 0.62

#: Pale backgrounds, far from the ink in lightness.
TINTS: Final[tuple[Colour, ...]] = (
    (255, 255, 255), (255, 240, 214), (226, 242, 255), (232, 250, 228), (255, 232, 236),
    (240, 234, 255), (250, 250, 220), (224, 248, 246),
)  # fmt: skip

#: The colours of grids, as pure as screens have them.
COLOURS: Final[dict[str, Colour]] = {
    "red": (220, 20, 30), "green": (20, 160, 60), "blue": (30, 60, 220),
    "yellow": (255, 220, 0), "black": (0, 0, 0), "white": (255, 255, 255),
}  # fmt: skip
GAP: Final[Colour] = (128, 128, 128)

#: Colours of the rows of a tally; each stands out from its pale background.
ROWS: Final[tuple[Colour, ...]] = (
    (220, 20, 30), (20, 150, 60), (30, 60, 220), (230, 150, 0), (0, 0, 0), (150, 30, 160),
)  # fmt: skip


def sheet(
    code: str,
    size: tuple[int, int],
    *,
    paper: Colour = PAPER,
    ink: Colour = INK,
    rows: int = 1,
) -> Image.Image:
    """One code in the middle of an RGB page of ``size`` pixels, on one, two or three rows."""
    mask = centred(code, size, rows=rows)
    return Image.composite(Image.new("RGB", size, ink), Image.new("RGB", size, paper), mask)


def centred(code: str, size: tuple[int, int], *, rows: int = 1) -> Image.Image:
    """The mask of ``sheet``: an "L" page on which the code is white."""
    width, height = size
    step = len(code) // rows
    texts = tuple(code[i : i + step] for i in range(0, len(code), step))
    wide = WIDE * width if rows == 1 else 0.9 * width
    capital = min(lettering.fit(text, wide, HIGH * height / rows) for text in texts)
    mask = lettering.block(texts, capital)
    page = Image.new("L", size, 0)
    page.paste(mask, ((width - mask.width) // 2, (height - mask.height) // 2))
    return page


def grey_sheet(code: str, size: tuple[int, int]) -> Image.Image:
    """One code, black on white, as an "L" page: small in memory at any size."""
    return ImageChops.invert(centred(code, size))


def halo(code: str, size: tuple[int, int]) -> tuple[Image.Image, Image.Image]:
    """The masks of a code and of the light rim around it, legible on white and on black."""
    core = centred(code, size)
    rim = core.filter(ImageFilter.MaxFilter(15)).filter(ImageFilter.GaussianBlur(1))
    return core, ImageChops.lighter(core, rim)


def corners(codes: Sequence[str], size: tuple[int, int], *, paper: Colour = PAPER) -> Image.Image:
    """Four codes: top left, top right, bottom left, bottom right."""
    width, height = size
    page = Image.new("RGB", size, paper)
    margin = round(0.04 * width)
    capital = min(lettering.fit(code, 0.38 * width, 0.25 * height) for code in codes)
    for i, code in enumerate(codes):
        mask = lettering.line(code, capital)
        left = width - margin - mask.width if i % 2 else margin
        top = height - margin - mask.height if i // 2 else margin
        page.paste(INK, (left, top), mask)
    return page


def flush(codes: Sequence[str], size: tuple[int, int], capital: int, rim: int) -> Image.Image:
    """Four codes in the corners, ``rim`` pixels from the edges."""
    page = Image.new("RGB", size, PAPER)
    for i, code in enumerate(codes):
        line = lettering.line(code, capital)
        mask = line.crop(line.point([0] * 128 + [255] * 128).getbbox())
        left = size[0] - rim - mask.width if i % 2 else rim
        top = size[1] - rim - mask.height if i // 2 else rim
        page.paste(INK, (left, top), mask)
    return page


def chart(prints: Sequence[tuple[str, int]], size: tuple[int, int]) -> Image.Image:
    """An eye chart: lines of codes with capitals of the given heights, from the top."""
    width, height = size
    page = Image.new("RGB", size, PAPER)
    masks = [lettering.line(code, capital) for code, capital in prints]
    gap = (height - sum(mask.height for mask in masks)) / (len(masks) + 1)
    top = gap
    for mask in masks:
        page.paste((0, 0, 0), ((width - mask.width) // 2, round(top)), mask)
        top += mask.height + gap
    return page


def grid(names: Sequence[str], size: tuple[int, int]) -> Image.Image:
    """Nine cells of solid colour, three by three, with thin grey gaps."""
    width, height = size
    page = Image.new("RGB", size, GAP)
    pen = ImageDraw.Draw(page)
    half = max(2, round(0.008 * width))
    for i, name in enumerate(names):
        x, y = i % 3, i // 3
        box = (x * width // 3 + half, y * height // 3 + half)
        end = ((x + 1) * width // 3 - half - 1, (y + 1) * height // 3 - half - 1)
        pen.rectangle((*box, *end), fill=COLOURS[name])
    return page


def draw_names(rng: random.Random) -> tuple[str, ...]:
    """Nine colour names for a grid, at least four of them different."""
    while True:
        names = tuple(rng.choice(tuple(COLOURS)) for _ in range(9))
        if len(set(names)) >= 4:
            return names


#: Squares along one side of a board.
BOARD: Final = 8
#: Print on these colours is white.
DARK: Final = frozenset({"red", "green", "blue", "black"})


def board(names: Sequence[str], size: tuple[int, int]) -> Image.Image:
    """Squares of solid colour, eight by eight, numbered from 1 in their upper left corners."""
    width, height = size
    page = Image.new("RGB", size, GAP)
    pen = ImageDraw.Draw(page)
    half = max(2, round(0.006 * width))
    for i, name in enumerate(names):
        x, y = i % BOARD, i // BOARD
        left, top = x * width // BOARD + half, y * height // BOARD + half
        end = ((x + 1) * width // BOARD - half - 1, (y + 1) * height // BOARD - half - 1)
        pen.rectangle((left, top, *end), fill=COLOURS[name])
        mask = lettering.line(str(i + 1), height // BOARD // 5)
        ink = COLOURS["white" if name in DARK else "black"]
        page.paste(ink, (left + half // 2, top + half // 2), mask)
    return page


def even_names(rng: random.Random) -> tuple[str, ...]:
    """Colour names for a board, each as often as every other, give or take one."""
    names = [tuple(COLOURS)[i % len(COLOURS)] for i in range(BOARD * BOARD)]
    rng.shuffle(names)
    return tuple(names)


def tally(counts: Sequence[int], size: tuple[int, int]) -> Image.Image:
    """One row for each count, with that many discs of the row's colour."""
    width, height = size
    page = Image.new("RGB", (width * 2, height * 2), (244, 244, 238))
    pen = ImageDraw.Draw(page)
    row, column = 2 * height / len(counts), 2 * width / 7
    radius = 0.38 * min(row, column)
    for i, count in enumerate(counts):
        for k in range(count):
            x, y = (k + 1) * column, (i + 0.5) * row
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ROWS[i % len(ROWS)])
    return page.resize(size, Image.Resampling.BOX)


def noisy(code: str, size: tuple[int, int], rng: random.Random) -> Image.Image:
    """A code in weak contrast under strong noise: print 64 below the paper, noise of +-32."""
    noise = Image.frombytes("RGB", size, rng.randbytes(size[0] * size[1] * 3))
    soft = noise.point([(value & 63) for value in range(256)] * 3)
    page = sheet(code, size, paper=(150, 154, 160), ink=(86, 90, 96))
    return ImageChops.add(page, soft, offset=-32)
