"""The pictures that are measured."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from conformance.fingerprint.asking import probe
from conformance.fingerprint.pictures import picture
from conformance.fingerprint.shots import Request, Shot
from conformance.judging.answers import reads
from conformance.model import ImagePart, TextPart
from conformance.reference.eyes.looking import see


@pytest.mark.parametrize(
    "shot",
    [
        Shot(width=125, height=900),
        Shot(width=300, height=1280),
        Shot(width=1280, height=640),
        Shot(width=448, height=448, heavy=True),
        Shot(width=200, height=200, heavy=True),
    ],
)
def test_picture_has_its_size_and_its_code_can_be_read(shot: Shot) -> None:
    drawn = picture(shot)
    with Image.open(io.BytesIO(drawn.data)) as image:
        assert image.format == "PNG"
        assert image.size == (drawn.width, drawn.height) == (shot.width, shot.height)
        seen = see(image.convert("RGB"))
    assert any(reads(found.code, drawn.facts.code) for found in seen.codes)


def test_picture_is_the_same_each_time() -> None:
    shot = Shot(width=200, height=125)
    assert picture(shot).sha256 == picture.__wrapped__(shot).sha256


def test_all_requests_say_the_same_words(wanted: tuple[Request, ...]) -> None:
    parts = [probe(shots).turns[0].parts for shots in wanted]
    assert len({p[-1] for p in parts}) == 1
    assert all(isinstance(p[-1], TextPart) for p in parts)
    for shots, given in zip(wanted, parts, strict=True):
        images = [p for p in given if isinstance(p, ImagePart)]
        assert [p.detail for p in images] == [f'"{s.detail}"' for s in shots]
