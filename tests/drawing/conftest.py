from __future__ import annotations

from pathlib import Path

import pytest

from conformance import data, drawing
from conformance.drawing.corpus import Corpus, load


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return load(data.folder("fixtures"))


@pytest.fixture(scope="session")
def redrawn(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return _drawn(tmp_path_factory, drawing.COMMITTED)


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return _drawn(tmp_path_factory, "another seed")


def _drawn(factory: pytest.TempPathFactory, seed: str) -> Corpus:
    folder: Path = factory.mktemp("pictures")
    drawing.draw_corpus(folder, seed)
    return load(folder)
