"""Letters as masks: bold, widely spaced, and the same shape at every size.

Each character is drawn once, large, with the font that Pillow carries (Aileron, CC0), and scaled
to the height wanted. So no font file is needed, and hinting changes nothing.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

#: Capitals of the master drawings are this high, in pixels.
MASTER: Final = 160
#: Parts of the height of a capital: stroke added all round, gap between letters, room above.
STROKE: Final = 0.035
TRACKING: Final = 0.28
ROOM: Final = 0.08


@cache
def master(character: str) -> Image.Image:
    """One character as an "L" mask, white on black, cut to its width.

    The mask is ``(1 + 2 * ROOM) * MASTER`` high; a capital H fills all but the room.
    """
    font, top = _font()
    stroke = round(MASTER * STROKE)
    room = round(MASTER * ROOM)
    canvas = Image.new("L", (3 * MASTER, MASTER + 2 * room), 0)
    pen = ImageDraw.Draw(canvas)
    pen.text((MASTER // 2, room - top), character, fill=255, font=font, stroke_width=stroke)
    left, _, right, _ = canvas.getbbox() or (0, 0, 1, 1)
    return canvas.crop((left, 0, right, canvas.height))


@cache
def _font() -> tuple[ImageFont.FreeTypeFont, int]:
    """The font at which a stroked H is MASTER high, and where its top comes to lie."""
    stroke = round(MASTER * STROKE)
    for size in range(MASTER, 2 * MASTER):
        font = ImageFont.load_default(size=size)
        if not isinstance(font, ImageFont.FreeTypeFont):
            raise RuntimeError("this Pillow has no FreeType support; install a stock Pillow")
        _, top, _, bottom = font.getbbox("H", stroke_width=stroke)
        if bottom - top >= MASTER:
            return font, round(top)
    raise RuntimeError("the font that Pillow carries has no usable capital H")


def line(text: str, capital: int) -> Image.Image:
    """A line of text as an "L" mask whose capitals are ``capital`` pixels high."""
    whole = _joined(text)
    scale = capital / MASTER
    size = (max(1, round(whole.width * scale)), max(1, round(whole.height * scale)))
    return whole.resize(size, Image.Resampling.LANCZOS)


@cache
def _joined(text: str) -> Image.Image:
    letters = [master(character) for character in text]
    gap = round(MASTER * TRACKING)
    width = sum(letter.width for letter in letters) + gap * (len(letters) - 1)
    whole = Image.new("L", (width, letters[0].height), 0)
    left = 0
    for letter in letters:
        whole.paste(letter, (left, 0))
        left += letter.width + gap
    return whole


def fit(text: str, width: float, height: float) -> int:
    """The height of capitals at which a line is at most ``width`` wide and ``height`` high."""
    whole = _joined(text)
    return max(1, int(min(width * MASTER / whole.width, height * MASTER / whole.height)))


def block(rows: tuple[str, ...], capital: int) -> Image.Image:
    """Rows of text one below the other, each in the middle, as an "L" mask."""
    masks = [line(row, capital) for row in rows]
    pitch = masks[0].height + round(capital * 0.35)
    width = max(mask.width for mask in masks)
    whole = Image.new("L", (width, pitch * (len(rows) - 1) + masks[0].height), 0)
    for i, mask in enumerate(masks):
        whole.paste(mask, ((width - mask.width) // 2, i * pitch))
    return whole


def capital_height(mask: Image.Image) -> int:
    """Rows of a mask in which at least one pixel is more than half covered."""
    return int((np.asarray(mask).max(axis=1) > 127).sum())
