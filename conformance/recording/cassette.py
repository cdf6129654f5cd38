"""What was exchanged with one target: one VCR cassette, an exchange a line, each stored once.

The file only grows, by a whole line for each reply as soon as it is there: whatever ends a run,
what was answered before stays, and a line that was cut off is left out. It is YAML as VCR reads
it, and each line, where it can be, is JSON. Of equal requests the last line counts.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from pathlib import Path

from conformance import foreign
from conformance.foreign import ForeignError, MissingError
from conformance.model import Exchange, Probe, Sent, Target
from conformance.recording import line
from conformance.recording.line import Key

FILE = "exchanges.yaml"
HEAD = b"version: 1\ninteractions:\n"
_HEAD_LINES = HEAD.splitlines(keepends=True)
#: Bytes of a cassette that is read, and of one line: of a reply of 8 MB each may need six.
MOST, LONGEST = 4_000_000_000, 64_000_000


class CassetteError(Exception):
    """A cassette that cannot be read or written, in one sentence."""


class Cassette:
    """The exchanges of a folder, by request. Raises CassetteError where it is something else.

    ``run`` names the run that adds to it.
    """

    def __init__(self, folder: Path, run: str = "") -> None:
        self.path = folder / FILE
        self._run = run
        #: Where the line of each request is: its first byte, and how many it has.
        self._lines: dict[Key, tuple[int, int]] = {}
        #: Requests that this run has stored, be it before it was interrupted.
        self._own: set[Key] = set()
        self._read: dict[Key, Exchange] = {}
        #: Bytes of whole lines; what is behind them was cut off, and goes when a line is added.
        self._end = 0
        self._load()

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def find(self, probe: Probe, sent: Sent, *, own: bool = False) -> Exchange | None:
        """The recorded exchange of a request, None where there is none.

        With ``own`` only what this run has stored counts. Raises CassetteError.
        """
        key = line.key_of(probe, sent)
        if key not in self._lines or (own and key not in self._own):
            return None
        known = self._read.get(key)
        if known is None or known.probe != probe:
            try:
                known = self._read[key] = line.exchange_of(self._line(key), probe, sent)
            except line.MALFORMED as error:
                raise self._not_ours(error) from None
        return known

    def add(self, exchange: Exchange, target: Target) -> None:
        """Stores an exchange, unless this run has stored the same; raises CassetteError."""
        key = line.key_of(exchange.probe, exchange.sent)
        written = line.line_of(exchange, target, self._run)
        if key in self._lines and self._line(key) == written:
            return
        self._lines[key] = self._append(written)
        self._own.add(key)
        self._read.pop(key, None)

    def clear(self) -> None:
        """Forgets everything; raises CassetteError."""
        self._lines, self._own, self._read, self._end = {}, set(), {}, 0
        self._guarded(lambda: self.path.unlink(missing_ok=True))

    def compact(self, wanted: Collection[Key] | None = None) -> None:
        """Leaves out what a later line replaces and, where given, what is not wanted.

        Raises CassetteError.
        """
        kept = [key for key in self._lines if wanted is None or key in wanted]
        if len(HEAD) + sum(self._lines[key][1] for key in kept) == self.size:
            return
        part = self.path.with_suffix(".part")

        def write() -> None:
            with part.open("wb") as file:
                file.writelines((HEAD, *map(self._line, kept)))
            part.replace(self.path)

        try:
            self._guarded(write)
        finally:
            part.unlink(missing_ok=True)
        self._load()

    def _line(self, key: Key) -> bytes:
        start, size = self._lines[key]
        try:
            with self.path.open("rb") as file:
                file.seek(start)
                return file.read(size)
        except OSError as error:
            raise CassetteError(f"cannot read the cassette {self.path}: {error.strerror}") from None

    def _append(self, written: bytes) -> tuple[int, int]:
        def append() -> None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab", buffering=0) as file:
                file.truncate(self._end)
                _whole(file.fileno(), new)

        new = written if self._end else HEAD + written
        self._guarded(append)
        self._end += len(new)
        return self._end - len(written), len(written)

    def _guarded(self, write: Callable[[], object]) -> None:
        try:
            write()
        except OSError as error:
            reason = error.strerror or error
            raise CassetteError(f"cannot write the cassette {self.path}: {reason}") from None

    def _load(self) -> None:
        self._lines, self._own, at = {}, set(), 0
        try:
            with foreign.opened(self.path, MOST) as file:
                for number, each in enumerate(iter(lambda: file.readline(LONGEST), b""), 1):
                    if each.endswith(b"\n"):
                        self._note(number, at, each)
                        at += len(each)
                    elif len(each) == LONGEST:
                        raise self._not_ours(ValueError(f"line {number} is too long"))
        except MissingError:
            return
        except ForeignError as error:
            raise CassetteError(f"cannot read the cassette {self.path}: {error}") from None
        self._end = at

    def _note(self, number: int, at: int, each: bytes) -> None:
        """One whole line, the first of which are the head."""
        if number <= len(_HEAD_LINES):
            if each != _HEAD_LINES[number - 1]:
                raise self._not_ours(ValueError("it begins otherwise"))
            return
        try:
            key, run = line.head_of(each)
        except line.MALFORMED as error:
            raise self._not_ours(ValueError(f"line {number}: {error}")) from None
        self._lines[key] = at, len(each)
        if self._run and run == self._run:
            self._own.add(key)

    def _not_ours(self, error: Exception) -> CassetteError:
        reason = f"{type(error).__name__} {error}"[:200]
        return CassetteError(
            f"{self.path} is not a cassette of this suite ({reason}); record it again"
        )


def _whole(file: int, data: bytes) -> None:
    """Writes all of it or, where the disk is full, nothing."""
    before = os.fstat(file).st_size
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(file, left) :]
    except OSError:
        os.ftruncate(file, before)
        raise
