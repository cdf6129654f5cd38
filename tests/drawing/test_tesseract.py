"""A reader that is not ours: Tesseract must read the codes too."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image, ImageFilter, ImageOps

from conformance.drawing import codes
from conformance.drawing.corpus import Corpus
from conformance.model import Picture
from conformance.reference.eyes.decode import open_picture

pytesseract = pytest.importorskip("pytesseract", reason="pytesseract is not installed")
if shutil.which("tesseract") is None:
    pytest.skip("the program tesseract is not installed", allow_module_level=True)

ACCEPTED = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
#: Height of a line in pixels and page segmentation mode (7 a line, 8 a word, 13 a raw line), in
#: the order in which Tesseract is asked.
ATTEMPTS = ((48, 7), (64, 8), (36, 7), (48, 13))


def looks(picture: Picture) -> Iterator[str]:
    """What Tesseract makes of the print, cut out row by row, in several attempts."""
    page = _print(picture)
    rows = 2 if page.width / page.height < 3.5 else 1
    cut = [page.crop((0, i * page.height // rows, page.width, (i + 1) * page.height // rows))
           for i in range(rows)]  # fmt: skip
    for height, psm in ATTEMPTS:
        yield "".join(_read(row, height, psm) for row in cut)


def _read(row: Image.Image, height: int, psm: int) -> str:
    size = (round(row.width * height / row.height), height)
    line = ImageOps.expand(row.resize(size, Image.Resampling.LANCZOS), height // 2, 255)
    options = f"--psm {psm} -c tessedit_char_whitelist={codes.ALPHABET}"
    return "".join(pytesseract.image_to_string(line, config=options).split())


def _print(picture: Picture) -> Image.Image:
    grey = ImageOps.grayscale(open_picture(picture.data))
    if min(grey.size) > 700:
        grey.thumbnail((1000, 1000))
    clean = ImageOps.autocontrast(grey.filter(ImageFilter.GaussianBlur(0.7)), cutoff=1)
    ink = ImageOps.invert(clean).point([0] * 128 + [255] * 128).getbbox()
    return clean.crop(ink)


def first_code(picture: Picture) -> str | None:
    return next(filter(None, map(codes.decode, looks(picture))), None)


@pytest.mark.slow
def test_tesseract_reads_the_codes(
    corpus: Corpus, fresh: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_THREAD_LIMIT", "1")
    pictures = [
        picture
        for source in (corpus, fresh)
        for picture in source.values()
        if picture.facts.code and picture.mode and picture.media_type in ACCEPTED
    ]
    with ThreadPoolExecutor(2) as pool:
        read = list(pool.map(first_code, pictures))
    pairs = zip(pictures, read, strict=True)
    missed = [(p.id, p.facts.code, code) for p, code in pairs if code != p.facts.code]
    assert len(pictures) > 100
    assert len(missed) <= 0.02 * len(pictures), missed
