"""Padding changes the weight of a PNG and nothing else; twins are alike in what they claim."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from conformance.checks.cache.alike import COLLIDING
from conformance.drawing import collisions, padding
from conformance.drawing.corpus import Corpus


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


@pytest.mark.parametrize("source", ["corpus", "fresh"])
@pytest.mark.parametrize("kind", collisions.OF_FILES)
def test_files_collide_and_show_what_they_showed(
    source: str, kind: str, request: pytest.FixtureRequest
) -> None:
    pictures = request.getfixturevalue(source)
    names = COLLIDING[kind]
    first, second = (pictures[name] for name in names)
    twin = collisions.twin(second, first, kind)
    mark = collisions.OF_FILES[kind]
    assert mark(twin.data) == mark(first.data) != mark(second.data)
    assert twin.data != first.data
    assert twin.sha256 != first.sha256
    assert opened(twin.data).tobytes() == opened(second.data).tobytes()
    assert twin.facts == second.facts


@pytest.mark.parametrize("kind", collisions.OF_URLS)
@pytest.mark.parametrize("before", ["", "http://127.0.0.1:8398/kD8s-_x/"])
@pytest.mark.parametrize("behind", ["", "?page=2"])
def test_urls_collide_whatever_stands_around_the_name(kind: str, before: str, behind: str) -> None:
    mark, (one, other) = collisions.OF_URLS[kind]
    assert one != other
    assert mark(f"{before}{one}{behind}".encode()) == mark(f"{before}{other}{behind}".encode())


def test_the_hashes_are_what_they_are_called() -> None:
    assert collisions.java_hash(b"hello") == 99162322
    assert collisions.djb2(b"hello") == 261238937
    assert collisions.crc32(b"123456789") == 0xCBF43926
    assert collisions.adler32(b"Wikipedia") == 0x11E60398
