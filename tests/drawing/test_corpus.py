"""Loading a corpus: every kind of damage ends in one sentence."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conformance import data
from conformance.drawing.corpus import Corpus, CorpusError, load

Spoil = Callable[[dict[str, Any]], object]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A corpus of two pictures."""
    source = data.folder("fixtures")
    manifest = json.loads((source / "manifest.json").read_text(encoding="utf-8"))
    manifest["pictures"] = manifest["pictures"][:2]
    for entry in manifest["pictures"]:
        shutil.copy(source / entry["file"], tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return tmp_path


def test_a_corpus_is_a_mapping(corpus: Corpus) -> None:
    assert len(corpus) == len(list(corpus)) == len(dict(corpus))
    assert corpus["sheet-01"].facts.code
    assert "no such picture" not in corpus
    assert corpus["chart-1"].facts.prints[0].height > corpus["chart-1"].facts.prints[-1].height


def test_a_good_folder_loads(small: Path) -> None:
    assert list(load(small)) == ["png-rgb", "png-rgba"]


SPOILT: dict[str, tuple[Spoil, str]] = {
    "format": (lambda m: m.update(format=2), 'lacks "format": 1'),
    "no pictures": (lambda m: m.pop("pictures"), 'lacks a list "pictures"'),
    "no seed": (lambda m: m.update(seed=None), 'a text "seed"'),
    "twice": (lambda m: m["pictures"].append(m["pictures"][0]), "twice"),
    "digest": (lambda m: m["pictures"][0].update(sha256="0" * 64), "SHA-256 differs"),
    "missing file": (lambda m: m["pictures"][0].update(file="gone.png"), "cannot be read"),
    "folder as file": (lambda m: m["pictures"][0].update(file="."), "cannot be read"),
    "escape": (lambda m: m["pictures"][0].update(file="../x.png"), "lies outside"),
    "absolute": (lambda m: m["pictures"][0].update(file="/etc/passwd"), "lies outside"),
    "null byte": (lambda m: m["pictures"][0].update(file="a\0b"), "lies outside"),
    "file not text": (lambda m: m["pictures"][0].update(file=7), "malformed"),
    "entry not object": (lambda m: m.update(pictures=[3]), "malformed"),
    "no facts": (lambda m: m["pictures"][0].pop("facts"), "malformed"),
    "facts not object": (lambda m: m["pictures"][0].update(facts=[]), "malformed"),
    "width is text": (lambda m: m["pictures"][0].update(width="512"), "'width' must be int"),
    "width is true": (lambda m: m["pictures"][0].update(width=True), "'width' must be int"),
    "tally": (lambda m: m["pictures"][0]["facts"].update(tally=["3"]), "whole numbers"),
    "corners": (lambda m: m["pictures"][0]["facts"].update(corners="ABCD"), "list of texts"),
    "prints": (lambda m: m["pictures"][0]["facts"].update(prints=[{"code": "x"}]), "malformed"),
}


@pytest.mark.parametrize(("spoil", "expected"), SPOILT.values(), ids=list(SPOILT))
def test_a_spoilt_manifest_is_refused(small: Path, spoil: Spoil, expected: str) -> None:
    path = small / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    spoil(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        load(small)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, '{"format": 1'])
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError):
        load(tmp_path)


def test_a_manifest_of_other_bytes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CorpusError, match="not UTF-8"):
        load(tmp_path)


def test_a_missing_folder_says_how_to_draw_one(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"python -m conformance\.drawing"):
        load(tmp_path / "nowhere")


def test_a_changed_file_is_noticed(small: Path) -> None:
    path = small / "png-rgb.png"
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(CorpusError, match="SHA-256 differs"):
        load(small)


def test_a_link_out_of_the_folder_is_refused(small: Path, tmp_path_factory: Any) -> None:
    outside = tmp_path_factory.mktemp("outside") / "p.png"
    shutil.move(small / "png-rgb.png", outside)
    (small / "png-rgb.png").symlink_to(outside)
    with pytest.raises(CorpusError, match="lies outside"):
        load(small)
