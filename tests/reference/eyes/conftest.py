from __future__ import annotations

import pytest

from conformance import data, drawing
from conformance.drawing.corpus import Corpus, load


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return load(data.folder("fixtures"))


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("pictures")
    drawing.draw_corpus(folder, "for the eyes")
    return load(folder)
