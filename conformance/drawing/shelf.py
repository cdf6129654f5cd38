"""The pictures of a seed, each drawn when it is first asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from conformance import foreign
from conformance.drawing import corpus
from conformance.drawing.plan import Item
from conformance.drawing.write import MANIFEST, drawn, items, write_manifest
from conformance.foreign import ForeignError
from conformance.model import Facts, Picture


class Shelf(Mapping[str, Picture]):
    """Pictures by id. Those that a folder holds already are read, and new ones written there.

    Those of more than a megabyte are not written: ``write_all`` does that. Without a folder nothing
    is kept on disk, and where it ``is_only_read`` nothing but by ``write_all``. Raises CorpusError
    where the folder holds pictures of this seed that are damaged; OSError where it cannot be
    written.
    """

    def __init__(
        self, seed: str, folder: Path | None = None, *, is_only_read: bool = False
    ) -> None:
        self.seed = seed
        self._folder = folder
        self._is_only_read = is_only_read
        self._items: dict[str, Item] = {item.id: item for item in items(seed)}
        self._there: dict[str, Picture] = {}
        if folder is None:
            return
        if seed_in(folder) == seed:
            self._there.update(corpus.load(folder, self._redrawn))
        elif is_only_read:
            self._folder = None
        else:
            folder.mkdir(parents=True, exist_ok=True)
            for item in self._items.values():
                (folder / item.file).unlink(missing_ok=True)
            # It may be a pipe, or a link to what is not ours.
            (folder / MANIFEST).unlink(missing_ok=True)
            write_manifest(folder, seed, ())

    @property
    def facts(self) -> Mapping[str, Facts]:
        """What every picture shows, be it drawn or not."""
        planned = {id: item.facts for id, item in self._items.items()}
        return planned | {id: picture.facts for id, picture in self._there.items()}

    def __getitem__(self, id: str) -> Picture:
        if id not in self._there:
            self._put(drawn(self._items[id]))
        return self._there[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)

    def __contains__(self, id: object) -> bool:
        return id in self._items or id in self._there

    def draw_all(self) -> None:
        """Draws what is not there yet, on every core: about 2 s of processor time."""
        missing = [item for id, item in self._items.items() if id not in self._there]
        pool = ThreadPoolExecutor(max_workers=os.cpu_count() or 1)
        try:
            for picture in pool.map(drawn, missing):
                self._put(picture)
        finally:
            # Whoever interrupts the drawing does not wait for the rest.
            pool.shutdown(cancel_futures=True)

    def write_all(self) -> None:
        """Writes what is missing of the pictures that were used. Raises OSError."""
        for picture in self._there.values():
            if self._folder is not None and not (self._folder / picture.file).exists():
                (self._folder / picture.file).write_bytes(picture.data)

    def write_manifest(self) -> None:
        """Says in the folder what is to be seen in its pictures. Raises OSError."""
        if self._folder is not None:
            there = [self._there[id] for id in self if id in self._there]
            write_manifest(self._folder, self.seed, there)

    def _put(self, picture: Picture) -> None:
        if self._folder and not self._is_only_read and picture.weight < corpus.HEAVY:
            (self._folder / picture.file).write_bytes(picture.data)
        self._there[picture.id] = picture

    def _redrawn(self, id: str) -> bytes:
        return drawn(self._items[id]).data


def seed_in(folder: Path) -> str:
    """The seed of a folder of pictures; "" where its manifest cannot be read."""
    try:
        return str(foreign.json_at(folder / MANIFEST, corpus.MOST_MANIFEST)["seed"])
    except (ForeignError, KeyError, TypeError, IndexError):
        return ""
