"""A folder that takes no more: one sentence, and what was written before can be judged."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.recording.cassette import FILE
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint

#: Bytes that a file may have: from the first that is written to the largest.
POINTS = [1, 200, 1_000, 2_000, 4_000, 8_000, 12_000, 20_000, 30_000, 45_000]
POINTS += [60_000, 80_000, 100_000, 130_000, 160_000, 200_000, 250_000, 300_000, 400_000, 600_000]
#: What ends well whatever happens.
WELL = (0, 1, 3)


def bounded(size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(size, marks=pytest.mark.slow if size == 45_000 else pytest.mark.long)
        for size in POINTS
    ],
)
def test_no_more_can_be_written(command, serve, tmp_path: Path, size: int) -> None:
    url = serve(make_app(Endpoint()))
    out = tmp_path / "out"
    run = ["run", "--base-url", f"{url}/v1", "--model", "gpt-4o", "--area", "shape"]
    ended = subprocess.run(
        [sys.executable, "-m", "conformance.cli", *run, "--seed", "committed"],
        cwd=tmp_path,
        env=command.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=bounded(size),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = ended.stdout + ended.stderr
    assert "Traceback" not in said, said
    if ended.returncode not in WELL:
        assert ended.returncode == 2
        assert "File too large" in ended.stderr
        assert ended.stderr.startswith("vision-conformance: ")
        assert ended.stderr.count("\n") == 1
    stored = out / "cassettes" / FILE
    if stored.is_file() and stored.stat().st_size > 100:
        judged = command("judge", out)
        assert judged.status in WELL, judged
        assert judged.stderr == ""


@pytest.mark.skipif(os.geteuid() == 0, reason="whoever is root may write anywhere")
def test_a_folder_that_is_read_only(command, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    ended = command("run", "--reference", "-k", "url/plain")
    assert ended.status == 2
    assert "name another with --out" in ended.stderr
