"""Every file is what its id says, down to the bytes of its header."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageFile, ImageOps

from conformance.drawing.corpus import Corpus
from conformance.reference.eyes.looking import see

MEDIA = {
    "PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp",
    "BMP": "image/bmp", "TIFF": "image/tiff", "ICO": "image/vnd.microsoft.icon",
}  # fmt: skip


def test_each_picture_is_what_the_manifest_says(corpus: Corpus) -> None:
    decodable = [picture for picture in corpus.values() if picture.mode]
    assert len(decodable) > 70
    for picture in decodable:
        with Image.open(io.BytesIO(picture.data)) as image:
            image.load()
            assert MEDIA[image.format or ""] == picture.media_type, picture.id
            assert (*image.size, image.mode) == (picture.width, picture.height, picture.mode)


def sof(data: bytes) -> tuple[int, int]:
    """Start-of-frame marker and number of components of a JPEG."""
    at = 2
    while not 0xC0 <= data[at + 1] <= 0xC2:
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return data[at + 1], data[at + 9]


#: Bit depth, colour type and interlace method: bytes 24, 25 and 28 of a PNG.
IHDR = {
    "png-rgb": (8, 2, 0), "png-rgba": (8, 6, 0), "png-palette-transparent": (8, 3, 0),
    "png-grey": (8, 0, 0), "png-16bit": (16, 0, 0), "png-interlaced": (8, 2, 1),
}  # fmt: skip


@pytest.mark.parametrize(("id", "expected"), IHDR.items(), ids=list(IHDR))
def test_png_headers(corpus: Corpus, id: str, expected: tuple[int, int, int]) -> None:
    data = corpus[id].data
    depth, colour, interlace = expected
    assert (data[25], data[28]) == (colour, interlace)
    assert data[24] == depth or colour == 3


#: Start of frame (C0 baseline, C2 progressive) and number of components.
FRAMES = {
    "jpeg-baseline": (0xC0, 3), "jpeg-progressive": (0xC2, 3), "jpeg-grey": (0xC0, 1),
    "jpeg-cmyk": (0xC0, 4), "jpeg-icc": (0xC0, 3),
}  # fmt: skip


@pytest.mark.parametrize(("id", "expected"), FRAMES.items(), ids=list(FRAMES))
def test_jpeg_frames(corpus: Corpus, id: str, expected: tuple[int, int]) -> None:
    assert sof(corpus[id].data) == expected


#: What only these pictures carry, as bytes that must be there.
MARKS: dict[str, Callable[[bytes], bool]] = {
    "png-palette": lambda data: data[25] == 3 and b"tRNS" not in data,
    "png-palette-transparent": lambda data: b"tRNS" in data,
    "jpeg-cmyk": lambda data: b"Adobe" in data[:64],
    "jpeg-icc": lambda data: b"ICC_PROFILE\0" in data,
    "webp-lossy": lambda data: data[12:16] == b"VP8 ",
    "webp-lossless": lambda data: data[12:16] == b"VP8L",
    "webp-alpha": lambda data: data[12:16] == b"VP8X" and b"ALPH" in data,
    "tiff": lambda data: data[:2] in (b"II", b"MM"),
    "bmp": lambda data: data[:2] == b"BM",
    "ico": lambda data: data[:4] == b"\0\0\1\0",
    "pdf": lambda data: data.startswith(b"%PDF-1.4") and data.endswith(b"%%EOF\n"),
    "html": lambda data: data.startswith(b"<!doctype html>"),
    "empty": lambda data: data == b"",
}


@pytest.mark.parametrize(("id", "holds"), MARKS.items(), ids=list(MARKS))
def test_marks_of_the_format(corpus: Corpus, id: str, holds: Callable[[bytes], bool]) -> None:
    assert holds(corpus[id].data)


def test_sixteen_bits_use_their_whole_range(corpus: Corpus) -> None:
    with Image.open(io.BytesIO(corpus["png-16bit"].data)) as image:
        values = np.asarray(image)
    assert values.dtype == np.uint16
    assert values.max() == 65535
    assert values.min() > 255, "clipped to eight bits it must come out blank"
    assert len(np.unique(values & 0xFF)) > 100, "the low bytes are in use too"


def test_cmyk_decodes_to_the_right_colours(corpus: Corpus) -> None:
    with Image.open(io.BytesIO(corpus["jpeg-cmyk"].data)) as image:
        paper = image.convert("RGB").getpixel((5, 5))
    assert paper == pytest.approx((226, 242, 255), abs=4)


def test_the_colour_profile_is_srgb(corpus: Corpus) -> None:
    with Image.open(io.BytesIO(corpus["jpeg-icc"].data)) as image:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
    assert "sRGB" in ImageCms.getProfileDescription(profile)


def test_the_animation_shows_its_code_first(corpus: Corpus) -> None:
    picture = corpus["gif-animated"]
    with Image.open(io.BytesIO(picture.data)) as image:
        assert getattr(image, "n_frames", 1) == 3
        seen = []
        for frame in range(3):
            image.seek(frame)
            seen.append([code.code for code in see(image.convert("RGB")).codes])
    assert seen[0] == [picture.facts.code]
    assert len({code for codes in seen for code in codes}) == 3


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_turned_pictures_are_upright_only_when_turned(corpus: Corpus, orientation: int) -> None:
    picture = corpus[f"jpeg-exif-{orientation}"]
    with Image.open(io.BytesIO(picture.data)) as image:
        assert image.getexif()[0x0112] == orientation
        stored, upright = image.convert("RGB"), ImageOps.exif_transpose(image).convert("RGB")
    assert tuple(code.code for code in see(upright).codes) == picture.facts.corners
    if orientation != 1:
        assert tuple(code.code for code in see(stored).codes) != picture.facts.corners


@pytest.mark.parametrize("id", ["truncated-png", "truncated-jpeg", "corrupt-png", "corrupt-jpeg"])
def test_broken_pictures_have_a_header_and_no_code(
    corpus: Corpus, id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even a decoder that makes do with what there is finds nothing to read."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with Image.open(io.BytesIO(corpus[id].data)) as image:
        assert image.size == (512, 320)
        try:
            page = image.convert("RGB")
        except (OSError, SyntaxError):
            return
    assert see(page).codes == ()


def test_the_drawing_shows_its_code(corpus: Corpus) -> None:
    assert f">{corpus['svg'].facts.code}</text>".encode() in corpus["svg"].data
