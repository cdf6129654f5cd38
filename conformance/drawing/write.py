"""A corpus on disk: the files, and the manifest that says what is to be seen in them."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Final

from PIL import Image

from conformance import outlets
from conformance.drawing import acuity, contents, formats, others, sizes, twins
from conformance.drawing.plan import Book, Item
from conformance.model import Json, Picture

#: The seed of the corpus that travels with the package.
COMMITTED: Final = "committed"
FORMAT: Final = 1
MANIFEST: Final = "manifest.json"


def items(seed: str) -> list[Item]:
    """Every picture of the corpus of a seed, not yet drawn. The ids are the same for all seeds."""
    book = Book(seed)
    parts = (formats, contents, sizes, others, twins, acuity)
    return [item for part in parts for item in part.items(book)]


def draw_corpus(folder: Path, seed: str = COMMITTED) -> None:
    """Draw the pictures of a seed into a folder, with ``manifest.json``.

    Creates the folder, replaces files of the same names, and raises OSError where it cannot.
    """
    folder.mkdir(parents=True, exist_ok=True)
    plan = items(seed)
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        pictures = list(pool.map(drawn, plan))
    for picture in pictures:
        (folder / picture.file).write_bytes(picture.data)
    write_manifest(folder, seed, pictures)


def drawn(item: Item) -> Picture:
    """The picture of an item. Takes up to 0.2 s, for the largest."""
    data = item.draw()
    width, height, mode = _measure(data) if item.decodes else (0, 0, "")
    return Picture(
        id=item.id,
        file_bytes=data,
        sha256=hashlib.sha256(data).hexdigest(),
        file=item.file,
        media_type=item.media_type,
        width=width,
        height=height,
        mode=mode,
        facts=item.facts,
        purpose=item.purpose,
    )


def write_manifest(folder: Path, seed: str, pictures: Iterable[Picture]) -> None:
    """Says what is to be seen in the pictures of a folder. Raises OSError."""
    manifest = {"format": FORMAT, "seed": seed, "pictures": [_entry(each) for each in pictures]}
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    outlets.write(folder / MANIFEST, text)


def _entry(picture: Picture) -> Json:
    return {
        "id": picture.id,
        "file": picture.file,
        "media_type": picture.media_type,
        "width": picture.width,
        "height": picture.height,
        "mode": picture.mode,
        "sha256": picture.sha256,
        "facts": asdict(picture.facts),
        "purpose": picture.purpose,
    }


def _measure(data: bytes) -> tuple[int, int, str]:
    """Width, height and mode as the file itself states them, before any turning."""
    with Image.open(io.BytesIO(data)) as image:
        return image.width, image.height, image.mode
