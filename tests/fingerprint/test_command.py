"""The command, over a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.asgi.serving import serve_in_thread
from conformance.commands.fingerprinting import fingerprint
from conformance.reference.account import KEY
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint


@pytest.fixture
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with serve_in_thread(make_app(Endpoint(model=request.param)), "127.0.0.1:0") as served:
        yield f"{served}/v1"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


@pytest.mark.parametrize("url", ["gpt-5"], indirect=True)
def test_recognises(url: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    chart = tmp_path / "fingerprint.svg"
    assert fingerprint(url, "gpt-5", chart=str(chart)) == 0
    said = capsys.readouterr().out
    first, *_, last = said.strip().splitlines()
    assert first.startswith("15 requests with 15 pictures, at most about ")
    assert last == "claims gpt-5; bills like gpt-5 (p > 0.999)"
    assert chart.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize("url", ["gpt-5"], indirect=True)
def test_cannot_tell_without_answers(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert fingerprint(url, "another-model") == 3
    assert "only 0 of 15 requests gave a usage: HTTP status 404" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "model", "reason"),
    [(None, "gpt-4o", "no base URL"), ("http://127.0.0.1:1/v1", None, "no model is given")],
)
def test_wrong_call(url, model, reason: str, capsys, monkeypatch) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    assert fingerprint(url, model) == 2
    assert reason in capsys.readouterr().err
