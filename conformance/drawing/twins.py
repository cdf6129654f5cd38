"""Pairs of pictures that a weak fingerprint takes for one and the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

import numpy as np
from PIL import Image

from conformance.drawing import encode, padding, scenes
from conformance.drawing.plan import NOTHING, Book, Item
from conformance.model import Facts

SIZE: Final = (512, 320)
#: Two sizes of equally many pixels. A row is longer by a twentieth in the second, so that print
#: made for the first is scattered there beyond recognition.
FIRST_SIZE: Final = (480, 336)
OTHER_SIZE: Final = (504, 320)
#: Bytes before the pixels that a pair shares: 8 KiB of base64.
SHARED: Final = 6144
#: Weight of both pictures of the pair that is equally heavy, in bytes.
WEIGHT: Final = 24_000

Codes: TypeAlias = tuple[str, str]
Draw: TypeAlias = Callable[[Codes], bytes]


def items(book: Book) -> Iterator[Item]:
    for name, (purpose, draws) in PAIRS.items():
        codes = book.code(), book.code()
        for n, draw in enumerate(draws):
            legible = name != "raw" or n == 0
            yield Item(
                id=f"twin-{name}-{n + 1}",
                media_type="image/png",
                purpose=purpose,
                facts=Facts(code=codes[n]) if legible else NOTHING,
                draw=lambda draw=draw, codes=codes: draw(codes),  # type: ignore[misc]
            )


def _raw(codes: Codes) -> Image.Image:
    return scenes.grey_sheet(codes[0], FIRST_SIZE)


def _scattered(codes: Codes) -> Image.Image:
    return Image.frombytes("L", OTHER_SIZE, _raw(codes).tobytes())


def _palette(codes: Codes, shown: int) -> Image.Image:
    """Indices 0 to 3: neither code, the first, the second, both. The palette hides one code."""
    first, second = (np.asarray(scenes.centred(code, SIZE)) >= 128 for code in codes)
    page = Image.fromarray(first.astype(np.uint8) + 2 * second.astype(np.uint8))
    inks = [scenes.INK if n >> shown & 1 else scenes.PAPER for n in range(4)]
    page.putpalette([level for ink in inks for level in ink])
    return page


def _sheet(code: str) -> bytes:
    return encode.png(scenes.sheet(code, SIZE, paper=(226, 242, 255)))


def _headed(code: str) -> bytes:
    return padding.in_front(_sheet(code), SHARED, "twin-head")


def _weighed(code: str) -> bytes:
    plain = _sheet(code)
    return padding.behind(plain, WEIGHT - len(plain), "twin-size")


PAIRS: Final[dict[str, tuple[str, tuple[Draw, Draw]]]] = {
    "raw": (
        "the same raw pixels as its sibling in rows of another length",
        (lambda c: encode.png(_raw(c)), lambda c: encode.png(_scattered(c))),
    ),
    "palette": (
        "the same palette indices as its sibling, with another palette",
        (lambda c: encode.png(_palette(c, 0)), lambda c: encode.png(_palette(c, 1))),
    ),
    "head": (
        "the same first 6 KB as its sibling",
        (lambda c: _headed(c[0]), lambda c: _headed(c[1])),
    ),
    "size": (
        "as many bytes as its sibling, with the same header",
        (lambda c: _weighed(c[0]), lambda c: _weighed(c[1])),
    ),
}
