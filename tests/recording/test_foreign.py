"""Cassettes that are broken, somebody else's or missing: one sentence, and no verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.model import Case, Probe, Sent, Verdict
from conformance.recording import origin
from conformance.recording.cassette import FILE, HEAD, Cassette, CassetteError
from conformance.recording.replay import RecordMode

GOOD = (
    '- {"request": {"method": "POST", "uri": "http://x/v1/chat/completions", "body": "{}", '
    '"headers": {}}, "response": {"status": {"code": 200, "message": "OK"}, "headers": {}, '
    '"body": {"string": "{}"}}, "conformance": {"run": "r", "sample": 0, "path": '
    '"/chat/completions", "credential": "right", "headers": [], "elapsed": 0.1, "chunks": [], '
    '"fetches": []}}\n'
)
PROBE = Probe(raw_body=b"{}", turns=())
SENT = Sent(method="POST", path="/chat/completions", headers=(), body=b"{}")


def cassette(folder: Path, text: str | bytes) -> Cassette:
    (folder / FILE).write_bytes(text if isinstance(text, bytes) else text.encode())
    return Cassette(folder)


def test_one_made_by_hand_is_read(tmp_path: Path) -> None:
    found = cassette(tmp_path, HEAD.decode() + GOOD).find(PROBE, SENT)
    assert found is not None
    assert (found.status, found.body) == (200, b"{}")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "{broken: [\n"),
        ("", "\x00\n"),
        ("", "just text\n"),
        ("", "interactions: []\nversion: 1\n"),
        ("", "!!python/object/apply:os.mkdir ['owned']\n"),
        ("", "version: 1\ninteractions:\n- " + '{"a":' * 50_000 + "\n"),
        ("", "version: 1\ninteractions:\n- " + "[" * 50_000 + "\n"),
        ("", "version: 1\ninteractions:\n- !!python/object/apply:os.mkdir ['owned']\n"),
        ("", "version: 1\ninteractions:\n- null\n"),
        ("", b"version: 1\ninteractions:\n- \xff\xfe\n"),
        ('"conformance": ', '"others": '),
        ('"sample": 0,', ""),
        ('"headers": [], "elapsed"', '"headers": 7, "elapsed"'),
        ('"body": "{}"', '"body": {"base64": "%"}'),
    ],
)
def test_a_broken_cassette_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str | bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    text = HEAD.decode() + GOOD
    with pytest.raises(CassetteError, match="record it again") as caught:
        cassette(tmp_path, text.replace(old, new, 1) if old else new)
    assert_is_a_sentence(str(caught.value))
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"chunks": []', '"chunks": 7'),
        ('"fetches": []', '"fetches": [7]'),
        ('"fetches": []', '"fetches": [{"at": 1}]'),
        ('"elapsed": 0.1', '"elapsed": "x"'),
        ('"code": 200', '"code": [200]'),
        ('"code": 200', '"code": "fine"'),
        ('"response": {', '"reply": {'),
    ],
)
def test_a_broken_exchange_is_one_sentence(tmp_path: Path, old: str, new: str) -> None:
    """Found out when it is asked for: the others can be judged all the same."""
    found = cassette(tmp_path, HEAD.decode() + GOOD.replace(old, new, 1))
    with pytest.raises(CassetteError, match="record it again") as caught:
        found.find(PROBE, SENT)
    assert_is_a_sentence(str(caught.value))


def assert_is_a_sentence(text: str) -> None:
    assert FILE in text
    assert "\n" not in text
    assert len(text) < 500


def test_a_folder_in_place_of_a_cassette(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(CassetteError, match=r"^cannot read the cassette"):
        Cassette(tmp_path)


def test_what_is_missing_says_how_to_record_it(serve, cases: list[Case]) -> None:
    [case] = [each for each in cases if each.id == "base64/plain"]
    with serve() as live:
        live.run(RecordMode.REWRITE, [case])
        (live.folder / FILE).unlink()
        finding = live.run(RecordMode.NONE, [case])[case.id]
    assert finding.verdict is Verdict.UNOBSERVED
    wanted = f"{FILE} holds no such request; record it with --record-mode=new_episodes"
    assert finding.actual == wanted


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
    with pytest.raises(CassetteError, match="record it again") as caught:
        origin.read(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_folder_without_a_target_says_what_it_should_be(tmp_path: Path) -> None:
    with pytest.raises(CassetteError, match=r"holds no target\.json"):
        origin.read(tmp_path)
