"""Every reader of a file meets what is odd with its own error, at once."""

from __future__ import annotations

import copy
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance import data, foreign
from conformance.commands.comparing import compare
from conformance.drawing import corpus
from conformance.drawing.corpus import CorpusError
from conformance.drawing.shelf import seed_in
from conformance.foreign import ForeignError
from conformance.model import Target
from conformance.recording import origin
from conformance.recording.cassette import CassetteError
from conformance.recording.originform import TARGET
from conformance.report import jsonfile
from conformance.report.jsonfile import ReportError
from conformance.target.file import load
from conformance.target.terms import TargetError
from tests.foreign.odd import ODD

#: The name of the file, what reads it, and the error that is right.
READERS: dict[str, tuple[str, Callable[[Path], object], type[Exception]]] = {
    "target.json": ("target.json", lambda path: origin.read(path.parent), CassetteError),
    "manifest": ("manifest.json", lambda path: corpus.load(path.parent), CorpusError),
    "report": ("report.json", jsonfile.read, ReportError),
    "target file": ("t.toml", lambda path: load(path, overrides={}, environ={}), TargetError),
    "any": ("any.json", lambda path: foreign.json_at(path)["none"], (ForeignError, KeyError)),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("odd", ODD)
def test_what_is_odd_gets_one_sentence(odd: str, reader: str, tmp_path: Path) -> None:
    if odd in ("null", "a list") and reader == "any":
        return
    name, read, error = READERS[reader]
    ODD[odd](tmp_path / name)
    with pytest.raises(error) as raised:
        read(tmp_path / name)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 600


@pytest.mark.parametrize("odd", ODD)
def test_the_seed_of_an_odd_manifest_is_not_known(odd: str, tmp_path: Path) -> None:
    ODD[odd](tmp_path / "manifest.json")
    assert seed_in(tmp_path) == ""


@pytest.mark.parametrize("odd", ["a pipe", "a device", "a folder", "a socket", "a gigabyte"])
def test_an_odd_picture_is_refused(odd: str, tmp_path: Path) -> None:
    manifest = _manifest(tmp_path)
    name = manifest["pictures"][0]["file"]
    (tmp_path / name).unlink()
    ODD[odd](tmp_path / name)
    with pytest.raises(CorpusError, match=name):
        corpus.load(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read all")
def test_what_may_not_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("{}")
    (tmp_path / "x").chmod(0)
    with pytest.raises(ForeignError, match="Permission denied"):
        foreign.text(tmp_path / "x")


def test_a_name_that_cannot_be_is_told() -> None:
    with pytest.raises(ForeignError, match="its name"):
        foreign.text(Path("a\0b"))


def test_what_is_right_is_read(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b'\xef\xbb\xbf{"a": [1, 2.5, "\xc3\xa4"]}')
    assert foreign.json_at(tmp_path / "x") == {"a": [1, 2.5, "ä"]}
    with pytest.raises(ForeignError, match="more than the 5 bytes"):
        foreign.contents(tmp_path / "x", 5)


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["passed", "http://x", "\ud800", -1, 2**70, "1", "", 1e308]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
QUICK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        inner = enumerate(value[:3])
    for key, each in inner:
        yield from _places(each, (*path, key))


def _changed(document: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    made = at = copy.deepcopy(document)
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    return made


def _manifest(folder: Path) -> dict[str, Any]:
    source = data.folder("fixtures")
    manifest = json.loads((source / "manifest.json").read_text(encoding="utf-8"))
    manifest["pictures"] = manifest["pictures"][:2]
    for entry in manifest["pictures"]:
        shutil.copy(source / entry["file"], folder)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return manifest


def _report() -> dict[str, Any]:
    """A report with all that ``compare`` looks at."""
    finding = {
        "case": "url/plain", "area": "url", "check": "plain", "level": "MUST", "verdict": "passed",
        "why": None, "ability": None,
    }  # fmt: skip
    return {
        "header": {
            "format": jsonfile.FORMAT, "suite_version": "1", "mode": "live",
            "target": {"name": "a", "model": "m"}, "selection": {"selected": 1, "all": 2},
        },
        "findings": [finding],
        "footer": {
            "exit_status": 0, "interrupted": False, "diagnosis": [{"symptom": "not-read"}],
            "bill": {"verdict": "as-claimed"},
        },
    }  # fmt: skip


def _strange(document: Any, drawn: st.DataObject) -> Any:
    place = drawn.draw(st.sampled_from(list(_places(document))))
    return _changed(document, place, drawn.draw(ANY))


@QUICK
@given(drawn=st.data())
def test_any_target_json_is_read_or_refused(drawn: st.DataObject, tmp_path: Path) -> None:
    source = data.folder("cassettes") / "reference" / "target.json"
    strange = _strange(json.loads(source.read_text(encoding="utf-8")), drawn)
    (tmp_path / "target.json").write_text(json.dumps(strange))
    with suppress(CassetteError):
        assert origin.read(tmp_path).target.base_url.startswith("http")


@QUICK
@given(drawn=st.data())
def test_any_manifest_is_read_or_refused(drawn: st.DataObject, tmp_path: Path) -> None:
    strange = _strange(_manifest(tmp_path), drawn)
    (tmp_path / "manifest.json").write_text(json.dumps(strange))
    with suppress(CorpusError):
        assert len(corpus.load(tmp_path)) <= 2


@QUICK
@given(drawn=st.data())
def test_any_report_is_compared_or_refused(drawn: st.DataObject, tmp_path: Path, capsys) -> None:
    (tmp_path / "good.json").write_text(json.dumps(_report()))
    (tmp_path / "odd.json").write_text(json.dumps(_strange(_report(), drawn)))
    status = compare([str(tmp_path / "good.json"), str(tmp_path / "odd.json")])
    said = capsys.readouterr()
    assert (status, said.err.count("\n")) in ((0, 0), (2, 1)), said.err


def test_the_form_of_target_json_names_every_member_of_a_target() -> None:
    assert {field.name for field in fields(Target)} == set(TARGET)
