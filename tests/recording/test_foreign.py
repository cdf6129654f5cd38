"""Cassettes that are broken, somebody else's or missing: one sentence, and no verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.model import Case, Verdict
from conformance.recording import cassettes, origin
from conformance.recording.replay import RecordMode

FOREIGN = """interactions:
- request: {method: POST, uri: "http://x/v1/chat/completions", body: "{}", headers: {}}
  response: {status: {code: 200, message: OK}, headers: {}, body: {string: "{}"}}
version: 1
"""


@pytest.fixture
def recorded(serve, cases: list[Case]):
    """One case, recorded; ``judge(text)`` judges it with this text as its cassette."""
    case = next(c for c in cases if c.id == "base64/plain")
    with serve() as live:
        live.run(RecordMode.REWRITE, [case])
        path = cassettes.path_of(live.folder, case)
        good = path.read_text()

        def judge(text: bytes):
            path.write_bytes(text)
            return live.run(RecordMode.NONE, [case])[case.id]

        judge.good, judge.path, judge.case, judge.live = good, path, case, live
        yield judge


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "{broken: ["),
        ("", "\x00"),
        ("", "just text"),
        ("", "[]"),
        ("", "null"),
        ("", "[" * 5000),
        ("", "interactions: []\nversion: 1"),
        ("", FOREIGN),
        ("", "!!python/object/apply:os.mkdir ['owned']"),
        ("", '{"a":' * 50_000),
        ('"conformance": ', '"others": '),
        ('"sample": 0,', ""),
        ('"chunks": ', '"chunks": 7, "other": '),
        ('"fetches": []', '"fetches": [7]'),
        ('"fetches": []', '"fetches": [{"at": 1}]'),
        ('"elapsed": ', '"elapsed": "x", "other": '),
        ('"code": 200', '"code": [200]'),
        ('"code": 200', '"code": "fine"'),
        ('"body": {', '"headers": 3, "body": {'),
    ],
)
def test_a_broken_cassette_is_one_sentence(
    recorded, old: str, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = recorded.good.replace(old, new, 1) if old else new
    assert text != recorded.good
    finding = recorded(text.encode())
    assert finding.verdict is Verdict.UNOBSERVED
    assert recorded.path.name in finding.actual
    assert "record it again" in finding.actual
    assert "\n" not in finding.actual
    assert len(finding.actual) < 500
    assert not (tmp_path / "owned").exists()


def test_bytes_that_are_not_utf8(recorded) -> None:
    assert "record it again" in recorded(b"\xff\xfe").actual


def test_a_folder_in_place_of_a_cassette(recorded) -> None:
    recorded.path.unlink()
    recorded.path.mkdir()
    finding = recorded.live.run(RecordMode.NONE, [recorded.case])[recorded.case.id]
    assert finding.verdict is Verdict.UNOBSERVED
    assert finding.actual.startswith("cannot read the cassette")


def test_a_missing_cassette_says_how_to_record_it(recorded) -> None:
    recorded.path.unlink()
    finding = recorded.live.run(RecordMode.NONE, [recorded.case])[recorded.case.id]
    assert finding.verdict is Verdict.UNOBSERVED
    assert finding.actual == "there is no cassette plain.yaml; record it with --record-mode=once"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        "{}",
        '{"target": 7, "seed": "x", "recorded": "x", "versions": {}}',
        '{"target": {}, "seed": "x", "recorded": "x", "versions": {}}',
        '{"target": {"name": "t", "base_url": "u", "model": "m", "unclaimed": ["x"]},'
        ' "seed": "x", "recorded": "x", "versions": {}}',
        '{"target": {"name": "t", "base_url": "u", "model": "m", "headers": [7]},'
        ' "seed": "x", "recorded": "x", "versions": {}}',
        "[" * 100_000,
    ],
    ids=lambda text: text[:30],
)
def test_a_broken_target_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "target.json").write_text(text)
    with pytest.raises(cassettes.CassetteError, match="record it again") as caught:
        origin.read(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_folder_without_a_target_says_what_it_should_be(tmp_path: Path) -> None:
    with pytest.raises(cassettes.CassetteError, match=r"holds no target\.json"):
        origin.read(tmp_path)
