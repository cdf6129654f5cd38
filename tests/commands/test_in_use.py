"""One run writes into a folder at a time."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from conformance.commands import in_use
from conformance.commands.calls import CallError
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint


def test_who_comes_second_is_told_who_was_first(tmp_path: Path) -> None:
    with in_use.held(tmp_path):
        for second in (in_use.held, in_use.read):
            with pytest.raises(CallError, match=rf"in use .*process {os.getpid()} since 20.*--out"):
                second(tmp_path).__enter__()
    assert list(tmp_path.iterdir()) == []
    with in_use.held(tmp_path):
        pass


def test_two_may_read(tmp_path: Path) -> None:
    (tmp_path / in_use.LOCK).touch()
    with in_use.read(tmp_path), in_use.read(tmp_path), pytest.raises(CallError):
        in_use.held(tmp_path).__enter__()


def test_two_runs_into_one_folder(command, serve, finished, tmp_path: Path) -> None:
    url = serve(make_app(Endpoint(), latency=30))
    call = ("run", "--base-url", f"{url}/v1", "--model", "gpt-4o", "--area", "url")
    first = command.start(*call)
    deadline = time.monotonic() + 20
    while not (tmp_path / "out" / "cassettes").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    second = command(*call)
    first.kill()
    finished(first)
    assert second.status == 2
    assert f"process {first.pid} since" in second.stderr
    assert second.stderr.count("\n") == 1
    # Killed, it holds nobody off.
    with in_use.held(tmp_path / "out"):
        pass
