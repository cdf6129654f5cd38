"""Pictures small enough to stand in a report."""

from __future__ import annotations

import base64
import io
import warnings

from PIL import Image

from conformance.model import Picture

#: Pixels. Wide enough to read a code, small enough for a hundred of them on one page.
WIDTH = 320
HEIGHT = 320
#: Bytes. Beyond, the thumbnail is made again at half the size.
HEAVY = 14_000
#: Pixels.
LARGE = 10_000_000


def thumbnail(picture: Picture) -> str:
    """A data URL of the picture, at most 320 by 320 pixels; "" where it does not decode.

    And where it is so large that decoding it would take more memory than all the rest.
    """
    if picture.width * picture.height > LARGE:
        return ""
    try:
        small = _small(picture.data)
        data = _written(small)
        for scale in (2, 4):
            if len(data) > HEAVY:
                small.thumbnail((WIDTH // scale, HEIGHT // scale))
                data = _written(small)
    except Exception:  # Whatever Pillow cannot read, for whatever reason: there is no tile.
        return ""
    return f"data:image/webp;base64,{base64.b64encode(data).decode()}"


def _small(data: bytes) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data)) as image:
            image.draft("RGB", (WIDTH, HEIGHT))
            small = _converted(image, WIDTH, HEIGHT)
    small.thumbnail((WIDTH, HEIGHT), Image.Resampling.HAMMING, reducing_gap=1.5)
    return small


def _written(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=72, method=1)
    return out.getvalue()


def _converted(image: Image.Image, width: int, height: int) -> Image.Image:
    """In RGB or RGBA. A large one is reduced first, where that needs no conversion: 36 megapixels
    are 36 MB in grey and 144 MB with transparency.
    """
    factor = min(image.width // (2 * width), image.height // (2 * height))
    if factor > 1 and image.mode in ("L", "RGB", "RGBA", "CMYK"):
        image = image.reduce(factor)
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    image.load()
    return image if image.mode == wanted else image.convert(wanted)
