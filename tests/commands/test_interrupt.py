"""Ctrl-C: what was judged is kept, and the rest is told as not observed."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from conformance.model import cases_of
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint
from conformance.registry import all_checks
from conformance.wire import contract


def wait_for(path: Path, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.05)


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(0.3, id="before the first"),
        pytest.param(3.0, id="amid", marks=pytest.mark.slow),
    ],
)
def test_ctrl_c_writes_the_report(command, serve, finished, tmp_path: Path, after: float) -> None:
    url = serve(make_app(Endpoint(), latency=0.5))
    at = ("--base-url", f"{url}/v1", "--model", "gpt-4o", "--seed", "committed")
    child = command.start("run", *at, "--area", "url", "--concurrency", 4)
    wait_for(tmp_path / "out" / "cassettes" / "target.json")
    time.sleep(after)
    began = time.monotonic()
    os.killpg(child.pid, signal.SIGINT)
    ended = finished(child)

    assert time.monotonic() - began < 10
    assert ended.status in (1, 3), ended
    assert "Traceback" not in ended.stdout
    assert ended.stderr == "interrupted; writing the report of what was done …\n"
    document = json.loads((tmp_path / "out" / "report.json").read_text())
    assert contract.problems("report", document) == []
    assert document["footer"]["interrupted"] is True
    wanted = [case.id for case in cases_of(all_checks()) if case.check.area == "url"]
    assert [f["case"] for f in document["findings"]] == wanted
    found = {f["verdict"] for f in document["findings"]}
    assert "unobserved" in found
    assert ("passed" in found) is (after > 1)
    assert not list((tmp_path / "out").rglob("*.part"))
