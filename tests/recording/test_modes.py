"""What each record mode sends and keeps, against an endpoint that counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.model import Case, Verdict
from conformance.recording import cassettes
from conformance.recording.replay import RecordMode
from conformance.reference.account import KEY

ONCE, NEW, ALL, REWRITE, NONE = (
    RecordMode.ONCE,
    RecordMode.NEW_EPISODES,
    RecordMode.ALL,
    RecordMode.REWRITE,
    RecordMode.NONE,
)


def texts(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*.yaml")}


def drop(folder: Path, case: Case) -> None:
    """Takes the last interaction out of a cassette."""
    path = cassettes.path_of(folder, case)
    document = json.loads(path.read_text())
    document["interactions"].pop()
    document["conformance"].pop()
    path.write_text(json.dumps(document))


@pytest.mark.parametrize("mode", [ONCE, NEW, ALL, REWRITE])
def test_an_empty_folder_is_filled(serve, cases: list[Case], mode: RecordMode) -> None:
    with serve() as live:
        findings = live.run(mode, cases)
    assert {f.verdict for f in findings.values()} == {Verdict.PASSED}
    assert len(texts(live.folder)) == len(cases)
    assert not list(live.folder.rglob("*.part"))


def test_none_sends_nothing_though_the_endpoint_is_up(serve, cases: list[Case]) -> None:
    with serve() as live:
        live.run(REWRITE, cases)
        before = texts(live.folder)
        assert live.sent_by(NONE, cases) == 0
    assert texts(live.folder) == before


@pytest.mark.parametrize("mode", [ONCE, NEW])
def test_what_is_there_is_not_sent_again(serve, cases: list[Case], mode: RecordMode) -> None:
    with serve() as live:
        live.run(REWRITE, cases)
        before = texts(live.folder)
        assert live.sent_by(mode, cases) == 0
    assert texts(live.folder) == before


@pytest.mark.parametrize("mode", [ONCE, NEW])
def test_only_missing_cassettes_are_sent(serve, cases: list[Case], mode: RecordMode) -> None:
    with serve() as live:
        live.run(REWRITE, cases)
        whole = live.sent_by(REWRITE, cases)
        kept = texts(live.folder)
        missing = [c for c in cases if c.id in ("url/plain", "shape/model-list-follows-the-schema")]
        for case in missing:
            cassettes.path_of(live.folder, case).unlink()
        assert live.sent_by(mode, cases) == live.preflight + 2 < whole
        found = texts(live.folder)
    assert set(found) == set(kept)
    changed = {name for name in found if found[name] != kept[name]}
    assert changed <= {f"{case.id}.yaml" for case in missing}


def test_once_does_not_add_to_a_cassette(serve, cases: list[Case]) -> None:
    case = next(c for c in cases if c.id == "shape/each-reply-has-its-own-id")
    with serve() as live:
        live.run(REWRITE, [case])
        drop(live.folder, case)
        finding = live.run(ONCE, [case])[case.id]
    assert finding.verdict is Verdict.UNOBSERVED
    assert "--record-mode=new_episodes" in finding.actual


def test_new_episodes_does(serve, cases: list[Case]) -> None:
    case = next(c for c in cases if c.id == "shape/each-reply-has-its-own-id")
    with serve() as live:
        live.run(REWRITE, [case])
        drop(live.folder, case)
        assert live.sent_by(NEW, [case]) == live.preflight + 1
        assert live.run(NONE, [case])[case.id].verdict is Verdict.PASSED


@pytest.mark.parametrize("mode", [ALL, REWRITE])
def test_everything_is_sent_again(serve, cases: list[Case], mode: RecordMode) -> None:
    with serve() as live:
        live.run(REWRITE, cases)
        old = texts(live.folder)
        live.run(mode, cases)
        new = texts(live.folder)
    assert set(new) == set(old)
    assert all(new[name] != old[name] for name in old)


def test_rewrite_drops_what_can_no_longer_be_judged(serve, cases: list[Case]) -> None:
    """A run that gets no reply leaves no cassette of an earlier one behind."""
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
        live.run(REWRITE, plain)
        asked.append(0)
        assert live.run(REWRITE, plain)["base64/plain"].verdict is Verdict.UNOBSERVED
    assert asked != [1]
    assert texts(live.folder) == {}


def test_the_target_is_recorded_without_its_key(serve, cases: list[Case]) -> None:
    with serve() as live:
        live.run(REWRITE, cases)
    document = json.loads((live.folder / "target.json").read_text())
    assert document["target"]["base_url"] == f"{live.url}/v1"
    assert document["seed"] == "committed"
    for path in live.folder.rglob("*"):
        if path.is_file():
            assert KEY not in path.read_text()
