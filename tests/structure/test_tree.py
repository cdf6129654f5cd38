"""Where things stand, and how long they may be."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from conformance.data import PACKAGE

ROOT = PACKAGE.parent
TOP = {
    ".ci", ".gitignore", ".gitattributes", ".github", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE",
    "Makefile", "README.md", "README.zh-CN.md", "cassettes", "conformance", "fixtures",
    "pyproject.toml", "schemas", "tests",
}  # fmt: skip
MOST_LINES = 400
#: The nouns stand together, so that they can be read in one go; so do questions and judgements, and
#: the largest areas. They are to be divided when the modules get folders of their own.
LONGER = {
    "model.py": 675,
    "dialogue.py": 550,
    "checks/base64.py": 455,
    "checks/history.py": 415,
    "checks/multi_image.py": 415,
    "checks/tools.py": 440,
    "checks/url.py": 445,
    "checks/usage.py": 450,
    "reference/faults/history.py": 405,
    "reference/faults/usage.py": 405,
}


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


@pytest.mark.parametrize(
    "file", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.relative_to(PACKAGE).as_posix()
)
def test_no_file_is_too_long(file: Path) -> None:
    name = file.relative_to(PACKAGE).as_posix()
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGER.get(name, MOST_LINES)


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    """Cassettes may hold what an endpoint says; sources and documents may not."""
    place = re.compile(r"(?<![\w.{])/(?:home|root|Users|work|tmp)/\w")
    suffixes = (".py", ".md", ".toml", ".json", ".yaml", ".ini", "Makefile")
    names = [n for n in tracked() if n.endswith(suffixes) and not n.startswith("cassettes/")]
    texts = {name: (ROOT / name) for name in names if (ROOT / name).is_file()}
    found = {n for n, path in texts.items() if place.search(path.read_text(encoding="utf-8"))}
    assert found == set()
