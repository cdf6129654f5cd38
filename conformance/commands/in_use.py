"""Who uses a folder: one run writes there at a time, and nobody reads what is half written."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path

from conformance.commands.calls import CallError

#: Held locked by whoever uses the folder. Where that process is killed the file stays, but the
#: system unlocks it.
LOCK = ".lock"
#: Most bytes that are read of what it says.
MOST = 200
#: Never through a link, and without waiting for whoever is at the other end of a pipe.
_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """The folder is ours alone, to write there. Raises CallError where another process has it."""
    path = folder / LOCK
    with _opened(path) as file:
        file.truncate(0)
        since = datetime.now(UTC).isoformat(sep=" ", timespec="seconds")
        file.write(f"process {os.getpid()} since {since}".encode())
        try:
            yield
        finally:
            # Windows deletes no open file: there it stays.
            with contextlib.suppress(OSError):
                path.unlink()


def _opened(path: Path) -> FileIO:
    """The file, locked for us alone. Raises CallError."""
    while True:
        file = FileIO(path, "r+", opener=_writable)
        if not _locked(file.fileno(), shared=False):
            with file:
                raise CallError(_sentence(path.parent, file.fileno()))
        # Deleted by its holder since it was opened, it would hold nobody off.
        if path.exists() and os.path.samestat(path.stat(), os.fstat(file.fileno())):
            return file
        file.close()


def _writable(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CREAT | _FLAGS, 0o600)


def _readable(path: str, flags: int) -> int:
    return os.open(path, flags | _FLAGS)


@contextlib.contextmanager
def read(folder: Path) -> Iterator[None]:
    """Nobody writes into the folder meanwhile; others may read. Raises CallError as ``held``."""
    try:
        file = FileIO(folder / LOCK, opener=_readable)
    except OSError:
        # Never written by a run of this version, or not ours to open.
        yield
        return
    with file:
        if not _locked(file.fileno(), shared=True):
            raise CallError(_sentence(folder, file.fileno()))
        yield


def _sentence(folder: Path, descriptor: int) -> str:
    os.lseek(descriptor, 0, os.SEEK_SET)
    who = os.read(descriptor, MOST).decode("ascii", "replace")
    known = f" ({who})" if who.replace(" ", "").isprintable() and who else ""
    return (
        f"{folder} is in use by another run{known}: wait until that has ended, or name another "
        "folder with --out"
    )


if sys.platform == "win32":
    import msvcrt

    #: Far behind what the file says, which stays readable so.
    _PLACE = 1 << 30

    def _locked(descriptor: int, *, shared: bool) -> bool:
        """Whether the lock was had. Here are none that are shared: who reads, reads alone."""
        os.lseek(descriptor, _PLACE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(descriptor: int, *, shared: bool) -> bool:
        """Whether the lock was had, or cannot be had on this kind of disk."""
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True
