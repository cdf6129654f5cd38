"""What is said on the terminal goes through one door, which makes it visible."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from conformance.data import PACKAGE

#: Files that may write to the terminal themselves: the door, what pytest needs beside its own,
#: what is said before anything is imported, the table of our checks, and the generators of
#: committed files.
DOORS = {
    "commands/telling.py",
    "commands/catalogue.py",
    "commands/surroundings.py",
    "suite/conftest.py",
    "drawing/__main__.py",
    "fingerprint/simulate.py",
}
WRITERS = {"print", "echo", "secho"}


def writers() -> Iterator[str]:
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            plain = called.id if isinstance(called, ast.Name) else ""
            if isinstance(called, ast.Attribute) and ast.unparse(called.value) == "click":
                plain = called.attr
            if plain in WRITERS:
                yield file.relative_to(PACKAGE).as_posix()


def test_nothing_else_writes_sentences() -> None:
    assert set(writers()) == DOORS
