"""Pixels to bytes, one function for each way of writing a picture that the corpus needs."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from PIL import Image, ImageCms

#: The seven passes of Adam7: first column, first row, column step, row step
#: (PNG specification, third edition, section 8).
ADAM7: Final = (
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4),
    (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
)  # fmt: skip
#: EXIF tag 0x0112, Orientation, and how upright pixels are stored under each value.
ORIENTATION: Final = 0x0112
STORED: Final = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Whatever Pillow writes for a format and its options."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def png(image: Image.Image, level: int = 9) -> bytes:
    return saved(image, "PNG", compress_level=level)


def jpeg(image: Image.Image, **options: Any) -> bytes:
    return saved(image, "JPEG", **{"quality": 90, **options})


def webp(image: Image.Image, **options: Any) -> bytes:
    return saved(image, "WEBP", **{"quality": 85, **options})


def gif(frames: Sequence[Image.Image]) -> bytes:
    """A still GIF of one frame, an endless animation of several."""
    first, *rest = [frame.quantize(64) for frame in frames]
    if not rest:
        return saved(first, "GIF")
    return saved(first, "GIF", save_all=True, append_images=rest, duration=400, loop=0)


#: Darkest value of the 16-bit picture, as a fraction of its range.
INK_16 = 1 / 16


def png16(light: Image.Image) -> bytes:
    """A greyscale PNG of 16 bits from an "L" picture; its values run up to 65535.

    Its ink is above 255, so a decoder that clips to eight bits sees a white page.
    """
    values = np.asarray(light).astype(np.float64)
    ramp = np.linspace(0.82, 1.0, values.shape[1])
    deep = np.rint(np.maximum(values / 255 * ramp, INK_16) * 65535).astype(np.uint16)
    return png(Image.fromarray(deep))


def png_interlaced(image: Image.Image) -> bytes:
    """An RGB PNG with Adam7 interlacing, which Pillow reads but does not write."""
    pixels = np.asarray(image.convert("RGB"))
    header = struct.pack(">IIBBBBB", image.width, image.height, 8, 2, 0, 0, 1)
    data = b"".join(_pass(pixels[y::dy, x::dx]) for x, y, dx, dy in ADAM7)
    return assemble([(b"IHDR", header), (b"IDAT", zlib.compress(data, 9)), (b"IEND", b"")])


def _pass(pixels: np.ndarray[Any, np.dtype[np.uint8]]) -> bytes:
    """The rows of one pass, each behind the filter byte 0; nothing for an empty pass."""
    if not pixels.size:
        return b""
    return b"".join(b"\0" + row.tobytes() for row in pixels)


def assemble(chunks: Sequence[tuple[bytes, bytes]]) -> bytes:
    """A PNG file from the types and contents of its chunks."""
    parts = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def jpeg_turned(image: Image.Image, orientation: int) -> bytes:
    """A JPEG that is upright only when its EXIF orientation is obeyed."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    turn = STORED.get(orientation)
    return jpeg(image.transpose(turn) if turn is not None else image, exif=exif)


def srgb_profile() -> bytes:
    """An ICC profile of sRGB, with the time of its making (bytes 24 to 35) fixed."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made[:24] + struct.pack(">6H", 2000, 1, 1, 0, 0, 0) + made[36:]
