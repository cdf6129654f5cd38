"""A corpus on disk: the files, and the manifest that says what is to be seen in them."""

from __future__ import annotations

import hashlib
import io
import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Final

from PIL import Image

from conformance.drawing import acuity, contents, formats, others, sizes, twins
from conformance.drawing.plan import Book, Item
from conformance.model import Json

#: The seed of the corpus that travels with the package.
COMMITTED: Final = "committed"
FORMAT: Final = 1


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
        entries = list(pool.map(lambda item: _put(folder, item), plan))
    manifest = {"format": FORMAT, "seed": seed, "pictures": entries}
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def _put(folder: Path, item: Item) -> Json:
    data = item.draw()
    (folder / item.file).write_bytes(data)
    return _entry(item, data)


def _entry(item: Item, data: bytes) -> Json:
    width, height, mode = _measure(data) if item.decodes else (0, 0, "")
    return {
        "id": item.id,
        "file": item.file,
        "media_type": item.media_type,
        "width": width,
        "height": height,
        "mode": mode,
        "sha256": hashlib.sha256(data).hexdigest(),
        "facts": asdict(item.facts),
        "purpose": item.purpose,
    }


def _measure(data: bytes) -> tuple[int, int, str]:
    """Width, height and mode as the file itself states them, before any turning."""
    with Image.open(io.BytesIO(data)) as image:
        return image.width, image.height, image.mode
