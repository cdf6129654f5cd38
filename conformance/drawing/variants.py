"""Pictures of the corpus made heavier or larger on the fly. Each shows what it showed before.

Each is drawn when its bytes are first asked for. What names it is the digest of what it is made
of, since the bytes of a codec differ from one version to the next.
"""

from __future__ import annotations

import hashlib
import io
import random
import struct
from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache
from typing import Final

from PIL import Image, ImageChops

from conformance.drawing import encode, magnifying, padding
from conformance.drawing.acuity import FAINT, HUE
from conformance.drawing.scenes import Colour
from conformance.model import Facts, Made, Picture

#: Marker of an application segment that no standard gives a meaning (ITU T.81, table B.1: APP4).
APP4: Final = b"\xff\xe4"
#: Most contents of one segment in bytes: its length counts its own two bytes in two bytes.
SEGMENT: Final = 0xFFFF - 2
#: Where a PNG says that it is interlaced: the last byte of its header (RFC 2083, section 4.1.1).
INTERLACED: Final = 28
#: Where the segments of a JPEG begin: behind its SOI marker.
SOI: Final = 2
PAPER: Final = (255, 255, 255)


__all__ = [
    "FAINT",
    "HUE",
    "framed",
    "heavier",
    "inked",
    "late",
    "magnified",
    "moved",
    "over_a_hidden_one",
    "plain",
    "recoded",
]


def made(picture: Picture, how: str, draw: Callable[[], bytes], kind: str = "") -> Picture:
    """The picture with the bytes that ``draw`` gives; ``how`` says whatever they depend on.

    ``kind`` is the suffix of its file: that of the picture unless given.
    """
    stem, _, suffix = picture.file.rpartition(".")
    digest = hashlib.sha256(f"{picture.sha256} {how}".encode()).hexdigest()
    file = f"{stem}-{how.replace(' ', '-')}.{kind or suffix}"
    return replace(picture, file_bytes=Made(make=cache(draw)), sha256=digest, file=file)


@lru_cache(maxsize=32)
def heavier(picture: Picture, size: int) -> Picture:
    """A PNG with an empty chunk before its pixels that makes it ``size`` bytes long.

    Raises ValueError where it is longer already. Its bytes are made anew each time they are asked
    for: holding megabytes would cost more.
    """
    padding.verify(picture.weight, size)

    def draw() -> bytes:
        return padding.grown_to(picture.data, size, f"{size}")

    named = made(picture, f"of {size} bytes", draw)
    return replace(named, file_bytes=Made(make=draw, size=size))


@lru_cache(maxsize=16)
def late(picture: Picture, size: int) -> Picture:
    """A PNG or JPEG with ``size`` bytes of noise before what a decoder needs.

    In a JPEG they come before the frame header, which holds the size; in a PNG, where the header
    must come first, before the pixels.
    """

    def draw() -> bytes:
        if picture.media_type == "image/png":
            return padding.in_front(picture.data, size, "late")
        head = SOI + _first_segment(picture.data)
        return picture.data[:head] + _segments(size) + picture.data[head:]

    return made(picture, f"late by {size}", draw)


def _first_segment(jpeg: bytes) -> int:
    """Bytes of the JFIF segment, which must come first; 0 where there is none."""
    if jpeg[SOI : SOI + 2] != b"\xff\xe0":
        return 0
    return 2 + int(struct.unpack(">H", jpeg[SOI + 2 : SOI + 4])[0])


def _segments(size: int) -> bytes:
    rng = random.Random("segments")
    left, written = size, b""
    while left > 0:
        body = rng.randbytes(min(left, SEGMENT))
        written += APP4 + struct.pack(">H", len(body) + 2) + body
        left -= len(body)
    return written


@lru_cache(maxsize=4)
def magnified(picture: Picture, factor: int) -> Picture:
    """A grey PNG in which every pixel is a square of ``factor`` by ``factor`` pixels."""
    size = (picture.width * factor, picture.height * factor)

    def draw() -> bytes:
        return magnifying.in_grey(picture.data, factor)

    larger = replace(picture, width=size[0], height=size[1], mode="L")
    return made(larger, f"times {factor}", draw, "png")


