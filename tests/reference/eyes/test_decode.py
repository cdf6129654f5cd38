"""Decoding: what is shown, what is refused, and never anything but the three errors."""

from __future__ import annotations

import random
import struct
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from conformance.drawing import encode
from conformance.drawing.corpus import Corpus
from conformance.reference.eyes.decode import (
    PictureError,
    PictureTooLarge,
    UndecodablePicture,
    UnsupportedPicture,
    open_picture,
)

ACCEPTED = {"image/png", "image/jpeg", "image/gif", "image/webp"}


def test_every_good_picture_opens_as_rgb(corpus: Corpus) -> None:
    for picture in corpus.values():
        if picture.mode and picture.media_type in ACCEPTED:
            image = open_picture(picture.data)
            assert image.mode == "RGB"
            assert sorted(image.size) == sorted((picture.width, picture.height)), picture.id


@pytest.mark.parametrize(
    ("id", "error", "words"),
    [
        ("truncated-png", UndecodablePicture, "truncated"),
        ("truncated-jpeg", UndecodablePicture, "truncated"),
        ("corrupt-png", UndecodablePicture, "PNG picture cannot be decoded"),
        ("corrupt-jpeg", UndecodablePicture, "JPEG picture cannot be decoded"),
        ("empty", UndecodablePicture, "empty"),
        ("bmp", UnsupportedPicture, "not a PNG, JPEG, GIF or WebP"),
        ("tiff", UnsupportedPicture, "not a PNG, JPEG, GIF or WebP"),
        ("ico", UnsupportedPicture, "not a PNG, JPEG, GIF or WebP"),
        ("svg", UnsupportedPicture, "not a PNG, JPEG, GIF or WebP"),
        ("pdf", UnsupportedPicture, "not a PNG, JPEG, GIF or WebP"),
        ("html", UnsupportedPicture, "not a PNG, JPEG, GIF or WebP"),
        ("text", UnsupportedPicture, "not a PNG, JPEG, GIF or WebP"),
    ],
)
def test_what_is_not_acceptable_is_refused(
    corpus: Corpus, id: str, error: type[PictureError], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        open_picture(corpus[id].data)
    assert type(caught.value) is error
    assert "\n" not in str(caught.value)


def bomb(side: int) -> bytes:
    """A PNG header that promises more pixels than there are bytes for."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return encode.assemble([(b"IHDR", header), (b"IDAT", data), (b"IEND", b"")])


@pytest.mark.parametrize("side", [8001, 10_000, 40_000, 2**31 - 1])
def test_too_many_pixels_are_refused_before_decoding(side: int) -> None:
    with pytest.raises(PictureTooLarge):
        open_picture(bomb(side))


def test_the_bound_on_pixels_can_be_set(corpus: Corpus) -> None:
    data = corpus["sheet-01"].data
    assert open_picture(data, most_pixels=512 * 320).size == (512, 320)
    with pytest.raises(PictureTooLarge, match="512 x 320"):
        open_picture(data, most_pixels=512 * 320 - 1)


def test_transparency_becomes_white(corpus: Corpus) -> None:
    for id in ("png-rgba", "png-palette-transparent", "webp-alpha"):
        assert open_picture(corpus[id].data).getpixel((2, 2)) == (255, 255, 255)


def test_sixteen_bits_are_scaled(corpus: Corpus) -> None:
    image = open_picture(corpus["png-16bit"].data)
    assert image.getpixel((0, 0)) == pytest.approx((209,) * 3, abs=2)
    assert image.getpixel((511, 319)) == (255, 255, 255)


def test_the_first_frame_is_shown(corpus: Corpus) -> None:
    assert open_picture(corpus["gif-animated"].data).getpixel((2, 2)) == (226, 242, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png_opens(mode: str) -> None:
    if mode == "PA":
        image = Image.new("RGBA", (30, 20), (9, 9, 9, 0)).quantize(4)
    elif mode == "I;16":
        image = Image.new(mode, (30, 20), 40_000)
    else:
        image = Image.new(mode, (30, 20))
    assert open_picture(encode.png(image)).mode == "RGB"


SIGNATURES = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBP"]


@pytest.mark.parametrize("data", SIGNATURES)
def test_bare_signatures_are_undecodable(data: bytes) -> None:
    with pytest.raises(UndecodablePicture):
        open_picture(data)


def is_picture_or_reason(data: bytes) -> bool:
    """Any other exception than PictureError goes through and fails the test."""
    try:
        return open_picture(data).mode == "RGB"
    except PictureError as error:
        return bool(str(error))


SOURCES = ["png-palette", "png-16bit", "jpeg-exif-6", "jpeg-icc", "webp-alpha", "gif-animated"]


@pytest.mark.parametrize("id", SOURCES)
def test_spoilt_bytes_give_a_picture_or_a_reason(corpus: Corpus, id: str) -> None:
    rng = random.Random(id)
    for _ in range(60):
        data = bytearray(corpus[id].data)
        for _ in range(rng.randint(1, 20)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        length = rng.choice((len(data), rng.randrange(len(data))))
        assert is_picture_or_reason(bytes(data[:length]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_bytes_give_a_picture_or_a_reason(data: bytes) -> None:
    for head in (b"", *SIGNATURES):
        assert is_picture_or_reason(head + data)


def test_threads_that_decode_at_once_do_not_disturb_each_other(corpus: Corpus) -> None:
    """Warnings are an error here, and what silences them is shared by all threads."""
    before = list(warnings.filters)
    broken = corpus["jpeg-exif-6"].data.replace(b"Exif\0\0", b"Exif\0\0\xff\xff", 1)
    data = [corpus["jpeg-exif-6"].data, corpus["png-rgba"].data, broken] * 20
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(is_picture_or_reason, data))
    assert warnings.filters == before
