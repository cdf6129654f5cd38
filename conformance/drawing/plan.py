"""The pictures of a corpus, in order: what each shows, how it is written, and what it is for."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from conformance.drawing import codes
from conformance.model import Facts

#: Codes of one corpus differ in at least this many of their six places.
APART: Final = 4

#: For pictures in which there is nothing to be read.
NOTHING: Final = Facts()

SUFFIX: Final = {
    "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif",
    "image/bmp": "bmp", "image/tiff": "tiff", "image/vnd.microsoft.icon": "ico",
    "image/svg+xml": "svg", "application/pdf": "pdf", "text/plain": "txt", "text/html": "html",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One picture to be drawn. ``draw`` needs no state, so items can be drawn at once."""

    id: str
    media_type: str
    purpose: str
    draw: Callable[[], bytes]
    facts: Facts = NOTHING
    #: False where no decoder should make a picture of the bytes.
    decodes: bool = True

    @property
    def file(self) -> str:
        return f"{self.id}.{SUFFIX[self.media_type]}"


class Book:
    """Fresh codes for one corpus, and random numbers that do not depend on the order of use."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self._rng = random.Random(f"codes/{seed}")
        self._given: list[str] = []

    def code(self) -> str:
        """A code at distance four or more from every code given before."""
        while True:
            code = codes.draw(self._rng)
            if all(codes.distance(code, other) >= APART for other in self._given):
                self._given.append(code)
                return code

    def rng(self, id: str) -> random.Random:
        return random.Random(f"{id}/{self.seed}")
