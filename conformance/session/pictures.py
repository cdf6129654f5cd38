"""The pictures of a run: the committed ones, or those of its seed, beside what it writes."""

from __future__ import annotations

from pathlib import Path

from conformance import data
from conformance.drawing import corpus
from conformance.drawing.shelf import Shelf, seed_in
from conformance.drawing.write import COMMITTED
from conformance.model import Pictures


def pictures_of(
    seed: str, cassettes: Path | None, out: Path | None, *, is_only_read: bool = False
) -> Pictures:
    """Pictures by id; those of a seed are drawn when they are first asked for.

    Where the folder ``is_only_read`` they are not written there.

    They stand in a folder ``fixtures`` beside the cassettes or in that of the reports; without
    either they are kept in memory. Raises CorpusError.
    """
    if seed == COMMITTED:
        return corpus.load(data.folder("fixtures"))
    folder = cassettes.parent if cassettes is not None else out
    if folder is None:
        return Shelf(seed)
    beside = folder / "fixtures"
    if is_only_read:
        return Shelf(seed, beside, is_only_read=True)
    if beside.resolve() == data.folder("fixtures").resolve() and seed_in(beside) != seed:
        raise corpus.CorpusError(
            f"the pictures of this run would replace the committed ones in {beside}: "
            "choose another --out, or --seed committed"
        )
    return Shelf(seed, beside)
