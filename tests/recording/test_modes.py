"""What each record mode sends and keeps, against an endpoint that counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.model import Case, Verdict
from conformance.recording.cassette import FILE, HEAD
from conformance.recording.replay import RecordMode
from conformance.reference.account import KEY

ONCE, NEW, ALL, REWRITE, NONE = (
    RecordMode.ONCE,
    RecordMode.NEW_EPISODES,
    RecordMode.ALL,
    RecordMode.REWRITE,
    RecordMode.NONE,
)


def lines(folder: Path) -> list[str]:
    path = folder / FILE
    return path.read_text().splitlines()[2:] if path.is_file() else []


def drop(folder: Path, *whose: str) -> None:
    """Takes the lines out of the cassette that hold one of these texts."""
    path = folder / FILE
    head, kept = HEAD.decode(), [x for x in lines(folder) if not any(each in x for each in whose)]
    path.write_text(head + "".join(f"{line}\n" for line in kept))


@pytest.mark.parametrize("mode", [ONCE, NEW, ALL, REWRITE])
def test_an_empty_folder_is_filled(serve, cases: list[Case], mode: RecordMode) -> None:
    with serve() as live:
        findings = live.run(mode, cases)
    assert {f.verdict for f in findings.values()} == {Verdict.PASSED}
    assert len(lines(live.folder)) == live.app.count - live.preflight
    assert not list(live.folder.rglob("*.part"))


def test_none_sends_nothing_though_the_endpoint_is_up(serve, cases: list[Case]) -> None:
    with serve() as live:
        live.run(REWRITE, cases)
        before = lines(live.folder)
        assert live.sent_by(NONE, cases) == 0
    assert lines(live.folder) == before


@pytest.mark.parametrize("mode", [ONCE, NEW])
def test_what_is_there_is_not_sent_again(serve, cases: list[Case], mode: RecordMode) -> None:
    with serve() as live:
        live.run(REWRITE, cases)
        before = lines(live.folder)
        assert live.sent_by(mode, cases) == 0
    assert lines(live.folder) == before


def test_new_episodes_sends_what_is_missing(serve, cases: list[Case]) -> None:
    with serve() as live:
        live.run(REWRITE, cases)
        kept = lines(live.folder)
        drop(live.folder, '"path": "/models"')
        assert live.sent_by(NEW, cases) == live.preflight + 1
        assert len(lines(live.folder)) == len(kept)
        found = live.run(NONE, cases)
    assert {f.verdict for f in found.values()} == {Verdict.PASSED}


def test_once_does_not_add_to_a_cassette(serve, cases: list[Case]) -> None:
    with serve() as live:
        live.run(REWRITE, cases)
        drop(live.folder, '"path": "/models"')
        before = live.app.count
        finding = live.run(ONCE, cases)["shape/model-list-follows-the-schema"]
    assert live.app.count == before
    assert finding.verdict is Verdict.UNOBSERVED
    assert "--record-mode=new_episodes" in finding.actual


@pytest.mark.parametrize("mode", [ALL, REWRITE])
def test_everything_is_sent_again(serve, cases: list[Case], mode: RecordMode) -> None:
    with serve() as live:
        live.run(REWRITE, cases)
        old = lines(live.folder)
        live.run(mode, cases)
        new = lines(live.folder)
    assert len(new) == len(old)
    assert not set(new) & set(old)


def test_a_part_leaves_all_else_as_it_was(serve, cases: list[Case]) -> None:
    plain = [case for case in cases if case.id == "base64/plain"]
    with serve() as live:
        live.run(REWRITE, cases)
        old = lines(live.folder)
        live.run(REWRITE, plain)
        new = lines(live.folder)
    assert len(new) == len(old)
    assert len(set(new) - set(old)) == 1


def test_trouble_is_judged_again_as_it_was_and_asked_again(serve, cases: list[Case]) -> None:
    asked: list[int] = []

    def wrap(app):
        async def sometimes(scope, receive, send):
            asked[:] = [n + 1 for n in asked]
            # The plain question before a run is answered.
            if not asked or asked == [1] or scope["method"] == "GET":
                return await app(scope, receive, send)
            headers = [(b"retry-after", b"0")]
            await send({"type": "http.response.start", "status": 429, "headers": headers})
            return await send({"type": "http.response.body", "body": b""})

        return sometimes

    plain = [c for c in cases if c.id == "base64/plain"]
    with serve(wrap=wrap) as live:
        asked.append(0)
        lived = live.run(REWRITE, plain)["base64/plain"]
        judged = live.run(NONE, plain)["base64/plain"]
        asked.clear()
        again = live.run(NEW, plain)["base64/plain"]
    assert lived.verdict is judged.verdict is Verdict.UNOBSERVED
    assert lived.actual == judged.actual
    assert again.verdict is Verdict.PASSED


def test_the_target_is_recorded_without_its_key(serve, cases: list[Case]) -> None:
    with serve() as live:
        live.run(REWRITE, cases)
    document = json.loads((live.folder / "target.json").read_text())
    assert document["target"]["base_url"] == f"{live.url}/v1"
    assert document["seed"] == "committed"
    for path in live.folder.rglob("*"):
        if path.is_file():
            assert KEY not in path.read_text()
