"""Pictures of the corpus made heavier or larger on the fly. Each shows what it showed before."""

from __future__ import annotations

import hashlib
import io
import random
import struct
from dataclasses import replace
from functools import lru_cache
from typing import Final

from PIL import Image, ImageChops

from conformance.drawing import encode, padding
from conformance.drawing.acuity import FAINT, HUE
from conformance.drawing.scenes import Colour
from conformance.model import Facts, Picture

#: Marker of an application segment that no standard gives a meaning (ITU T.81, table B.1: APP4).
APP4: Final = b"\xff\xe4"
#: Most contents of one segment in bytes: its length counts its own two bytes in two bytes.
SEGMENT: Final = 0xFFFF - 2
#: Where a PNG says that it is interlaced: the last byte of its header (RFC 2083, section 4.1.1).
INTERLACED: Final = 28
#: Where the segments of a JPEG begin: behind its SOI marker.
SOI: Final = 2


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


@lru_cache(maxsize=32)
def heavier(picture: Picture, size: int) -> Picture:
    """A PNG with an empty chunk before its pixels that makes it ``size`` bytes long."""
    return _with(picture, padding.grown_to(picture.data, size, f"{size}"), f"{size}-bytes")


@lru_cache(maxsize=16)
def late(picture: Picture, size: int) -> Picture:
    """A PNG or JPEG with ``size`` bytes of noise before what a decoder needs.

    In a JPEG they come before the frame header, which holds the size; in a PNG, where the header
    must come first, before the pixels.
    """
    if picture.media_type == "image/png":
        return _with(picture, padding.in_front(picture.data, size, "late"), "late")
    head = SOI + _first_segment(picture.data)
    data = picture.data[:head] + _segments(size) + picture.data[head:]
    return _with(picture, data, "late")


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
    with Image.open(io.BytesIO(picture.data)) as image:
        grey = image.convert("L")
    size = (grey.width * factor, grey.height * factor)
    data = encode.png(grey.resize(size, Image.Resampling.NEAREST), level=1)
    larger = replace(picture, width=size[0], height=size[1], mode="L")
    return _with(larger, data, f"times-{factor}")


@lru_cache(maxsize=8)
def plain(picture: Picture, width: int, height: int) -> Picture:
    """A PNG of this size in the place of the picture, all of one colour."""
    data = encode.png(Image.new("RGB", (width, height), (200, 60, 40)))
    bare = replace(picture, width=width, height=height, mode="RGB", facts=Facts())
    return _with(bare, data, f"{width}x{height}")


def _with(picture: Picture, data: bytes, how: str) -> Picture:
    stem, _, suffix = picture.file.rpartition(".")
    kind = suffix if data[:4] != b"\x89PNG" else "png"
    digest = hashlib.sha256(data).hexdigest()
    return replace(picture, data=data, sha256=digest, file=f"{stem}-{how}.{kind}")


@lru_cache(maxsize=4)
def over_a_hidden_one(picture: Picture, hidden: Picture) -> Picture:
    """A PNG with the picture above, and the colours of another below it, wholly transparent."""
    with Image.open(io.BytesIO(picture.data)) as shown:
        above = shown.convert("RGBA")
    with Image.open(io.BytesIO(hidden.data)) as other:
        below = other.convert("RGBA").resize(above.size)
    below.putalpha(0)
    page = Image.new("RGBA", (above.width, 2 * above.height))
    page.paste(above, (0, 0))
    page.paste(below, (0, above.height))
    return _with(picture, encode.png(page), "over-a-hidden-one")


@lru_cache(maxsize=128)
def recoded(picture: Picture) -> Picture:
    """A PNG of the corpus as a JPEG of the same pixels; what is no PNG stays as it is."""
    if picture.media_type != "image/png" or not picture.width:
        return picture
    with Image.open(io.BytesIO(picture.data)) as image:
        flat = image.convert("RGB")
    written = io.BytesIO()
    flat.save(written, "JPEG", quality=95, subsampling=0)
    stem = picture.file.rpartition(".")[0]
    # Of what it is made of: a codec's bytes differ from one version to the next.
    digest = hashlib.sha256(f"{picture.sha256} as a JPEG".encode()).hexdigest()
    return replace(
        picture,
        data=written.getvalue(),
        sha256=digest,
        file=f"{stem}-recoded.jpg",
        media_type="image/jpeg",
        mode="RGB",
    )


@lru_cache(maxsize=8)
def inked(picture: Picture, colours: tuple[Colour, Colour]) -> Picture:
    """A PNG of the same page in another ink and on another paper: what was black, what white."""
    with Image.open(io.BytesIO(picture.data)) as image:
        grey = image.convert("L")
    ink, paper = colours
    bands = [
        grey.point([a + (b - a) * level // 255 for level in range(256)])
        for a, b in zip(ink, paper, strict=True)
    ]
    return _with(picture, encode.png(Image.merge("RGB", bands)), f"ink-{ink[0]}")


@lru_cache(maxsize=4)
def framed(picture: Picture) -> Picture:
    """A PNG of the picture in the middle of a white page, half as wide and high again."""
    with Image.open(io.BytesIO(picture.data)) as image:
        shown = image.convert("RGB")
    size = (shown.width * 3 // 2, shown.height * 3 // 2)
    page = Image.new("RGB", size, (255, 255, 255))
    page.paste(shown, ((size[0] - shown.width) // 2, (size[1] - shown.height) // 2))
    larger = replace(picture, width=size[0], height=size[1], mode="RGB")
    return _with(larger, encode.png(page), "framed")


@lru_cache(maxsize=256)
def moved(picture: Picture, number: int) -> Picture:
    """A PNG with what it shows a little lower, each number by as much more, and as many bytes.

    What is no plain PNG with one code, for which there is room, stays as it is.
    """
    facts = picture.facts
    is_plain = picture.media_type == "image/png" and picture.mode in ("RGB", "L")
    is_plain = is_plain and not picture.data[INTERLACED]
    if not is_plain or not facts.code or facts.corners or facts.prints:
        return picture
    with Image.open(io.BytesIO(picture.data)) as image:
        step = number * max(2, min(image.size) // 64)
        data = encode.png(ImageChops.offset(image, 0, step), level=1 if image.width > 3000 else 6)
    if len(data) < len(picture.data) - 64:
        data = padding.grown_to(data, len(picture.data), "moved")
    # Of what it is made of: zlib's bytes differ from one version to the next.
    digest = hashlib.sha256(f"{picture.sha256} moved {number}".encode()).hexdigest()
    stem = picture.file.rpartition(".")[0]
    return replace(picture, data=data, sha256=digest, file=f"{stem}-moved-{number}.png")
