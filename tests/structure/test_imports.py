"""Imports point one way, and each outside library has one front door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from conformance.data import PACKAGE

#: What imports nothing of ours.
WORDS = frozenset(
    {
        "ability", "symptom", "data", "redact", "sampling", "codes", "order", "prompts", "serving",
        "places", "inprocess", "plugin",
    }
)  # fmt: skip
#: What is known of pictures, requests and replies, whoever asks; and of its own kind, what it uses.
GROUND = WORDS - {"plugin", "inprocess"} | {
    "model", "wire", "trouble", "answers", "traits", "sources", "leaks", "sdk", "contract",
    "corpus", "tokens", "drawing", "target",
}  # fmt: skip
#: How probes become exchanges, and exchanges findings. Knows nothing of what is asked, or why.
RUNNING = frozenset(
    {
        "client", "host", "engine", "verdicts", "background", "cassettes", "senders", "recording",
        "patience", "pulse",
    }
)  # fmt: skip
#: What dialogues are made of, and what the model can do.
ASKING = frozenset({"dialogue", "scripts", "abilities", "ceiling"})
#: What is asked before a run, so that a wrong call ends with one sentence.
CALLS = frozenset({"gatekeepers", "wrongcalls", "preflight", "hostcheck"})
ANYTHING = (
    GROUND
    | RUNNING
    | ASKING
    | CALLS
    | {"registry", "checks", "report", "reference", "fingerprint", "diagnosis"}
)

#: What each part of the package may import, itself apart.
MAY_IMPORT: dict[str, frozenset[str]] = {
    **dict.fromkeys(GROUND - WORDS, GROUND),
    **dict.fromkeys(WORDS, frozenset()),
    **dict.fromkeys(RUNNING, GROUND | RUNNING),
    **dict.fromkeys(ASKING, GROUND | ASKING),
    "model": frozenset({"ability", "symptom"}),
    "wire": frozenset({"model"}),
    "traits": frozenset({"model"}),
    "checks": GROUND | ASKING | {"registry"},
    "registry": frozenset({"ability", "model", "checks"}),
    "diagnosis": frozenset({"ability", "symptom", "model", "wire", "answers", "traits"}),
    "report": frozenset({"ability", "symptom", "model", "diagnosis", "tokens"}),
    "reference": GROUND,
    "fingerprint": GROUND | {"dialogue"},
    **dict.fromkeys(CALLS, GROUND | CALLS | {"dialogue", "patience"}),
    "hostcheck": GROUND | CALLS | {"dialogue", "client"},
    "rehearsal": GROUND | RUNNING | ASKING | {"reference", "inprocess"},
    "session": ANYTHING - {"checks", "registry", "reference"},
    "suite": ANYTHING - {"checks", "reference"} | {"session"},
    "commands": ANYTHING - {"checks"} | {"suite", "rehearsal", "session"},
    "cli": frozenset({"commands"}),
}

#: Files that may import an outside library.
FRONT_DOORS: dict[str, set[str]] = {
    "httpx": {
        "client.py",
        "hostcheck.py",
        "inprocess.py",
        "rehearsal.py",
        "reference/addresses.py",
        # Only to be handed a transport.
        "reference/endpoint.py",
    },
    "vcr": {"cassettes.py"},
    "yaml": {"cassettes.py"},
    "jsonschema": {"contract.py"},
    "aiolimiter": {"senders.py"},
    "jinja2": {"report/html.py"},
    "uvicorn": {"serving.py", "host/protocol.py"},
    "requests": set(),
    "openai": {"sdk.py"},
}
#: Folders and files that may import pytest.
PYTEST = ("suite/", "plugin.py")


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


def test_running_knows_nothing_of_what_is_asked() -> None:
    asking = ASKING | CALLS | {"checks", "registry"}
    assert {(one, other) for one, other in inner() if one in RUNNING and other in asking} == set()


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
    asking = ("checks/", "dialogue.py", "scripts.py", "abilities.py")
    found = {(f, n) for f, n in imports() if f.startswith(asking)}
    # A code of the suite's own is drawn from its name: the same in every run.
    found -= {("abilities.py", "random")}
    assert {(file, name) for file, name in found if name.split(".")[0] in unwanted} == set()
