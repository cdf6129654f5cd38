"""Texts of strangers reach each medium through one function, which makes them harmless there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from conformance.data import PACKAGE

#: What puts something before somebody's eyes or into a file, and which files may call it: the doors
#: themselves, what pytest needs beside its own, what is said before anything is imported, the table
#: of our checks, and the generators of committed files.
CALLERS: dict[str, set[str]] = {
    # The terminal.
    "print": {
        "commands/surroundings.py",
        "suite/conftest.py",
        "drawing/__main__.py",
        "fingerprint/simulate.py",
    },
    "click.echo": {"commands/telling.py", "commands/catalogue.py"},
    "click.secho": set(),
    "Console": set(),
    "Screen": {
        "commands/catalogue.py",
        "commands/comparing.py",
        "commands/fingerprinting.py",
        "commands/planning.py",
        "commands/verdict.py",
        "suite/conftest.py",
        "suite/progress.py",
    },
    "Text.from_markup": set(),
    "Text.from_ansi": set(),
    "traceback.print_exc": set(),
    "traceback.print_exception": set(),
    "warnings.warn": set(),
    "sys.stdout.write": set(),
    "sys.stderr.write": set(),
    "os.write": {"commands/stopping.py", "recording/cassette.py"},
    "terminalreporter.write": {"suite/conftest.py"},
    "terminalreporter.write_line": set(),
    # What pytest says, and JUnit's XML.
    "pytest.fail": {"suite/conftest.py", "suite/test_cases.py"},
    "pytest.skip": {"suite/test_cases.py"},
    "pytest.exit": {"suite/conftest.py"},
    "record": {"suite/conftest.py"},
    "item.user_properties.append": {"suite/conftest.py"},
    # HTML and SVG.
    "Markup": {"report/text.py", "report/html.py", "report/billchart.py"},
    "Environment": {"report/html.py"},
    # A shell.
    "shlex.quote": {"report/curl.py"},
    "shlex.join": set(),
}
#: What makes a text fit for a terminal, pytest's output or JUnit's XML.
MAKERS = {"visible", "unbroken", "line", "failure", "skip_reason", "unobserved"}
#: Files that write files of their own making, and what these are.
WRITERS = {
    "asgi/guard.py": "HTTP",
    "commands/fingerprinting.py": "SVG",
    "commands/in_use.py": "a lock",
    "commands/log.py": "what pytest says",
    "commands/proving.py": "Markdown about our faults",
    "drawing/shelf.py": "pictures",
    "drawing/write.py": "pictures",
    "fingerprint/simulate.py": "Markdown about our rules",
    "host/sites.py": "pictures",
    "outlets.py": "what others have made, looked at for secrets",
    "recording/cassette.py": "YAML",
    "recording/origin.py": "JSON",
    "report/jsonfile.py": "JSON",
    "session/reports.py": "HTML",
}
_MODES = {"w", "wb", "a", "ab", "x", "xb", "r+", "r+b"}


Called = tuple[str, str, ast.Call]


@cache
def calls() -> list[Called]:
    """Each call of the package: its file, what is called, and the call."""
    files = ((file.relative_to(PACKAGE).as_posix(), file) for file in sorted(PACKAGE.rglob("*.py")))
    return [c for name, file in files for c in calls_in(name, file.read_text(encoding="utf-8"))]


def calls_in(name: str, source: str) -> list[Called]:
    nodes = ast.walk(ast.parse(source))
    return [(name, ast.unparse(node.func), node) for node in nodes if isinstance(node, ast.Call)]


@pytest.mark.parametrize("function", CALLERS)
def test_each_way_out_has_its_callers(function: str) -> None:
    assert {file for file, called, _ in calls() if called == function} == CALLERS[function]


def test_nothing_logs() -> None:
    sources = {f: f.read_text(encoding="utf-8") for f in PACKAGE.rglob("*.py")}
    assert not [f for f, s in sources.items() if re.search(r"^\s*(import|from) logging", s, re.M)]


def test_the_screen_takes_no_markup() -> None:
    """``Screen`` itself says so once, and nobody asks for it elsewhere."""
    asked = ("markup", "highlight", "emoji")
    named = [(file, k.arg) for file, _, call in calls() for k in call.keywords if k.arg in asked]
    assert sorted(named) == [("report/screen.py", name) for name in sorted(asked)]


def said() -> Iterator[tuple[str, ast.expr]]:
    """What the suite says where pytest, a terminal or JUnit's XML shows it."""
    ways = (
        "print",
        "pytest.fail",
        "pytest.skip",
        "pytest.exit",
        "record",
        "terminalreporter.write",
    )
    for file, called, call in calls():
        if file.startswith("suite/") and called in ways:
            yield file, call.args[-1]
        elif called == "item.user_properties.append":
            assert isinstance(call.args[0], ast.Tuple)
            yield file, call.args[0].elts[-1]


