"""Files that are broken, of formats nobody promises to take, or no pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PIL import Image

from conformance.drawing import broken, encode, scenes
from conformance.drawing.plan import Book, Item
from conformance.model import Facts

SIZE = (512, 320)


def items(book: Book) -> Iterator[Item]:
    yield from _damaged(book)
    yield from _foreign(book)
    yield from _no_pictures(book)


def _damaged(book: Book) -> Iterator[Item]:
    png: Callable[[Image.Image], bytes] = encode.png
    jpeg: Callable[[Image.Image], bytes] = encode.jpeg
    for id, media_type, write, spoil, purpose in (
        ("truncated-png", "image/png", png, broken.truncated_png, "a PNG cut short"),
        ("truncated-jpeg", "image/jpeg", jpeg, broken.truncated_jpeg, "a JPEG cut short"),
        ("corrupt-png", "image/png", png, broken.corrupt_png, "a PNG with spoilt pixel data"),
        ("corrupt-jpeg", "image/jpeg", jpeg, broken.corrupt_jpeg, "a JPEG with spoilt tables"),
    ):
        code = book.code()
        yield Item(
            id=id,
            media_type=media_type,
            purpose=purpose,
            decodes=False,
            draw=lambda code=code, write=write, spoil=spoil: spoil(  # type: ignore[misc]
                write(scenes.sheet(code, SIZE))
            ),
        )
    yield _plain("empty", "image/png", b"", "a file of no bytes")


def _foreign(book: Book) -> Iterator[Item]:
    for id, media_type, kind, size in (
        ("bmp", "image/bmp", "BMP", SIZE),
        ("tiff", "image/tiff", "TIFF", SIZE),
        ("ico", "image/vnd.microsoft.icon", "ICO", (256, 256)),
    ):
        code = book.code()
        yield Item(
            id=id,
            media_type=media_type,
            purpose=f"a valid {kind}, which is not among the promised formats",
            facts=Facts(code=code),
            draw=lambda code=code, kind=kind, size=size: _written(  # type: ignore[misc]
                code, kind, size
            ),
        )


def _written(code: str, kind: str, size: tuple[int, int]) -> bytes:
    page = scenes.sheet(code, size)
    if kind == "ICO":
        return encode.saved(page, kind, sizes=[size])
    small = page.quantize(16) if kind == "BMP" else page
    return encode.saved(small, kind, **({"compression": "tiff_lzw"} if kind == "TIFF" else {}))


def _no_pictures(book: Book) -> Iterator[Item]:
    code = book.code()
    drawing = _plain("svg", "image/svg+xml", broken.svg(code), "a vector drawing", code)
    yield _plain("text", "text/plain", broken.TEXT.encode(), "plain text")
    yield _plain("html", "text/html", broken.HTML.encode(), "a web page")
    yield drawing
    yield _plain("pdf", "application/pdf", broken.pdf(), "a document")


def _plain(id: str, media_type: str, data: bytes, purpose: str, code: str = "") -> Item:
    return Item(
        id=id,
        media_type=media_type,
        purpose=purpose,
        facts=Facts(code=code),
        decodes=False,
        draw=lambda: data,
    )
