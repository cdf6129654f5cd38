"""Commands that are given files made by hand: one sentence, at once, and little memory."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from conformance import data
from tests.foreign.odd import ODD

#: Seconds of processor time and bytes of memory that a refusal may take.
SECONDS, MEMORY = 3.0, 200 * 2**20
#: What is called, and the file that is odd.
CALLS = {
    "judge": (("judge", "run"), "run/cassettes/target.json"),
    "host": (("host", "run"), "run/cassettes/target.json"),
    "compare": (("compare", "run", "run"), "run/report.json"),
    "run": (("run", "--target", "t.toml"), "t.toml"),
    "cassettes": (
        ("run", "--cassettes", "run/cassettes", "--record-mode", "none"),
        "run/cassettes/target.json",
    ),
}


@pytest.fixture
def folder(command) -> Path:
    """The folder of a run of one case."""
    source = data.folder("cassettes") / "reference"
    cassettes = command.folder / "run" / "cassettes"
    cassettes.mkdir(parents=True)
    shutil.copy(source / "target.json", cassettes)
    shutil.copy(source / "exchanges.yaml", cassettes)
    return command.folder


@pytest.mark.long
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_file_is_refused(odd: str, call: str, command, folder: Path) -> None:
    arguments, name = CALLS[call]
    (folder / name).unlink(missing_ok=True)
    ODD[odd](folder / name)
    process = command.start(*arguments)
    said, complained = process.stdout.read(), process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close(), process.stderr.close()
    assert process.returncode == 2, said + complained
    assert complained.count("\n") == 1, complained
    assert "Traceback" not in said + complained
    assert used.ru_maxrss * 1024 < MEMORY
    assert used.ru_utime + used.ru_stime < SECONDS


@pytest.mark.long
@pytest.mark.parametrize("odd", ["a pipe", "a device", "a folder", "a loop", "lists in lists"])
def test_pictures_of_an_odd_manifest_are_drawn_again(odd: str, command, folder: Path) -> None:
    target = folder / "run" / "cassettes" / "target.json"
    written = json.loads(target.read_text(encoding="utf-8")) | {"seed": "another"}
    target.write_text(json.dumps(written), encoding="utf-8")
    (folder / "run" / "fixtures").mkdir()
    ODD[odd](folder / "run" / "fixtures" / "manifest.json")
    ended = command("judge", "run", "-k", "base64")
    assert "Traceback" not in ended.stdout + ended.stderr
    assert ended.status == (2 if odd == "a folder" else 3), ended.stdout + ended.stderr
