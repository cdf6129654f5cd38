"""The doors through which anything leaves the process: files, and the terminal.

What goes through is looked at in the form in which it leaves, and stars stand for what tells a
secret. Whoever reads secrets makes them known here; there is one set for all of the process.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO, cast

from conformance.redact import Redactor

#: Characters written before that are looked at again, for a secret may leave in pieces. Eight
#: letters in the longest spelling that is known, ``&amp;amp;#115;``, take 104.
_BEFORE = 400
#: Characters that are looked at in one go, where there are many.
_BLOCK = 100_000


class _Known:
    """What must not leave."""

    def __init__(self) -> None:
        self.redactor = Redactor(())


_KNOWN = _Known()


def know(secrets: Iterable[str]) -> None:
    """From now on these are looked for, and none of those that were known before."""
    _KNOWN.redactor = Redactor(secrets)


def looked_at(text: str) -> str:
    """The text with stars for secrets; as long as before, and itself where it tells none."""
    return _KNOWN.redactor.written(text)


class Looked:
    """A text stream in front of another one."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._before = ""

    def write(self, text: str, /) -> int:
        """Returns the characters of ``text``, all of which are written."""
        seen = looked_at(self._before + text)[len(self._before) :]
        self._before = (self._before + text)[-_BEFORE:]
        self._stream.write(seen)
        return len(text)

    def writelines(self, lines: Iterable[str], /) -> None:
        """Many small ones are looked at together."""
        held: list[str] = []
        size = 0
        for line in lines:
            held.append(line)
            size += len(line)
            if size > _BLOCK:
                self.write("".join(held))
                held, size = [], 0
        self.write("".join(held))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def opened(path: Path, *, encoding: str = "utf-8", errors: str = "strict") -> Iterator[TextIO]:
    """A text file to be written anew. Raises OSError."""
    with path.open("w", encoding=encoding, errors=errors, newline="\n") as file:
        yield _in_front_of(file)


def write(path: Path, text: str) -> None:
    """Writes a text file. Raises OSError."""
    with opened(path) as file:
        file.write(text)


def look_over(path: Path) -> None:
    """Looks at a text file that somebody else has written. Raises OSError."""
    text = path.read_text(encoding="utf-8")
    seen = looked_at(text)
    if seen == text:
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(seen, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def guard_terminal() -> None:
    """All that is written to standard output and standard error is looked at from now on."""
    sys.stdout, sys.stderr = _in_front_of(sys.stdout), _in_front_of(sys.stderr)


def _in_front_of(stream: TextIO) -> TextIO:
    """Whatever a stream can do the other one can."""
    return stream if isinstance(stream, Looked) else cast(TextIO, Looked(stream))
