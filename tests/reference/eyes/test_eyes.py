"""The eyes of the reference: they read what a good model reads, and nothing that is not there."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from conformance.drawing import codes, scenes
from conformance.drawing.corpus import Corpus
from conformance.model import Facts, Picture
from conformance.reference.eyes.decode import open_picture
from conformance.reference.eyes.looking import Sight, see

Change = Callable[[Image.Image], Image.Image]


def recompressed(image: Image.Image) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=60)
    return Image.open(out).convert("RGB")


def grey(image: Image.Image) -> Image.Image:
    return image.convert("L").convert("RGB")


def tiled(image: Image.Image) -> Image.Image:
    """Into 2048 by 2048, then the short side to 768: what the tile rule leaves of a picture."""
    scale = min(1.0, 2048 / max(image.size))
    scale *= min(1.0, 768 / (min(image.size) * scale))
    size = tuple(max(1, round(side * scale)) for side in image.size)
    return image.resize((size[0], size[1]), Image.Resampling.LANCZOS) if scale < 1 else image


def low(image: Image.Image) -> Image.Image:
    small = image.copy()
    small.thumbnail((512, 512))
    return small


DEGRADATIONS: dict[str, Change] = {
    "as it is": lambda image: image,
    "jpeg 60": recompressed,
    "grey": grey,
    "tiled": tiled,
    "tiled, jpeg 60": lambda image: recompressed(tiled(image)),
}


def codes_of(facts: Facts) -> tuple[str, ...]:
    lines = tuple(line.code for line in facts.prints)
    return lines or facts.corners or ((facts.code,) if facts.code else ())


def readable(corpus: Corpus) -> list[Picture]:
    accepted = {"image/png", "image/jpeg", "image/gif", "image/webp"}
    return [p for p in corpus.values() if p.mode and p.media_type in accepted]


def seen_codes(sight: Sight) -> tuple[str, ...]:
    return tuple(seen.code for seen in sight.codes)


#: What is made to lose its finest lines, and one of them to lose all without colour.
LADDERS = ("acuity-hue", "acuity-faint")


def assert_coarse_print_is_read(picture: Picture, sight: Sight, change: Change) -> None:
    legible, lines = set(seen_codes(sight)), picture.facts.prints
    assert legible <= {line.code for line in lines}
    wanted = {line.code for line in lines if line.height >= 30}
    assert (not legible) if (change is grey and picture.id == "acuity-hue") else wanted <= legible


@pytest.mark.slow
@pytest.mark.parametrize("name", DEGRADATIONS)
@pytest.mark.parametrize("source", ["corpus", "fresh"])
def test_every_picture_is_read(source: str, name: str, request: pytest.FixtureRequest) -> None:
    change = DEGRADATIONS[name]
    pictures = readable(request.getfixturevalue(source))
    assert len(pictures) > 70
    for picture in pictures:
        sight = see(change(open_picture(picture.data)))
        if picture.id.startswith(LADDERS):
            assert_coarse_print_is_read(picture, sight, change)
            continue
        assert seen_codes(sight) == codes_of(picture.facts), picture.id
        assert sight.tally == picture.facts.tally, picture.id
        if change is not grey:
            assert sight.colours == picture.facts.colours, picture.id


@pytest.mark.parametrize("paper", ["white", "black", "grey", "red"])
@pytest.mark.parametrize("id", ["png-rgba", "png-palette-transparent", "webp-alpha"])
def test_clear_pictures_are_read_on_any_ground(corpus: Corpus, id: str, paper: str) -> None:
    with Image.open(io.BytesIO(corpus[id].data)) as image:
        clear = image.convert("RGBA")
    page = Image.alpha_composite(Image.new("RGBA", clear.size, paper), clear).convert("RGB")
    for change in DEGRADATIONS.values():
        assert seen_codes(see(change(page))) == (corpus[id].facts.code,)


def test_sheets_are_read_at_low_detail(corpus: Corpus) -> None:
    for picture in corpus.values():
        if picture.id.startswith("sheet-") or picture.id in ("size-2048x2048", "noise-heavy"):
            for change in (low, lambda image: recompressed(low(image))):
                assert seen_codes(see(change(open_picture(picture.data)))) == (picture.facts.code,)


@pytest.mark.parametrize("filter", list(Image.Resampling))
def test_fine_print_is_lost_at_low_detail(corpus: Corpus, filter: Image.Resampling) -> None:
    chart = corpus["chart-1"]
    prints = chart.facts.prints
    small = open_picture(chart.data).resize((512, 192), filter)
    for page in (small, small.resize((2048, 768), Image.Resampling.LANCZOS)):
        legible = set(seen_codes(see(page)))
        if page is small:
            assert not legible & {line.code for line in prints if line.height <= 29}
        if filter is not Image.Resampling.NEAREST:
            assert {line.code for line in prints if line.height >= 55} <= legible


def test_magnifying_does_not_bring_the_finest_print_back(corpus: Corpus) -> None:
    chart = corpus["chart-1"]
    small = open_picture(chart.data).resize((512, 192), Image.Resampling.BOX)
    large = small.resize((2048, 768), Image.Resampling.BICUBIC)
    finest = {line.code for line in chart.facts.prints if line.height <= 20}
    assert not finest & set(seen_codes(see(large)))


def test_places_and_heights_are_told(corpus: Corpus) -> None:
    sight = see(open_picture(corpus["corners-1"].data))
    places = [(seen.x < 0.5, seen.y < 0.5) for seen in sight.codes]
    assert places == [(True, True), (False, True), (True, False), (False, False)]
    chart = corpus["chart-1"]
    for seen, line in zip(see(open_picture(chart.data)).codes, chart.facts.prints, strict=True):
        assert seen.height * 768 == pytest.approx(line.height, rel=0.07, abs=2)


@pytest.mark.parametrize("quality", [5, 8])
def test_recompression_takes_faint_print_and_leaves_black(corpus: Corpus, quality: int) -> None:
    finest = {}
    for name in ("png", "faint"):
        picture = corpus[f"acuity-{name}"]
        out = io.BytesIO()
        open_picture(picture.data).save(out, "JPEG", quality=quality)
        legible = set(seen_codes(see(Image.open(out).convert("RGB"))))
        finest[name] = min(p.height for p in picture.facts.prints if p.code in legible)
    assert finest["png"] <= 13
    assert finest["faint"] > 3 * finest["png"]


def test_the_squares_of_a_board_are_named_in_order(corpus: Corpus) -> None:
    page = open_picture(corpus["board-1"].data)
    for change in (low, tiled, recompressed):
        assert see(change(page)).colours == corpus["board-1"].facts.colours


def test_light_on_dark_is_read() -> None:
    page = scenes.sheet("94K7NH", (512, 320), paper=(20, 30, 60), ink=(240, 240, 220))
    assert seen_codes(see(page)) == ("94K7NH",)


def test_no_code_is_misread_however_small() -> None:
    """Print shrinks until it is illegible; on the way it is read rightly or not at all."""
    rng = random.Random(11)
    legible = 0
    for _ in range(60):
        code = codes.draw(rng)
        page = scenes.chart([(code, rng.randint(16, 80))], (1024, 160)).resize((256, 40))
        read = seen_codes(see(recompressed(page)))
        assert read in ((), (code,))
        legible += read == (code,)
    assert 15 < legible < 55


@pytest.mark.slow
def test_what_is_no_code_is_not_read() -> None:
    rng = random.Random(12)
    wrong = 0
    for _ in range(60):
        text = "".join(rng.choices(codes.ALPHABET, k=6))
        if codes.decode(text) is None:
            wrong += bool(see(scenes.sheet(text, (512, 320))).codes)
    assert wrong == 0


@pytest.mark.parametrize("text", ["94K7N", "94K7NHX", "94K7NHF7W2WR", "HELLOS"])
def test_lines_that_are_not_six_characters_are_no_code(text: str) -> None:
    assert see(scenes.sheet(text, (512, 320))).codes == ()


def noise(size: int) -> Image.Image:
    return Image.frombytes("RGB", (size, size), random.Random(1).randbytes(size * size * 3))


def checks(size: int, step: int) -> Image.Image:
    cells = (np.indices((size, size)) // step).sum(axis=0) % 2
    return Image.fromarray((cells * 255).astype(np.uint8)).convert("RGB")


def specks(size: int) -> Image.Image:
    cells = np.zeros((size, size), dtype=np.uint8)
    for dy in range(10):
        cells[2 + dy :: 14, 2::12] = cells[2 + dy :: 14, 3::12] = cells[2 + dy :: 14, 4::12] = 255
    return Image.fromarray(cells).convert("RGB")


LARGE = ("large noise", "specks")
NOTHING: dict[str, Callable[[], Image.Image]] = {
    "one pixel": lambda: Image.new("RGB", (1, 1), "red"),
    "a line": lambda: Image.new("RGB", (5000, 1), "red"),
    "white": lambda: Image.new("RGB", (700, 500), "white"),
    "black": lambda: Image.new("RGB", (700, 500), "black"),
    "grey": lambda: Image.new("RGB", (700, 500), "grey"),
    "small noise": lambda: noise(300),
    "large noise": lambda: noise(2048),
    "fine checks": lambda: checks(2048, 1),
    "checks": lambda: checks(2048, 8),
    "specks": lambda: specks(2048),
    "gradient": lambda: Image.linear_gradient("L").resize((900, 600)).convert("RGB"),
}


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(make, id=name, marks=pytest.mark.slow if name in LARGE else ())
        for name, make in NOTHING.items()
    ],
)
def test_nothing_is_seen_where_nothing_is(make: Callable[[], Image.Image]) -> None:
    assert see(make()) == Sight()
