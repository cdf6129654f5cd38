"""The documents: generated where they say so, alike in both languages, true in what they name."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

from conformance import plugin, target
from conformance.cli import main
from conformance.data import PACKAGE
from conformance.model import AREAS, Ability, Claim, Reason, Symptom, Verdict, area_named
from conformance.reference.fault import all_faults, fault_named
from conformance.registry import all_checks
from conformance.tokens.rules import RULES
from conformance.wire import contract

ROOT = PACKAGE.parent
DOCS = ROOT / "docs"
#: All but the history, which may name what is gone.
PAGES = [*sorted({*ROOT.glob("*.md")} - {ROOT / "CHANGELOG.md"}), *sorted(DOCS.glob("*.md"))]
TRANSLATED = [page for page in PAGES if page.name.endswith(".zh-CN.md")]
MOST_BYTES = 12_000

FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.M | re.S)
SPAN = re.compile(r"`([^`]+)`")
LINK = re.compile(r"(?<!\\)\[[^\]]*\]\(<?([^)>\s]+)>?\)")
COMMAND = re.compile(r"(?:^|[\s/])vision-conformance ([a-z]+\b.*)")
#: What ends a command within a line of the shell.
ENDS = {"&", "|", "||", "&&", ">", "2>&1", "#"}
#: A file of this repository; one below ``conformance`` may be named from there.
FILE = re.compile(r"[\w.*/-]+/[\w.*-]+\.(?:py|toml|json|md|ini|svg)")

every_page = pytest.mark.parametrize(
    "page", PAGES, ids=[p.relative_to(ROOT).as_posix() for p in PAGES]
)


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, language: str = "") -> list[str]:
    """What stands between fences, of one language or of all."""
    found = FENCE.findall(text_of(page))
    return [block for name, block in found if not language or name == language]


def prose(page: Path) -> str:
    return FENCE.sub("", text_of(page))


def spans(page: Path) -> list[str]:
    """Pieces of code in sentences and tables."""
    return [" ".join(span.split()) for span in SPAN.findall(prose(page))]


# ---------------------------------------------------------------- as a whole


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """``tests/readme.py``."""
    spec = importlib.util.spec_from_file_location("readme", ROOT / "tests" / "readme.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def test_what_is_generated_is_up_to_date(script: ModuleType) -> None:
    stale = [page.name for page, text in script.generated() if text_of(page) != text]
    assert not stale, "run `make readme`"
    assert text_of(script.CHECKS).count("\n| `") == len(all_checks())


def test_the_readme_is_short() -> None:
    assert (ROOT / "README.md").stat().st_size < MOST_BYTES


@every_page
def test_lines_are_short(page: Path) -> None:
    """Tables and pictures apart, and what a command prints. Chinese is not broken into lines."""
    if page in TRANSLATED:
        return
    long = [line for line in prose(page).splitlines() if len(line) > 100]
    assert [line for line in long if not line.startswith(("|", "!["))] == []


# ---------------------------------------------------------------- two languages


def levels(page: Path) -> list[str]:
    return re.findall(r"^(#+) ", prose(page), re.M)


@pytest.mark.parametrize("chinese", TRANSLATED, ids=[page.name for page in TRANSLATED])
def test_a_translation_is_a_twin(chinese: Path) -> None:
    """The same headings, rows of tables at least, commands and pictures; each names the other."""
    english = chinese.with_name(chinese.name.replace(".zh-CN", ""))
    assert f"({chinese.name})" in text_of(english)
    assert f"({english.name})" in text_of(chinese)
    assert levels(chinese) == levels(english)
    assert said(chinese) == said(english)
    known = {link.partition("#")[0] for link in LINK.findall(text_of(english))}
    own = {link.partition("#")[0].replace(".zh-CN", "") for link in LINK.findall(text_of(chinese))}
    assert own >= known - {chinese.name}


def said(page: Path) -> list[str]:
    """What is typed at a terminal, comments apart."""
    lines = "\n".join(blocks(page, "console")).splitlines()
    return [line.partition("  #")[0].strip() for line in lines if line.startswith("$ ")]


# ---------------------------------------------------------------- links and files


def slug(heading: str) -> str:
    """The anchor that GitHub gives to a heading."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
    return re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {slug(heading) for heading in re.findall(r"^#+ (.+)$", prose(page), re.M)}


