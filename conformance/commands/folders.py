"""Folders that a command writes into: made, ours to write in, and leading nowhere else."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from conformance.commands.calls import CallError
from conformance.commands.in_use import LOCK
from conformance.recording import cassette, origin

#: What a command writes into a folder. A repository may hold a link of such a name, to have a file
#: of whoever runs the command overwritten.
_FILES = frozenset(
    {"report.html", "report.json", "junit.xml", "pytest.log", LOCK, cassette.FILE, origin.FILE}
)
_FOLDERS = frozenset({"cassettes", "fixtures", "judged"})


def writable(folder: str, option: str = "--out") -> Path:
    """The folder, made where it is missing. Raises CallError where nothing can be written there.

    Nor where what stands there already is a link, a pipe or the like in the place of what is to be
    written.
    """
    path = Path(folder).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
        for odd in _odd(path):
            raise CallError(
                f"{odd} is no plain file or folder, and nothing is written through it: remove it, "
                f"or name another folder with {option}"
            )
        _try(path / ".writable")
    except OSError as error:
        raise CallError(
            f"the folder {path} cannot be written ({error.strerror}): name another with {option}"
        ) from None
    return path


def _odd(folder: Path) -> Iterator[Path]:
    """What is in the way of what would be written. Raises OSError."""
    for entry in os.scandir(folder):
        mode = entry.stat(follow_symlinks=False).st_mode
        if entry.name in _FILES and not stat.S_ISREG(mode):
            yield Path(entry.path)
        elif entry.name in _FOLDERS:
            yield from _odd_below(Path(entry.path), mode)


def _odd_below(folder: Path, mode: int) -> Iterator[Path]:
    if not stat.S_ISDIR(mode):
        yield folder
        return
    for entry in os.scandir(folder):
        if not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
            # Judged again, a folder holds folders of its own.
            yield from [] if entry.is_dir(follow_symlinks=False) else [Path(entry.path)]


def _try(probe: Path) -> None:
    probe.unlink(missing_ok=True)
    os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    probe.unlink()
