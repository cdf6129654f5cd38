"""Files as nobody should make them, and somebody does."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

Make = Callable[[Path], object]


def _socket(path: Path) -> None:
    # Bound by its bare name: the path of a socket may have a hundred bytes at most.
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as sock:
            sock.bind(path.name)
    finally:
        os.chdir(here)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2**30)


#: How to put something odd at a path where nothing is.
ODD: dict[str, Make] = {
    "a pipe": os.mkfifo,
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a folder": Path.mkdir,
    "a socket": _socket,
    "a gigabyte": _sparse,
    "a loop": lambda path: path.symlink_to(path.name),
    "a link to nothing": lambda path: path.symlink_to("gone"),
    "empty": lambda path: path.write_bytes(b""),
    "not UTF-8": lambda path: path.write_bytes(b'{"a": "\xff\xfe"}'),
    "UTF-16": lambda path: path.write_text("{}", encoding="utf-16"),
    "NULs": lambda path: path.write_bytes(bytes(1000)),
    "lists in lists": lambda path: path.write_text("[" * 50_000 + "]" * 50_000),
    "objects in objects": lambda path: path.write_text('{"a":' * 50_000 + "1" + "}" * 50_000),
    "500 levels": lambda path: path.write_text("[" * 500 + "]" * 500),
    "dotted keys": lambda path: path.write_text("a" + ".a" * 40_000 + " = 1\n"),
    "many values": lambda path: path.write_text("[" + "[]," * 3_000_000 + "1]"),
    "NaN": lambda path: path.write_text('{"format": NaN}'),
    "infinity": lambda path: path.write_text('{"format": 1e999}'),
    "half a character": lambda path: path.write_text('{"header": "\\ud800"}'),
    "a long number": lambda path: path.write_text('{"format": ' + "9" * 100_000 + "}"),
    "null": lambda path: path.write_text("null"),
    "a list": lambda path: path.write_text("[]"),
    "an empty object": lambda path: path.write_text("{}"),
}
