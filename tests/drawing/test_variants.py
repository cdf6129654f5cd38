"""What is made of a picture on the fly shows the same, and is what it is said to be."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from conformance.asking.scripts import SCRIPTS, spelled
from conformance.drawing import variants
from conformance.drawing.codes import ALPHABET
from conformance.drawing.corpus import Corpus
from conformance.judging.answers import spells
from conformance.model import Facts
from conformance.reference.eyes.decode import open_picture
from conformance.reference.eyes.looking import see


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB").tobytes()


@pytest.mark.parametrize("source", ["corpus", "fresh"])
@pytest.mark.parametrize("picture_id", ["jpeg-baseline", "png-rgb"])
def test_metadata_before_a_picture_changes_no_pixel(
    source: str, picture_id: str, request: pytest.FixtureRequest
) -> None:
    picture = request.getfixturevalue(source)[picture_id]
    late = variants.late(picture, 200_000)
    assert 200_000 <= len(late.data) - len(picture.data) < 201_000
    assert pixels(late.data) == pixels(picture.data)
    assert late.sha256 != picture.sha256
    assert (late.id, late.facts) == (picture.id, picture.facts)


def test_the_frame_header_of_a_late_jpeg_is_beyond_the_first_128_kilobytes(corpus: Corpus) -> None:
    late = variants.late(corpus["jpeg-baseline"], 200_000)
    with pytest.raises(OSError, match="Truncated"):
        Image.open(io.BytesIO(late.data[: 128 * 1024]))


@pytest.mark.parametrize("source", ["corpus", "fresh"])
def test_a_magnified_picture_shows_the_same(source: str, request: pytest.FixtureRequest) -> None:
    picture = request.getfixturevalue(source)["sheet-17"]
    large = variants.magnified(picture, 3)
    image = open_picture(large.data)
    assert image.size == (large.width, large.height) == (3 * picture.width, 3 * picture.height)
    assert [found.code for found in see(image).codes] == [picture.facts.code]


def test_a_plain_picture_shows_nothing(corpus: Corpus) -> None:
    strip = variants.plain(corpus["size-16x16"], 2000, 10)
    assert open_picture(strip.data).size == (2000, 10)
    assert strip.facts == Facts()


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_word_of_another_script_is_found_however_it_is_written(script: str) -> None:
    word = spelled(ALPHABET[:6], script)
    assert len(set(SCRIPTS[script])) == len(SCRIPTS[script]) == len(ALPHABET)
    assert spells(f"The reference number is **{word}**.", word, SCRIPTS[script])
    assert spells(" ".join(word), word, SCRIPTS[script])
    assert not spells(word[:-1] + "\ufffd", word, SCRIPTS[script])
    assert not spells("I was given no number.", word, SCRIPTS[script])
