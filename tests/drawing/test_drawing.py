"""The corpus as drawn: the same from the same seed, fresh from another, and within its bounds."""

from __future__ import annotations

import io
import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops

from conformance import data, drawing
from conformance.drawing import codes, write
from conformance.drawing.corpus import Corpus, load
from conformance.model import Facts, Picture

FORMATS = [
    "png-rgb",
    "png-rgba",
    "png-palette",
    "png-palette-transparent",
    "png-grey",
    "png-16bit",
    "png-interlaced",
    "jpeg-baseline",
    "jpeg-progressive",
    "jpeg-grey",
    "jpeg-cmyk",
    "jpeg-icc",
    "webp-lossy",
    "webp-lossless",
    "webp-alpha",
    "gif-still",
    "gif-animated",
]
SIZES = [
    "size-64x64",
    "size-200x200",
    "size-512x512",
    "size-1024x1024",
    "size-2048x2048",
    "size-4096x4096",
    "size-6000x6000",
    "portrait-768x1366",
    "landscape-1366x768",
    "tall-200x2000",
    "wide-2000x200",
    "tall-100x4000",
    "wide-4000x100",
]
SPECKS = ["size-1x1", "size-8x8", "size-16x16"]
TURNED = [f"jpeg-exif-{n}" for n in (1, 3, 6, 8)]
SHEETS = [f"sheet-{n:02}" for n in range(1, 25)]
WEIGHTS = ["bytes-light", "bytes-heavy", "noise-heavy"]
SCENES = ["corners-1", "corners-2", "chart-1", "grid-1", "grid-2", "tally-1", "tally-2"]
BROKEN = ["truncated-png", "truncated-jpeg", "corrupt-png", "corrupt-jpeg", "empty"]
FOREIGN = ["bmp", "tiff", "ico"]
NO_PICTURES = ["text", "html", "svg", "pdf"]
ACUITY = [
    *(f"acuity-{name}" for name in ("png", "jpeg", "webp", "gif", "small", "hue", "faint")),
    "edges-1", "board-1",
]  # fmt: skip
TWINS = [f"twin-{name}-{n}" for name in ("raw", "palette", "head", "size") for n in (1, 2)]
ALL = [
    *FORMATS, *TURNED, *SHEETS, *SPECKS, *SIZES, *WEIGHTS, *SCENES, *BROKEN, *FOREIGN, *NO_PICTURES,
    *TWINS, *ACUITY,
]  # fmt: skip


def codes_of(facts: Facts) -> list[str]:
    return [c for c in (facts.code, *facts.corners, *(line.code for line in facts.prints)) if c]


def pixels(picture: Picture) -> Image.Image:
    with Image.open(io.BytesIO(picture.data)) as image:
        return image.convert("RGB" if image.mode != "I;16" else "I")


def test_the_ids_are_the_agreed_ones(corpus: Corpus, fresh: Corpus) -> None:
    assert sorted(corpus) == sorted(ALL)
    assert list(corpus) == list(fresh)


def test_the_committed_pictures_are_the_drawn_ones(corpus: Corpus, redrawn: Corpus) -> None:
    """By pixels and facts, since another Pillow may compress and round differently."""
    assert corpus.seed == redrawn.seed == drawing.COMMITTED
    for one, other in zip(corpus.values(), redrawn.values(), strict=True):
        assert (one.facts, one.file, one.media_type) == (other.facts, other.file, other.media_type)
        assert (one.width, one.height, one.mode) == (other.width, other.height, other.mode)
        if one.mode and one.sha256 != other.sha256:
            difference = ImageChops.difference(pixels(one), pixels(other))
            assert np.asarray(difference).mean() < 2, one.id


def test_another_seed_gives_other_codes(corpus: Corpus, fresh: Corpus) -> None:
    assert fresh.seed == "another seed"
    for id in corpus:
        mine, theirs = codes_of(corpus[id].facts), codes_of(fresh[id].facts)
        assert len(mine) == len(theirs)
        assert not set(mine) & set(theirs), id
    assert corpus["grid-1"].facts != fresh["grid-1"].facts
    assert corpus["tally-1"].facts != fresh["tally-1"].facts


def test_a_folder_is_made_where_there_is_none(tmp_path: Path, monkeypatch) -> None:
    two = write.items("two of them")[:2]
    monkeypatch.setattr(write, "items", lambda _: two)
    drawing.draw_corpus(tmp_path / "deep" / "folder", "two of them")
    assert len(load(tmp_path / "deep" / "folder")) == 2


def test_the_corpus_stays_small(corpus: Corpus) -> None:
    folder = data.folder("fixtures")
    files = {path.name: path.stat().st_size for path in folder.iterdir()}
    assert set(files) == {picture.file for picture in corpus.values()} | {"manifest.json"}
    assert sum(files.values()) < 12 * 2**20


def test_codes_are_four_places_apart(corpus: Corpus, fresh: Corpus) -> None:
    for pictures in (corpus, fresh):
        shared = {pictures["corners-1"].facts.corners[0], pictures["bytes-light"].facts.code}
        shared |= {line.code for line in pictures["acuity-png"].facts.prints}
        drawn = [code for picture in pictures.values() for code in codes_of(picture.facts)]
        twice = {code for code in drawn if drawn.count(code) > 1}
        assert twice == shared
        for one, other in itertools.combinations(set(drawn), 2):
            assert codes.distance(one, other) >= 4, (one, other)
        assert all(codes.decode(code) == code for code in drawn)