@lru_cache(maxsize=8)
def plain(picture: Picture, width: int, height: int) -> Picture:
    """A PNG of this size in the place of the picture, all of one colour."""

    def draw() -> bytes:
        return encode.png(Image.new("RGB", (width, height), (200, 60, 40)))

    bare = replace(picture, width=width, height=height, mode="RGB", facts=Facts())
    return made(bare, f"{width}x{height}", draw, "png")


def _opened(picture: Picture, mode: str) -> Image.Image:
    with Image.open(io.BytesIO(picture.data)) as image:
        return image.convert(mode)


@lru_cache(maxsize=4)
def over_a_hidden_one(picture: Picture, hidden: Picture) -> Picture:
    """A PNG with the picture above, and the colours of another below it, wholly transparent."""

    def draw() -> bytes:
        above = _opened(picture, "RGBA")
        below = _opened(hidden, "RGBA").resize(above.size)
        below.putalpha(0)
        page = Image.new("RGBA", (above.width, 2 * above.height))
        page.paste(above, (0, 0))
        page.paste(below, (0, above.height))
        return encode.png(page)

    return made(picture, f"over a hidden {hidden.id}", draw, "png")


@lru_cache(maxsize=128)
def recoded(picture: Picture) -> Picture:
    """A PNG of the corpus as a JPEG of the same pixels; what is no PNG stays as it is."""
    if picture.media_type != "image/png" or not picture.width:
        return picture

    def draw() -> bytes:
        written = io.BytesIO()
        _opened(picture, "RGB").save(written, "JPEG", quality=95, subsampling=0)
        return written.getvalue()

    other = replace(picture, media_type="image/jpeg", mode="RGB")
    return made(other, "recoded", draw, "jpg")


@lru_cache(maxsize=8)
def inked(picture: Picture, colours: tuple[Colour, Colour]) -> Picture:
    """A PNG of the same page in another ink and on another paper: what was black, what white."""
    ink, paper = colours

    def draw() -> bytes:
        grey = _opened(picture, "L")
        bands = [
            grey.point([a + (b - a) * level // 255 for level in range(256)])
            for a, b in zip(ink, paper, strict=True)
        ]
        return encode.png(Image.merge("RGB", bands))

    return made(picture, f"ink {_name(ink)} on {_name(paper)}", draw, "png")


def _name(colour: Colour) -> str:
    return "".join(f"{level:02x}" for level in colour)


@lru_cache(maxsize=4)
def framed(picture: Picture) -> Picture:
    """A PNG of the picture in the middle of a white page, half as wide and high again."""
    size = (picture.width * 3 // 2, picture.height * 3 // 2)

    def draw() -> bytes:
        shown = _opened(picture, "RGB")
        page = Image.new("RGB", size, PAPER)
        page.paste(shown, ((size[0] - shown.width) // 2, (size[1] - shown.height) // 2))
        return encode.png(page)

    larger = replace(picture, width=size[0], height=size[1], mode="RGB")
    return made(larger, "framed", draw, "png")


@lru_cache(maxsize=256)
def moved(picture: Picture, number: int) -> Picture:
    """A PNG with what it shows a little lower, each number by as much more, and as many bytes.

    What is no plain PNG with one code, for which there is room, stays as it is.
    """
    facts = picture.facts
    is_plain = picture.media_type == "image/png" and picture.mode in ("RGB", "L")
    if not is_plain or not facts.code or facts.corners or facts.prints:
        return picture
    if picture.data[INTERLACED]:
        return picture

    def draw() -> bytes:
        original = picture.data
        with Image.open(io.BytesIO(original)) as image:
            step = number * max(2, min(image.size) // 64)
            level = 1 if image.width > 3000 else 6
            data = encode.png(ImageChops.offset(image, 0, step), level=level)
        if len(data) < len(original) - 64:
            return padding.grown_to(data, len(original), "moved")
        return data

    return made(picture, f"moved {number}", draw, "png")