@every_page
def test_links_lead_somewhere(page: Path) -> None:
    astray = []
    for link in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        found = (page.parent / name).resolve() if name else page
        known = anchors(found) if anchor and found.suffix == ".md" and found.is_file() else {anchor}
        if not found.exists() or anchor not in known:
            astray.append(link)
    assert astray == []


@every_page
def test_files_that_are_named_exist(page: Path) -> None:
    tops = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"out"}
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir()}
    names = [span for span in spans(page) if FILE.fullmatch(span)]
    here = [name for name in names if name.split("/")[0] in tops]
    inside = [name for name in names if name.split("/")[0] in rooms - tops]
    assert [name for name in here if not any(ROOT.glob(name))] == []
    assert [name for name in inside if not any(PACKAGE.glob(name))] == []


# ---------------------------------------------------------------- commands


def commands(page: Path) -> Iterator[list[str]]:
    """The words after ``vision-conformance``, wherever it is called."""
    lines = [line for block in blocks(page) for line in block.replace("\\\n", " ").splitlines()]
    for line in (*lines, *spans(page)):
        for called in COMMAND.findall(line):
            words = shlex.split(called, comments=True)
            end = next((n for n, word in enumerate(words) if word in ENDS), len(words))
            yield words[:end]


@every_page
def test_commands_can_be_called(page: Path) -> None:
    for name, *arguments in commands(page):
        if not arguments:
            assert name in main.commands
            continue
        given: Mapping[str, Any] = main.commands[name].make_context(name, arguments).params
        for area in given.get("area", ()):
            area_named(area)
        named = given.get("faults", ()) if name == "prove" else ()
        for fault in (*given.get("fault", ()), *named):
            # On its way through the example, which is not in the suite.
            if fault != "drops-pictures-of-named-messages":
                fault_named(fault)


@every_page
def test_options_of_the_plugin_exist(page: Path) -> None:
    class Options(set[str]):
        def getgroup(self, *_: str) -> Options:
            return self

        def addoption(self, name: str, **_: object) -> None:
            self.add(name)

    known = Options()
    plugin.pytest_addoption(known)  # type: ignore[arg-type]
    assert set(re.findall(r"--conformance-[a-z-]+", text_of(page))) <= known


@every_page
def test_targets_of_make_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(VENV)", ".venv")
    rules = re.findall(r"^([\w./-]+):", makefile, re.M)
    lines = [line for block in blocks(page, "console") for line in block.splitlines()]
    called = [line.removeprefix("$ ") for line in lines] + spans(page)
    found = {call.split()[1] for call in called if call.startswith("make ")}
    assert found <= set(rules)


# ---------------------------------------------------------------- names


