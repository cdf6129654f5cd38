"""Where the command is called from decides nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conformance.data import PACKAGE
from tests import traps

#: As the installed command begins: from a file elsewhere.
START = f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r})\n" + (
    "from conformance.entry import main\nif __name__ == '__main__':\n    main()\n"
)


def call(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    program = folder.parent / "bin" / "vision-conformance"
    program.parent.mkdir(exist_ok=True)
    program.write_text(START)
    return subprocess.run(
        [sys.executable, str(program), *arguments],
        cwd=folder,
        env=traps.environ(**environ),
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "theirs"
    place.mkdir()
    return place


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "--reference", "-k", "url/plain"),
        pytest.param(("prove", "drops-url-pictures"), marks=pytest.mark.long),
        pytest.param(("plan",), marks=pytest.mark.slow),
    ],
    ids=lambda value: value[0],
)
def test_nothing_of_the_working_folder_is_executed(
    folder: Path, arguments: tuple[str, ...]
) -> None:
    mark = traps.lay(folder)
    ended = call(folder, *arguments)
    assert ended.returncode == 0, ended.stderr
    assert not mark.exists(), mark.read_text()


def test_a_working_folder_that_is_gone(folder: Path) -> None:
    program = folder.parent / "gone"
    program.write_text(START)
    code = f"import os; os.rmdir({str(folder)!r}); os.execv({sys.executable!r}, " + (
        f"[{sys.executable!r}, {str(program)!r}, 'list'])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=traps.environ(),
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith("vision-conformance: the working folder does not exist any more")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("level", ["1", "2"])
def test_python_that_leaves_out_what_is_asserted(tmp_path: Path, level: str) -> None:
    ended = call(tmp_path, "list", PYTHONOPTIMIZE=level)
    assert ended.returncode == 2
    assert ended.stderr == (
        "vision-conformance: Python is told to optimize (-O, PYTHONOPTIMIZE): call again without "
        "that\n"
    )