def test_each_purpose_is_one_short_phrase(corpus: Corpus) -> None:
    for picture in corpus.values():
        assert 5 < len(picture.purpose) < 80
        assert not picture.purpose.endswith(".")


def test_heavy_and_light_bytes_are_the_same_picture(corpus: Corpus) -> None:
    light, heavy = corpus["bytes-light"], corpus["bytes-heavy"]
    assert pixels(light).tobytes() == pixels(heavy).tobytes()
    assert light.facts == heavy.facts
    assert len(heavy.data) > 100 * len(light.data) > 0
    assert len(heavy.data) > 3_000_000
    assert len(corpus["noise-heavy"].data) > 2_500_000


def test_corners_share_one_code_in_different_places(corpus: Corpus) -> None:
    one, other = corpus["corners-1"].facts.corners, corpus["corners-2"].facts.corners
    (shared,) = set(one) & set(other)
    assert one.index(shared) != other.index(shared)


@pytest.mark.parametrize("id", ["grid-1", "grid-2"])
def test_grids_are_colourful(corpus: Corpus, fresh: Corpus, id: str) -> None:
    for pictures in (corpus, fresh):
        assert len(pictures[id].facts.colours) == 9
        assert len(set(pictures[id].facts.colours)) >= 4


@pytest.mark.parametrize("id", ["tally-1", "tally-2"])
def test_tallies_have_six_rows_of_one_to_six(corpus: Corpus, id: str) -> None:
    counts = corpus[id].facts.tally
    assert len(counts) == 6
    assert set(counts) <= set(range(1, 7))


def test_chart_heights_are_those_of_its_capitals(corpus: Corpus) -> None:
    chart = corpus["chart-1"]
    heights = [line.height for line in chart.facts.prints]
    assert (chart.width, chart.height) == (2048, 768)
    assert heights == sorted(heights, reverse=True)
    assert heights[0] == 96
    assert heights[-1] in (16, 17)
    dark = np.asarray(pixels(chart).convert("L")).min(axis=1) < 128
    edges = np.flatnonzero(np.diff(dark.astype(int)))
    measured = (edges[1::2] - edges[::2]).tolist()
    # A line with a round character is up to 6 % higher than its flat capitals.
    assert measured == [pytest.approx(height, rel=0.06, abs=2) for height in heights]


@pytest.mark.parametrize("id", [*FORMATS, *SHEETS])
def test_ordinary_sheets_are_large_print(corpus: Corpus, id: str) -> None:
    picture = corpus[id]
    assert picture.width != picture.height
    if id in ("png-rgba", "png-palette-transparent", "webp-alpha"):
        return
    grey = np.asarray(pixels(picture).convert("L")) if picture.mode != "I;16" else None
    if grey is None:
        return
    rows, columns = np.nonzero(grey < 100)
    assert np.ptp(columns) > 0.55 * picture.width
    assert np.ptp(rows) + 1 >= 60


def test_the_command_writes_a_corpus_and_reports_trouble(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    command = [sys.executable, "-m", "conformance.drawing", str(blocked)]
    root = Path(drawing.__file__).parents[2]
    result = subprocess.run(command, capture_output=True, text=True, cwd=root, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith("cannot write the pictures: ")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("source", ["corpus", "fresh"])
def test_the_ladder_is_one_picture_in_every_encoding(
    source: str, request: pytest.FixtureRequest
) -> None:
    pictures = request.getfixturevalue(source)
    png = pictures["acuity-png"]
    for name in ("jpeg", "webp", "gif"):
        other = pictures[f"acuity-{name}"]
        assert (other.facts, other.width, other.height) == (png.facts, png.width, png.height)
        difference = ImageChops.difference(pixels(other), pixels(png))
        assert np.asarray(difference).mean() < 2, name


def test_the_steps_of_the_ladder_are_even(corpus: Corpus) -> None:
    for name in ("png", "hue", "faint", "small"):
        heights = [line.height for line in corpus[f"acuity-{name}"].facts.prints]
        assert all(1.2 < one / other < 1.4 for one, other in itertools.pairwise(heights))
    assert corpus["acuity-small"].facts.prints[-1].height == 10


def test_hue_alone_is_gone_in_grey_and_faint_print_is_faint(corpus: Corpus) -> None:
    grey = np.asarray(pixels(corpus["acuity-hue"]).convert("L"))
    assert int(np.ptp(grey)) <= 4
    red, _, blue = pixels(corpus["acuity-hue"]).split()
    assert np.ptp(np.asarray(red)) > 120 < np.ptp(np.asarray(blue))
    faint = np.asarray(pixels(corpus["acuity-faint"]).convert("L"))
    assert 28 <= int(np.ptp(faint)) <= 32


def test_the_codes_at_the_edges_stop_short_of_them(corpus: Corpus) -> None:
    dark = np.asarray(pixels(corpus["edges-1"]).convert("L")) < 128
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    assert (rows[0], columns[0]) == (5, 5)
    assert (rows[-1], columns[-1]) == (768 - 6, 1024 - 6)


@pytest.mark.parametrize("source", ["corpus", "fresh"])
def test_a_board_has_its_colours_evenly(source: str, request: pytest.FixtureRequest) -> None:
    names = request.getfixturevalue(source)["board-1"].facts.colours
    assert len(names) == 64
    counts = {name: names.count(name) for name in names}
    assert len(counts) == 6
    assert set(counts.values()) == {10, 11}
