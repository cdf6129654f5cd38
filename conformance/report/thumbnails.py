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


def thumbnail(picture: Picture) -> str:
    """A data URL of the picture, at most 320 by 320 pixels; "" where it does not decode."""
    for scale in (1, 2, 4):
        data = _encoded(picture.data, WIDTH // scale, HEIGHT // scale)
        if len(data) <= HEAVY:
            break
    return f"data:image/webp;base64,{base64.b64encode(data).decode()}" if data else ""


def _encoded(data: bytes, width: int, height: int) -> bytes:
    """WebP bytes, b"" where Pillow cannot read ``data``: whatever the reason, there is no tile."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as image:
                image.draft("RGB", (width, height))
                small = _converted(image, width, height)
            small.thumbnail((width, height), Image.Resampling.LANCZOS, reducing_gap=1.5)
            out = io.BytesIO()
            small.save(out, "WEBP", quality=72, method=2)
            return out.getvalue()
    except Exception:
        return b""


def _converted(image: Image.Image, width: int, height: int) -> Image.Image:
    """In RGB or RGBA. A large one is reduced first, where that needs no conversion: 36 megapixels
    are 36 MB in grey and 144 MB with transparency.
    """
    factor = min(image.width // (2 * width), image.height // (2 * height))
    if factor > 1 and image.mode in ("L", "RGB", "RGBA", "CMYK"):
        image = image.reduce(factor)
    return image.convert("RGBA" if image.has_transparency_data else "RGB")
