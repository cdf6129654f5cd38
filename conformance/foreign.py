"""Files that somebody may have made by hand: what they are, and how large and deep, comes first."""

from __future__ import annotations

import json
import math
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

#: Bytes of a text that is read, at most: three times the report of a full run. Text may need four
#: bytes a character, and stands in memory twice while it is parsed.
MOST: Final = 16_000_000
#: Values of a document, at most, and levels of nesting. The report of a full run has 230,000
#: values and a dozen levels.
VALUES, DEPTH = 2_000_000, 100
#: Without these a pipe that nobody writes to is waited for, and a terminal may become ours.
_FLAGS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


class ForeignError(Exception):
    """A file is not taken; the message says why, in a clause of its own."""


class MissingError(ForeignError):
    """There is no such file."""


class SyntaxFault(ForeignError):
    """It is no JSON at all, or not all of it."""


def contents(path: Path, most: int) -> bytes:
    """The bytes of a regular file of ``most`` bytes or fewer. Never waits. Raises ForeignError."""
    with opened(path, most) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise ForeignError(_too_large(most))
    return data


@contextmanager
def opened(path: Path, most: int) -> Iterator[BinaryIO]:
    """A regular file of ``most`` bytes or fewer, to be read. Never waits. Raises ForeignError."""
    if "\0" in str(path):
        raise ForeignError("its name holds a character that no file name may hold")
    try:
        _verify(path.stat(), most)
        descriptor = os.open(path, os.O_RDONLY | _FLAGS)
        with os.fdopen(descriptor, "rb") as file:
            _verify(os.fstat(descriptor), most)
            yield file
    except FileNotFoundError:
        raise MissingError("there is no such file") from None
    except OSError as error:
        raise ForeignError(f"it cannot be opened ({error.strerror or error})") from None


def text(path: Path, most: int = MOST) -> str:
    """The UTF-8 text of a regular file, without a byte order mark. Raises ForeignError."""
    try:
        return contents(path, most).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ForeignError("its bytes are not UTF-8") from None


def json_at(path: Path, most: int = MOST) -> Any:
    """The JSON value of a file. Raises ForeignError."""
    return json_of(text(path, most))


def json_of(written: str) -> Any:
    """The JSON value of a text: finite numbers, whole characters, bounded. Raises ForeignError."""
    if sum(map(written.count, ",[{")) > VALUES:
        raise ForeignError(f"it holds more than {VALUES:,} values")
    try:
        value = json.loads(written, parse_constant=_refuse)
    except RecursionError:
        raise ForeignError(_TOO_DEEP) from None
    except ValueError as error:
        raise SyntaxFault(f"it is not JSON ({error})") from None
    verify(value)
    return value


def verify(value: object, *, finite: bool = True) -> None:
    """Whether a parsed document is safe to walk and to print. Raises ForeignError.

    Numbers that are not ``finite`` are left to whoever can name their place.
    """
    level = [value]
    for _ in range(DEPTH):
        for one in level:
            _verify_plain(one, finite)
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise ForeignError(_TOO_DEEP)


_TOO_DEEP = f"it is nested more than {DEPTH} levels deep"


def _inside(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _verify_plain(value: object, finite: bool) -> None:
    if finite and isinstance(value, float) and not math.isfinite(value):
        raise ForeignError("it holds a number that is not finite")
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ForeignError("it holds half a character (a lone surrogate)") from None


def _refuse(name: str) -> object:
    raise ForeignError(f"it holds {name}, which is no JSON")


def _verify(status: os.stat_result, most: int) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise ForeignError("it is a folder, and no file")
    if not stat.S_ISREG(status.st_mode):
        raise ForeignError("it is a device, pipe or socket, and no file")
    if status.st_size > most:
        raise ForeignError(_too_large(most))


def _too_large(most: int) -> str:
    return f"it has more than the {most:,} bytes that are read of such a file"
