"""One picture for each way in which the accepted formats are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from PIL import Image

from conformance.drawing import encode, scenes
from conformance.drawing.plan import Book, Item
from conformance.model import Facts

SIZE: Final = (512, 320)

Draw: TypeAlias = Callable[[str], bytes]


def items(book: Book) -> Iterator[Item]:
    for id, (media_type, draw, purpose) in FORMATS.items():
        code = book.code()
        yield Item(
            id=id,
            media_type=media_type,
            purpose=purpose,
            facts=Facts(code=code),
            draw=lambda draw=draw, code=code: draw(code),  # type: ignore[misc]
        )
    yield _animated(book)
    yield from _turned(book)


def _animated(book: Book) -> Item:
    first, *others = (book.code() for _ in range(3))

    def draw() -> bytes:
        papers = ((226, 242, 255), (255, 240, 214), (232, 250, 228))
        frames = zip((first, *others), papers, strict=True)
        return encode.gif([scenes.sheet(code, SIZE, paper=paper) for code, paper in frames])

    return Item(
        id="gif-animated",
        media_type="image/gif",
        purpose="an animation whose first frame has the code",
        facts=Facts(code=first),
        draw=draw,
    )


def _turned(book: Book) -> Iterator[Item]:
    for orientation in (1, 3, 6, 8):
        corners = tuple(book.code() for _ in range(4))
        yield Item(
            id=f"jpeg-exif-{orientation}",
            media_type="image/jpeg",
            purpose=f"upright only when EXIF orientation {orientation} is obeyed",
            facts=Facts(corners=corners),
            draw=lambda o=orientation, c=corners: encode.jpeg_turned(  # type: ignore[misc]
                scenes.corners(c, (640, 400)), o
            ),
        )


def _page(code: str) -> Image.Image:
    return scenes.sheet(code, SIZE, paper=(226, 242, 255))


def _grey(code: str) -> Image.Image:
    return scenes.grey_sheet(code, SIZE)


def _clear(code: str) -> Image.Image:
    """RGBA: dark print in a light rim on nothing, legible on white and on black."""
    _, rim = scenes.halo(code, SIZE)
    page = scenes.sheet(code, SIZE)
    page.putalpha(rim)
    return page


def _palette_clear(code: str) -> bytes:
    """Palette of three: index 0 is transparent, 1 the light rim, 2 the print."""
    core, rim = (mask.point([0] * 128 + [1] * 128) for mask in scenes.halo(code, SIZE))
    page = Image.new("P", SIZE, 0)
    page.putpalette([0, 0, 0, 255, 255, 255, *scenes.INK])
    page.paste(1, mask=rim.point([0] + [255] * 255))
    page.paste(2, mask=core.point([0] + [255] * 255))
    return encode.saved(page, "PNG", transparency=0)


FORMATS: Final[dict[str, tuple[str, Draw, str]]] = {
    "png-rgb": ("image/png", lambda c: encode.png(_page(c)), "PNG, 8-bit RGB"),
    "png-rgba": ("image/png", lambda c: encode.png(_clear(c)), "PNG with an alpha channel"),
    "png-palette": ("image/png", lambda c: encode.png(_page(c).quantize(32)), "PNG with a palette"),
    "png-palette-transparent": (
        "image/png", _palette_clear, "PNG with a palette of which one entry is transparent"
    ),
    "png-grey": ("image/png", lambda c: encode.png(_grey(c)), "PNG, 8-bit greyscale"),
    "png-16bit": ("image/png", lambda c: encode.png16(_grey(c)), "PNG, 16-bit greyscale"),
    "png-interlaced": (
        "image/png", lambda c: encode.png_interlaced(_page(c)), "PNG with Adam7 interlacing"
    ),
    "jpeg-baseline": ("image/jpeg", lambda c: encode.jpeg(_page(c)), "JPEG, baseline"),
    "jpeg-progressive": (
        "image/jpeg", lambda c: encode.jpeg(_page(c), progressive=True), "JPEG, progressive"
    ),
    "jpeg-grey": ("image/jpeg", lambda c: encode.jpeg(_grey(c)), "JPEG of one component"),
    "jpeg-cmyk": (
        "image/jpeg",
        lambda c: encode.jpeg(_page(c).convert("CMYK")),
        "JPEG of four components, inverted as Adobe writes them",
    ),
    "jpeg-icc": (
        "image/jpeg",
        lambda c: encode.jpeg(_page(c), icc_profile=encode.srgb_profile()),
        "JPEG with an embedded colour profile",
    ),
    "webp-lossy": ("image/webp", lambda c: encode.webp(_page(c)), "WebP, lossy"),
    "webp-lossless": (
        "image/webp", lambda c: encode.webp(_page(c), lossless=True), "WebP, lossless"
    ),
    "webp-alpha": ("image/webp", lambda c: encode.webp(_clear(c)), "WebP with an alpha channel"),
    "gif-still": ("image/gif", lambda c: encode.gif([_page(c)]), "GIF of one frame"),
}  # fmt: skip
