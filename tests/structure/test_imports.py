"""Imports point one way, and each outside library has one front door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from conformance.data import PACKAGE

#: What each room may import, itself apart; the halls' own modules (``cli.py`` …) count as rooms.
MAY_IMPORT: dict[str, set[str]] = {
    # Nouns and what stands alone.
    "data": set(),
    "foreign": set(),
    "spelled": set(),
    "redact": {"spelled"},
    "outlets": {"redact"},
    "asgi": set(),
    "model": set(),
    # What is known of pictures, bytes and prices, whoever asks.
    "drawing": {"foreign", "outlets", "model"},
    "wire": {"data", "redact", "model"},
    "tokens": {"model"},
    "target": {"foreign", "outlets", "model", "wire", "tokens"},
    # What is asked, and what is made of the answer.
    "asking": {"model", "drawing"},
    "judging": {"redact", "model", "drawing", "wire", "tokens", "asking"},
    "controls": {"model", "drawing", "wire", "asking", "judging"},
    "checks": {"model", "drawing", "wire", "tokens", "asking", "judging", "controls", "registry"},
    "registry": {"model", "checks"},
    # How requests become exchanges, and dialogues findings.
    "host": {"redact", "asgi", "model", "drawing", "wire"},
    "running": {"redact", "model", "wire", "judging"},
    "recording": {"redact", "foreign", "outlets", "model", "wire", "running"},
    "preflight": {"model", "wire", "asking", "judging", "running"},
    # What findings say.
    "diagnosis": {"model", "wire", "asking", "judging"},
    "report": {"foreign", "outlets", "model", "tokens", "diagnosis"},
    "fingerprint": {"model", "drawing", "tokens", "asking"},
    # The other end, and the proof.
    "reference": {"model", "drawing", "wire", "tokens"},
    "proving": {
        "data", "redact", "asgi", "model", "drawing", "wire", "asking", "controls", "registry",
        "host", "running", "recording", "diagnosis", "reference", "session",
    },
    # Everything put together.
    "session": {
        "data", "redact", "outlets", "model", "drawing", "wire", "tokens", "target", "asking",
        "judging", "controls", "host", "running", "recording", "preflight", "report", "fingerprint",
    },
    "plugin": {"model"},
    "suite": {
        "outlets", "model", "drawing", "target", "registry", "host", "running", "recording",
        "preflight", "report", "session",
    },
    "commands": {
        "data", "redact", "outlets", "asgi", "model", "drawing", "wire", "tokens", "target",
        "judging", "registry", "host", "running", "recording", "report", "fingerprint", "reference",
        "proving", "session", "suite",
    },
    "cli": {"commands", "outlets"},
    "entry": {"commands", "cli"},
}  # fmt: skip

#: Files that may import an outside library.
FRONT_DOORS: dict[str, set[str]] = {
    "httpx": {
        "running/received.py",
        "running/client.py",
        "running/failures.py",
        "running/pools.py",
        "preflight/hostcheck.py",
        "asgi/inprocess.py",
        "proving/rehearsal.py",
        "reference/addresses.py",
        # Only to be handed a transport.
        "reference/endpoint.py",
    },
    "vcr": set(),
    "yaml": set(),
    "jsonschema": {"wire/contract.py"},
    "jinja2": {"report/html.py"},
    "uvicorn": {"asgi/serving.py", "asgi/guard.py"},
    "requests": set(),
    "openai": {"judging/sdk.py"},
}
#: Folders and files that may import pytest.
PYTEST = ("suite/", "plugin.py", "commands/verdict.py")


@cache
def imports() -> list[tuple[str, str]]:
    """File below the package and module imported, wherever the import stands."""
    files = sorted(PACKAGE.rglob("*.py"))
    return [(f.relative_to(PACKAGE).as_posix(), name) for f in files for name in _names(f)]


def _names(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part(file: str) -> str:
    return file.split("/")[0].removesuffix(".py")


def inner() -> set[tuple[str, str]]:
    """Pairs of parts of the package: who imports whom."""
    ours = [(file, name.split(".")) for file, name in imports() if name.startswith("conformance.")]
    return {(part(file), names[1]) for file, names in ours if part(file) != names[1]}


@pytest.mark.parametrize("importer", sorted({importer for importer, _ in inner()}))
def test_imports_point_one_way(importer: str) -> None:
    found = {imported for one, imported in inner() if one == importer}
    assert importer in MAY_IMPORT, f"say in this file what {importer} may import"
    assert found <= MAY_IMPORT[importer]


def test_the_rules_are_about_parts_that_exist() -> None:
    parts = {part(path.relative_to(PACKAGE).as_posix()) for path in PACKAGE.rglob("*.py")}
    assert set(MAY_IMPORT) | {"__init__"} == parts


def test_there_are_no_rings() -> None:
    """Checks register themselves where they are found: the one ring that is wanted."""
    below: dict[str, set[str]] = {}
    for importer, imported in inner() - {("registry", "checks")}:
        below.setdefault(importer, set()).add(imported)
    assert tuple(TopologicalSorter(below).static_order())


@pytest.mark.parametrize("library", FRONT_DOORS)
def test_each_library_has_its_front_doors(library: str) -> None:
    found = {file for file, name in imports() if name.split(".")[0] == library}
    unwanted = found - FRONT_DOORS[library]
    assert {f for f in unwanted if not f.startswith("reference/faults/")} == set()
    # A fault may do worse things with what the reference endpoint itself uses.
    assert library == "httpx" or not unwanted


def test_pytest_is_for_the_suite_alone() -> None:
    found = {file for file, name in imports() if name.split(".")[0] in ("pytest", "_pytest")}
    assert found
    assert all(file.startswith(PYTEST) for file in found)


def test_checks_do_nothing_but_ask() -> None:
    """A dialogue that reads a clock, a file or a socket judges a cassette otherwise."""
    unwanted = {"os", "time", "datetime", "random", "secrets", "socket", "asyncio", "pathlib"}
    asking = ("checks/", "asking/", "judging/", "controls/")
    found = {(f, n) for f, n in imports() if f.startswith(asking)}
    # A code of the suite's own is drawn from its name: the same in every run.
    found -= {("controls/words.py", "random")}
    assert {(file, name) for file, name in found if name.split(".")[0] in unwanted} == set()
