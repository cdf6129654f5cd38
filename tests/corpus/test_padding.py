"""Padding changes the weight of a PNG and nothing else; twins are alike in what they claim."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from conformance.corpus import Corpus
from conformance.drawing import padding


def opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image


@pytest.mark.parametrize("size", [20_000, 500_000, 3_000_000])
def test_a_grown_picture_has_the_size_and_the_same_pixels(corpus: Corpus, size: int) -> None:
    data = corpus["sheet-16"].data
    grown = padding.grown_to(data, size, "x")
    assert len(grown) == size
    assert opened(grown).tobytes() == opened(data).tobytes()
    assert padding.grown_to(data, size, "x") == grown


def test_what_is_longer_already_cannot_be_padded(corpus: Corpus) -> None:
    data = corpus["sheet-16"].data
    with pytest.raises(ValueError, match="cannot be padded"):
        padding.grown_to(data, len(data) + padding.FRAME - 1, "x")


@pytest.mark.parametrize("source", ["corpus", "fresh"])
def test_twins_share_what_a_weak_fingerprint_looks_at(
    source: str, request: pytest.FixtureRequest
) -> None:
    pictures = request.getfixturevalue(source)
    pairs = {
        name: [pictures[f"twin-{name}-{n}"].data for n in (1, 2)]
        for name in ("raw", "palette", "head", "size")
    }
    raw = [opened(data) for data in pairs["raw"]]
    assert raw[0].tobytes() == raw[1].tobytes()
    assert raw[0].size != raw[1].size
    indexed = [opened(data) for data in pairs["palette"]]
    assert indexed[0].tobytes() == indexed[1].tobytes()
    assert indexed[0].getpalette() != indexed[1].getpalette()
    assert pairs["head"][0][:6144] == pairs["head"][1][:6144]
    first, second = pairs["size"]
    assert len(first) == len(second)
    assert first[:33] == second[:33]
    for name in ("head", "size"):
        first, second = map(opened, pairs[name])
        assert first.tobytes() != second.tobytes()