@every_page
def test_checks_that_are_named_exist(page: Path) -> None:
    ids = {check.id for check in all_checks()} | {"parameters/message-with-a-name"}
    areas = {area.id for area in AREAS}
    named = {span.partition("[")[0] for span in spans(page) if span.split("/")[0] in areas}
    assert {name for name in named if re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", name)} <= ids


def keys() -> Iterator[str]:
    """Every key of the target file, as people write about it."""
    for key, rule in contract.schema("target")["properties"].items():
        yield from (f"{key}.{member}" for member in rule.get("properties", ()))
        if "properties" not in rule:
            yield key


def options(command: str) -> list[str]:
    found = [p.opts[0] for p in main.commands[command].params if isinstance(p, click.Option)]
    return [option for option in found if option != "--help"]


#: What a page must not leave out.
COMPLETE = {
    "README.zh-CN.md": [*keys()],
    "docs/target-file.md": [key.removeprefix("claims.") for key in keys()],
    "docs/verdicts.md": [*Reason, *Ability, *Symptom],
    "docs/commands.md": [*options("run")],
    "docs/architecture.md": [p.name for p in PACKAGE.iterdir() if (p / "__init__.py").is_file()],
}


@pytest.mark.parametrize("name", COMPLETE)
def test_nothing_is_left_out(name: str) -> None:
    told = {word.strip("[]") for span in spans(ROOT / name) for word in (span, *span.split())}
    assert [str(wanted) for wanted in COMPLETE[name] if wanted not in told] == []


def test_every_verdict_and_command_has_its_words() -> None:
    verdicts = text_of(DOCS / "verdicts.md").lower()
    assert all(f"**{verdict.replace('-', ' ')}.**" in verdicts for verdict in Verdict)
    listed = {span.split()[0] for span in spans(DOCS / "commands.md")}
    assert set(main.commands) <= listed
    assert {claim.value for claim in Claim} <= set(spans(DOCS / "target-file.md"))


def test_every_page_is_in_both_lists() -> None:
    pages = {page.name for page in DOCS.glob("*.md")} - {"README.md"} - {p.name for p in TRANSLATED}
    assert pages <= set(LINK.findall(text_of(DOCS / "README.md")))
    for readme in ("README.md", "README.zh-CN.md"):
        linked = {link.replace(".zh-CN", "") for link in LINK.findall(text_of(ROOT / readme))}
        assert {f"docs/{name}" for name in pages} <= linked


def test_numbers_that_are_said_are_so() -> None:
    assert f"{len(RULES)} rules and estimators" in text_of(DOCS / "bill.md")
    assert f"{len(RULES)} 种规则" in text_of(DOCS / "bill.zh-CN.md")
    assert "drops-pictures-of-named-messages" not in all_faults()


# ---------------------------------------------------------------- examples


@every_page
def test_target_files_can_be_read(page: Path, tmp_path: Path) -> None:
    given = {"base_url": "http://127.0.0.1:1/v1", "model": "gpt-4o"}
    for number, block in enumerate(blocks(page, "toml")):
        file = tmp_path / f"{number}.toml"
        file.write_text(block, encoding="utf-8")
        assert target.load(file, overrides=given, environ={"PORTKEY_KEY": "pk-example"})


@every_page
def test_python_can_be_read(page: Path) -> None:
    for block in blocks(page, "python"):
        compile(block, page.name, "exec")


#: The example of CONTRIBUTING.md, put where it says, and played.
PLAYED = """
import asyncio, sys
from conformance import data
from conformance.checks import parameters as checks
from conformance.drawing import corpus
from conformance.model import canonical, cases_of
from conformance.proving.rehearsal import rehearse
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import all_faults
from conformance.reference.faults import parameters as faults
from conformance.registry import all_checks
from conformance.wire.jsontext import items_at

exec(sys.argv[1], vars(checks) | {"canonical": canonical})
exec(sys.argv[2], vars(faults) | {"items_at": items_at})
wanted = [check for check in all_checks() if check.id == "parameters/message-with-a-name"]
fault = all_faults()["drops-pictures-of-named-messages"]
for make in (Endpoint, fault.make):
    played = rehearse(cases_of(wanted), corpus.load(data.folder("fixtures")), make)
    for found in asyncio.run(played):
        print(found.verdict, found.symptom)
"""


def test_the_example_of_a_check_and_its_fault_works() -> None:
    examples = blocks(ROOT / "CONTRIBUTING.md", "python")
    check = next(block for block in examples if block.startswith("@check"))
    fault = next(block for block in examples if block.startswith("@fault"))
    command = [sys.executable, "-c", PLAYED, check, fault]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert told.stdout.splitlines() == ["passed None", "failed not-read"], told.stderr
