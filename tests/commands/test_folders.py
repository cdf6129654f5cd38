"""Nothing is written through what stands in a folder in the place of a file of ours."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.commands.calls import CallError
from conformance.commands.folders import writable

PRECIOUS = "precious"
PLACES = (
    ".lock", "report.html", "report.json", "junit.xml", "pytest.log", "target.json",
    "exchanges.yaml", "cassettes", "cassettes/target.json", "fixtures/manifest.json", "judged",
)  # fmt: skip


def _link(place: Path) -> None:
    victim = place.parent.parent / "victim"
    victim.write_text(PRECIOUS, encoding="utf-8")
    place.symlink_to(victim)


ODD: dict[str, Callable[[Path], None]] = {
    "link": _link,
    "dangling": lambda place: place.symlink_to("nowhere"),
    "pipe": os.mkfifo,
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", PLACES)
def test_what_is_no_plain_file_is_in_the_way(tmp_path: Path, name: str, odd: str) -> None:
    place = tmp_path / "out" / name
    place.parent.mkdir(parents=True)
    ODD[odd](place)
    with pytest.raises(CallError, match=r"no plain file or folder.*--out"):
        writable(str(tmp_path / "out"))
    assert {file.read_text("utf-8") for file in tmp_path.rglob("victim")} <= {PRECIOUS}


def test_a_folder_in_the_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / ".lock").mkdir()
    with pytest.raises(CallError, match="no plain file"):
        writable(str(tmp_path))


def test_what_is_not_ours_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "somewhere").symlink_to("nowhere")
    (tmp_path / ".writable").symlink_to("nowhere")
    (tmp_path / "judged").mkdir()
    (tmp_path / "cassettes").mkdir()
    assert writable(str(tmp_path)) == tmp_path
    assert not (tmp_path / "nowhere").exists()


def test_the_command_says_so(command, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    os.mkfifo(tmp_path / "out" / ".lock")
    ended = command("run", "--reference", "-k", "url/plain")
    assert ended.status == 2
    assert "no plain file or folder" in ended.stderr
    assert ended.stderr.count("\n") == 1
