"""A recorded run is judged as it was chosen, and is left as it was."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if "judged" not in path.parts
    }


def test_it_is_judged_as_it_was_chosen_and_left_as_it_was(command, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert command("run", "--reference", "--area", "url", "-k", "plain or several").status == 0
    # As a run leaves it that was ended before all was drawn.
    for picture in (out / "fixtures").glob("*.png"):
        picture.unlink()
    before = contents(out)
    ended = command("judge", "out")
    assert (ended.status, ended.stderr) == (0, "")
    assert contents(out) == before
    reports = [json.loads((out / name / "report.json").read_text()) for name in ("", "judged")]
    lived, judged = (report["header"]["selection"] for report in reports)
    assert lived == judged
    assert lived["partial"]


@pytest.mark.slow
@pytest.mark.parametrize("call", [("list",), ("plan", "--area", "shape"), ("judge", "out")])
def test_who_takes_nothing_of_what_is_said(command, tmp_path: Path, call: tuple[str, ...]) -> None:
    assert command("run", "--reference", "-k", "url/plain").status == 0
    child = [sys.executable, "-m", "conformance.cli", *call]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            child, cwd=tmp_path, env=command.environ, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert ended.returncode == 2
    assert ended.stderr == "vision-conformance: cannot go on: No space left on device\n"
