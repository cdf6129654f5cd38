"""What pytest says, in a file. Where the disk is full, the rest is left unsaid."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

from conformance.outlets import opened


class Log(io.TextIOBase):
    """A text file for writing; only opening it raises OSError."""

    def __init__(self, path: Path) -> None:
        self._stack = contextlib.ExitStack()
        self._file = self._stack.enter_context(opened(path, errors="backslashreplace"))

    def write(self, text: str, /) -> int:
        with contextlib.suppress(OSError):
            self._file.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._file.flush()

    def close(self) -> None:
        super().close()
        with contextlib.suppress(OSError):
            self._stack.close()
