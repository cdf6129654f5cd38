"""Pictures and their facts, read from a folder that ``conformance.drawing`` wrote."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from conformance import foreign
from conformance.foreign import ForeignError
from conformance.model import Facts, Json, Made, Picture, Print

FORMAT: Final = 1
#: Bytes of a file that is read, or drawn, again when it is asked for, instead of being kept.
HEAVY: Final = 1_000_000
#: Bytes of a picture, of all together, and of a manifest, at most. Those that are drawn have 3.7,
#: 9.6 and 0.05 million.
MOST_BYTES, MOST_IN_ALL, MOST_MANIFEST = 16_000_000, 64_000_000, 1_000_000


class CorpusError(Exception):
    """A folder that holds no usable corpus; the message is one sentence."""


class Corpus(Mapping[str, Picture]):
    """Pictures by id, in the order of the manifest. ``seed`` is what they were drawn from."""

    def __init__(self, pictures: Mapping[str, Picture], seed: str) -> None:
        self._pictures = dict(pictures)
        self.seed = seed

    def __getitem__(self, id: str) -> Picture:
        return self._pictures[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._pictures)

    def __len__(self) -> int:
        return len(self._pictures)


#: Draws the picture of an id again.
Redraw = Callable[[str], bytes]


def load(folder: Path, redraw: Redraw | None = None) -> Corpus:
    """Every picture of a folder, its bytes checked against the manifest.

    A file that is missing is drawn when it is asked for, where there is a ``redraw``. Raises
    CorpusError where the folder, its manifest or one of its files is not as it should be.
    """
    manifest = _manifest(folder)
    pictures: dict[str, Picture] = {}
    left = MOST_IN_ALL
    for entry in manifest["pictures"]:
        picture = _picture(folder, entry, redraw)
        left -= _held(picture)
        if left < 0:
            raise CorpusError(
                f"the pictures in {folder} have more than {MOST_IN_ALL:,} bytes together, which "
                "is more than is ever drawn; name a folder of fewer"
            )
        if picture.id in pictures:
            raise CorpusError(f"the manifest in {folder} lists the picture {picture.id!r} twice")
        pictures[picture.id] = picture
    return Corpus(pictures, manifest["seed"])


def _held(picture: Picture) -> int:
    """Bytes on disk; 0 of a file that is drawn again."""
    is_redrawn = isinstance(picture.file_bytes, Made) and picture.file_bytes.size is None
    return 0 if is_redrawn else picture.weight


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    try:
        manifest = foreign.json_at(path, MOST_MANIFEST)
    except ForeignError as error:
        raise CorpusError(
            f"{path} cannot be read: {error}; draw a corpus with"
            " 'python -m conformance.drawing FOLDER'"
        ) from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise CorpusError(f'{path} is not a corpus manifest: it lacks "format": {FORMAT}')
    if not isinstance(manifest.get("pictures"), list) or not isinstance(manifest.get("seed"), str):
        raise CorpusError(f'{path} lacks a list "pictures" or a text "seed"')
    return manifest


def _picture(folder: Path, entry: Json, redraw: Redraw | None) -> Picture:
    try:
        name = entry["file"]
        id = _typed(entry, "id", str)
        again = partial(redraw, id) if redraw else None
        data = _data(folder, name, entry["sha256"], again)
        return Picture(
            id=id,
            file_bytes=data,
            sha256=entry["sha256"],
            file=name,
            media_type=_typed(entry, "media_type", str),
            width=_typed(entry, "width", int),
            height=_typed(entry, "height", int),
            mode=_typed(entry, "mode", str),
            facts=_facts(entry["facts"]),
            purpose=_typed(entry, "purpose", str),
        )
    except (KeyError, TypeError, AttributeError) as error:
        name = entry.get("id", "?") if isinstance(entry, dict) else "?"
        raise CorpusError(
            f"the entry {name!r} of the manifest in {folder} is malformed: {error}"
        ) from error


def _data(folder: Path, name: str, digest: str, again: Callable[[], bytes] | None) -> bytes | Made:
    if not isinstance(name, str):
        raise TypeError(f"a file name must be text, not {name!r}")
    path = folder / name
    if "\0" in name or not path.resolve().is_relative_to(folder.resolve()):
        raise CorpusError(f"the file {name!r} of the manifest lies outside {folder}")
    if again and not path.exists():
        return Made(make=again)
    try:
        data = foreign.contents(path, MOST_BYTES)
    except ForeignError as error:
        raise CorpusError(f"{path} cannot be read: {error}") from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise CorpusError(f"{path} is not the file the manifest describes: its SHA-256 differs")
    return data if len(data) < HEAVY else Made(make=path.read_bytes, size=len(data))


def _typed(entry: Json, name: str, kind: type[Any]) -> Any:
    value = entry[name]
    if type(value) is not kind:
        raise TypeError(f"{name!r} must be {kind.__name__}, not {value!r:.40}")
    return value


def _facts(facts: Json) -> Facts:
    return Facts(
        code=_typed(facts, "code", str),
        corners=_list(facts, "corners", str, "a list of texts"),
        colours=_list(facts, "colours", str, "a list of texts"),
        tally=_list(facts, "tally", int, "a list of whole numbers"),
        prints=tuple(
            Print(code=_typed(line, "code", str), height=_typed(line, "height", int))
            for line in facts["prints"]
        ),
    )


def _list(facts: Json, name: str, kind: type[Any], meant: str) -> tuple[Any, ...]:
    values = facts[name]
    if not isinstance(values, list) or any(type(value) is not kind for value in values):
        raise TypeError(f"{name!r} must be {meant}, not {values!r:.40}")
    return tuple(values)
