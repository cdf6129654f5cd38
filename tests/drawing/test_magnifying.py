"""A bomb shows what its picture shows, in few bytes and many pixels."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from conformance import data
from conformance.checks.security.floods_and_bombs import BOMB_WIDTH
from conformance.drawing import corpus
from conformance.drawing.magnifying import in_black_and_white
from conformance.reference.eyes.decode import PictureTooLarge, open_picture
from conformance.reference.eyes.looking import see


@pytest.fixture(scope="module")
def sheet():
    return corpus.load(data.folder("fixtures"))["sheet-11"]


def test_it_shows_the_same(sheet) -> None:
    image = open_picture(in_black_and_white(sheet.data, 8))
    assert image.size == (sheet.width * 8, sheet.height * 8)
    seen = see(image.resize((sheet.width, sheet.height)))
    assert [code.code for code in seen.codes] == [sheet.facts.code]


def test_it_is_small_and_far_too_large(sheet, monkeypatch) -> None:
    bomb = in_black_and_white(sheet.data, BOMB_WIDTH // sheet.width)
    assert len(bomb) < 200_000
    with pytest.raises(PictureTooLarge):
        open_picture(bomb)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    with Image.open(io.BytesIO(bomb)) as image:
        assert image.size == (BOMB_WIDTH, sheet.height * BOMB_WIDTH // sheet.width)