#: What was made before: the sentence that ended a run, and what a screen has drawn.
MADE = {"sentence", "text.getvalue()"}


def test_what_the_suite_says_was_made_fit() -> None:
    for file, shown in said():
        is_ours = isinstance(shown, ast.Constant) or ast.unparse(shown) in MADE
        is_made = isinstance(shown, ast.Call) and ast.unparse(shown.func) in MAKERS
        assert is_ours or is_made, f"{file}: {ast.unparse(shown)}"


_WRITTEN = {"write_text", "write_bytes", "writelines"}
_HANDLES = {"file.write", "self._file.write", "self.transport.write", "outlets.write"}


def writers() -> Iterator[str]:
    for file, called, call in calls():
        method = called.rpartition(".")[2]
        modes = {a.value for a in call.args if isinstance(a, ast.Constant)} & _MODES
        is_empty = [ast.unparse(arg) for arg in call.args] == ["''"]
        if (
            (method in _WRITTEN and not is_empty)
            or called in _HANDLES
            or (method == "open" and modes)
        ):
            yield file


def test_files_are_written_by_few() -> None:
    assert set(writers()) == set(WRITERS)


TEMPLATES = sorted((PACKAGE / "report" / "templates").glob("*.html"))
#: Names within attributes and styles: numbers, names of ours, and data of pictures that we drew.
OURS = re.compile(
    r"^(tile\.(css|width|height|data_url)|counts|number|verdict|level|labels\[verdict\]"
    r"|anchor|share\.(red|green)|(s|f|bill|row|share)\.(tone|anchor|verdict|level)"
    r"|f\.(statement|table|blocker|spec\.url)|e\.(same_as|anchor)|overall\.verdict"
    r"|(card|section)\.standing\.verdict|section\.area|'area-' ~ card\.area .*)$"
)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_pages_leave_escaping_to_one_function(template: Path) -> None:
    """Each text between braces goes through it; in an attribute stands nothing of strangers."""
    page = template.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe|autoescape|\bMarkup\b", page)
    for attribute in re.findall(r'="([^"]*\{\{[^"]*)"', page):
        for name in re.findall(r"\{\{ ?(.*?) ?\}\}", attribute):
            assert OURS.match(name) or name.endswith("| visible"), name


@pytest.mark.parametrize(
    ("source", "function"),
    [
        ("def f(x):\n    print(f'{x}')", "print"),
        ("def f(x):\n    return Console(file=x).print(x)", "Console"),
        ("class A:\n    b = Markup(c)", "Markup"),
        ("try:\n    f()\nexcept ValueError:\n    traceback.print_exc()", "traceback.print_exc"),
    ],
)
def test_a_bypass_is_found(source: str, function: str) -> None:
    """The other way round: such a call in a file that has none is one too many."""
    found = {called for _, called, _ in calls_in("commands/new.py", source)}
    assert function in found
    assert "commands/new.py" not in CALLERS[function]
