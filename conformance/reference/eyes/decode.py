"""Bytes to an upright RGB picture, or one clear reason why not."""

from __future__ import annotations

import io
import threading
import warnings
from typing import Final

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

#: Formats that are looked at, by their first bytes.
SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
)
#: The largest picture that is decoded, in pixels: 64 million.
MOST_PIXELS: Final = 64_000_000

#: Silencing warnings changes the whole process, so one thread at a time may do it.
_SILENCE: Final = threading.Lock()


class PictureError(Exception):
    """A picture that cannot be looked at; the message is one sentence."""


class UndecodablePicture(PictureError):
    """Bytes of an accepted format that are broken or incomplete, or no bytes at all."""


class UnsupportedPicture(PictureError):
    """Bytes of no accepted format."""


class PictureTooLarge(PictureError):
    """More pixels than are decoded."""


def open_picture(data: bytes, *, most_pixels: int = MOST_PIXELS) -> Image.Image:
    """The first frame as RGB, upright, flattened on white.

    Raises UndecodablePicture, UnsupportedPicture or PictureTooLarge, and nothing else.
    """
    kind = _kind(data)
    with _SILENCE, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _decoded(data, kind, most_pixels)
        except PictureError:
            raise
        except Image.DecompressionBombError as error:
            raise PictureTooLarge(f"the picture has too many pixels: {error}") from error
        except UnidentifiedImageError as error:  # Its words tell where in memory the bytes lie.
            raise UndecodablePicture(f"the {kind} picture has no whole header") from error
        except Exception as error:  # Pillow raises a dozen kinds for broken files
            reason = str(error).strip().rstrip(".") or type(error).__name__
            raise UndecodablePicture(f"the {kind} picture cannot be decoded: {reason}") from error


def _kind(data: bytes) -> str:
    if not data:
        raise UndecodablePicture("the picture is empty: it has no bytes")
    for signature, kind in SIGNATURES:
        if data.startswith(signature):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    raise UnsupportedPicture("the bytes are not a PNG, JPEG, GIF or WebP picture")


def _decoded(data: bytes, kind: str, most_pixels: int) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=(kind,)) as image:
        if image.width * image.height > most_pixels:
            raise PictureTooLarge(
                f"the picture has {image.width} x {image.height} pixels;"
                f" at most {most_pixels} are looked at"
            )
        image.load()
        return _flattened(ImageOps.exif_transpose(image))


def _flattened(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        return _from_16_bits(image).convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    paper = Image.new("RGBA", clear.size, (255, 255, 255, 255))
    return Image.alpha_composite(paper, clear).convert("RGB")


def _from_16_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 bits scaled to 8; Pillow's own conversion clips instead."""
    values = np.asarray(image).astype(np.int64)
    return Image.fromarray((values.clip(0, 65535) >> 8).astype(np.uint8))
