"""A run that was ended by force goes on where it was, and nothing is sent twice."""

from __future__ import annotations

import json
import os
import random
import time
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from conformance.recording.cassette import FILE
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint

#: The plain question before each run.
BEFORE = 1
#: Moments at which a run is ended; `make hostile` takes more of them.
KILLS = int(os.environ.get("KILLS", "6"))


class Counted:
    """The reference endpoint, and how many requests have reached it."""

    def __init__(self, latency: float = 0) -> None:
        self.app: ASGIApp = make_app(Endpoint(), latency=latency)
        self.count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.count += scope["type"] == "http"
        await self.app(scope, receive, send)


def stored(out: Path) -> int:
    path = out / "cassettes" / FILE
    return path.read_bytes().count(b"\n- ") if path.is_file() else 0


@pytest.mark.parametrize(
    "seed",
    [pytest.param(n, marks=pytest.mark.long if n else pytest.mark.slow) for n in range(KILLS)],
)
def test_what_was_recorded_is_not_sent_again(
    command, serve, finished, tmp_path: Path, seed: int
) -> None:
    counted = Counted(latency=0.1)
    url = serve(counted)
    run = ("run", "--base-url", f"{url}/v1", "--model", "gpt-4o", "--area", "history")
    out = tmp_path / "out"
    child = command.start(*run, "--concurrency", 4)
    until = time.monotonic() + 20
    wanted = random.Random(seed).randint(0, 20)
    while stored(out) < wanted and child.poll() is None and time.monotonic() < until:
        time.sleep(0.002)
    child.kill()
    finished(child)
    before = stored(out)
    assert before >= wanted

    # What was under way is not there any more, and what came too late is not counted.
    time.sleep(0.3)
    counted.count = 0
    ended = command(*run)
    assert ended.status == 0, ended
    if before:
        assert f"{before} replies are there already" in ended.stderr
    assert counted.count == BEFORE * (before < stored(out)) + stored(out) - before
    assert json.loads((out / "report.json").read_text())["footer"]["interrupted"] is False

    counted.count = 0
    assert command(*run).stderr == ""
    assert counted.count == BEFORE + stored(out)


@pytest.mark.slow
def test_what_was_given_up_begins_anew(command, serve, tmp_path: Path) -> None:
    counted = Counted()
    url = serve(counted)
    run = ("run", "--base-url", f"{url}/v1", "--model", "gpt-4o", "-k", "url/plain")
    assert command(*run).status == 0
    first = counted.count
    ended = command(*run)
    assert (ended.status, ended.stderr, counted.count) == (0, "", 2 * first)
    target = tmp_path / "out" / "cassettes" / "target.json"
    document = json.loads(target.read_text())
    assert document["finished"] is True
    # Of another endpoint, or of another day, is another run.
    for change in ({"finished": False, "recorded": "2026-01-01T00:00:00+00:00"}, {"run": "other"}):
        target.write_text(json.dumps(document | change))
        assert command(*run).stderr == ""
