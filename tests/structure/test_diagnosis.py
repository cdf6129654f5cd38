"""A diagnosis is small, and knows findings only: no check and no area by its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from conformance.asking.traits import DIMENSIONS
from conformance.data import PACKAGE
from conformance.model import AREAS
from conformance.registry import all_checks

FILES = sorted((PACKAGE / "diagnosis").glob("*.py"))
MOST_LINES = 600
#: Both an area and what a request may have more or less of.
BOTH = {"detail"}
IDS = [area.id for area in AREAS]


def trees() -> Iterator[tuple[str, ast.AST]]:
    for file in (*FILES, PACKAGE / "asking" / "traits.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            yield file.name, node


def strings() -> set[tuple[str, str]]:
    """File and text of every string, and of every piece of a formatted one."""
    constants = ((f, n.value) for f, n in trees() if isinstance(n, ast.Constant))
    return {(file, value) for file, value in constants if isinstance(value, str)}


def test_it_is_small() -> None:
    assert FILES
    lines = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in FILES)
    assert lines < MOST_LINES


def test_no_string_holds_the_id_of_a_check() -> None:
    ids = [check.id for check in all_checks()]
    found = {(file, text) for file, text in strings() if any(id in text for id in ids)}
    assert found == set()


def test_no_string_is_the_name_of_an_area() -> None:
    """Nor the beginning of its ids."""
    names = {*IDS, *(f"{id}/" for id in IDS)} - BOTH
    assert {(file, text) for file, text in strings() if text in names} == set()
    assert set(DIMENSIONS) & set(IDS) == BOTH


def test_ids_are_told_and_compared_and_never_taken_apart() -> None:
    found = {(f, n.attr) for f, n in trees() if isinstance(n, ast.Attribute)}
    assert "id" in {name for _, name in found}
    apart = {"area", "partition", "split", "removeprefix", "removesuffix"}
    assert {(file, name) for file, name in found if name in apart} == set()
