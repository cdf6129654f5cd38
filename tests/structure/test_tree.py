"""Where things stand, and how long they may be."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from conformance.data import PACKAGE
from conformance.registry import all_checks

ROOT = PACKAGE.parent
TOP = {
    ".ci", ".gitignore", ".gitattributes", ".github", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE",
    "Makefile", "README.md", "README.zh-CN.md", "cassettes", "conformance", "docs", "fixtures",
    "pyproject.toml", "schemas", "tests",
}  # fmt: skip
MOST_LINES = 300
MOST_IN_A_FUNCTION = 30


def tracked() -> list[str]:
    try:
        listed = subprocess.run(
            ["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout")
    names = [name for name in listed.stdout.decode().split("\0") if name]
    return names or pytest.skip("nothing is checked in")


def test_the_top_level_holds_only_what_belongs_there() -> None:
    assert {name.split("/")[0] for name in tracked()} <= TOP


FILES = sorted(PACKAGE.rglob("*.py"))


def test_no_file_is_too_long() -> None:
    lines = {_name(file): len(file.read_text(encoding="utf-8").splitlines()) for file in FILES}
    assert {name: n for name, n in lines.items() if n > MOST_LINES} == {}


def test_no_function_is_too_long() -> None:
    """Counted from ``def`` to its end, decorators apart."""
    lines = {name: n for file in FILES for name, n in _functions(file)}
    assert {name: n for name, n in lines.items() if n > MOST_IN_A_FUNCTION} == {}


def _name(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix()


def _functions(file: Path) -> Iterator[tuple[str, int]]:
    """Where each begins, and how many lines it has."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            yield f"{_name(file)}:{node.lineno} {node.name}", lines


#: Areas of several files. What begins with _ holds what these share, and no check.
AREAS = sorted(path.parent for path in (PACKAGE / "checks").glob("*/__init__.py"))


@pytest.mark.parametrize("area", AREAS, ids=[area.name for area in AREAS])
def test_an_area_lists_its_files_in_order(area: Path) -> None:
    """As ``all_checks`` sorts them: a new file of checks must be given its place."""
    listed = import_module(f"conformance.checks.{area.name}").ORDER
    files = [file.stem for file in area.glob("[!_]*.py")]
    assert sorted(listed) == sorted(files), f"put it into ORDER in checks/{area.name}/__init__.py"
    modules = [check.dialogue.__module__.split(".")[2:] for check in all_checks()]
    holding = {path[1] for path in modules if path[0] == area.name}
    assert set(listed) == holding, "each of them holds a check, and what begins with _ holds none"


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    """Cassettes may hold what an endpoint says; sources and documents may not."""
    place = re.compile(r"(?<![\w.{])/(?:home|root|Users|work|tmp)/\w")
    suffixes = (".py", ".md", ".toml", ".json", ".yaml", ".ini", "Makefile")
    names = [n for n in tracked() if n.endswith(suffixes) and not n.startswith("cassettes/")]
    texts = {name: (ROOT / name) for name in names if (ROOT / name).is_file()}
    found = {n for n, path in texts.items() if place.search(path.read_text(encoding="utf-8"))}
    assert found == set()
