"""Where a command is called from decides nothing: neither what is imported, nor what is obeyed."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from conformance import data
from conformance.commands.stopping import STOPPING

#: Variables with which a folder or a shell could slip code into Python and into pytest.
OBEYED_BY_PYTHON = ("PYTHONPATH", "PYTHONSTARTUP", "PYTHONINSPECT")
#: Runs a command in a process that looks at no variable and no folder: only at these.
_START = "import sys; sys.path[:] = {path!r}; from conformance.cli import main; main()"


def prepare() -> None:
    """For a process that is a command and nothing else. Exits with 2 where it is nowhere."""
    STOPPING.install()
    if sys.flags.optimize:
        # Neither what is asserted nor what a check requires in words would be there.
        _refuse("Python is told to optimize (-O, PYTHONOPTIMIZE): call again without that")
    foreign = {os.path.realpath(entry) for entry in (_working_folder(), *_relative())}
    foreign.discard(os.path.realpath(data.PACKAGE.parent))
    sys.path[:] = [p for p in sys.path if p and os.path.realpath(p) not in foreign]
    for name in OBEYED_BY_PYTHON:
        os.environ.pop(name, None)
    # Processes of multiprocessing begin as `python -c`, which puts the working folder first.
    os.environ["PYTHONSAFEPATH"] = "1"


def lead(command: Callable[[], None]) -> None:
    """Runs a command to its end, and exits with 2 where nobody takes what it says."""
    try:
        try:
            command()
        finally:
            sys.stdout.flush()
    except OSError as error:
        # What is still in its buffer would be tried again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        with contextlib.suppress(OSError):
            _refuse(f"cannot go on: {error.strerror or error}")
        sys.exit(2)


def command_line(*arguments: str) -> list[str]:
    """A subcommand in a process of its own, with the same package and libraries as this one."""
    home = str(data.PACKAGE.parent)
    path = [p for p in sys.path if p and Path(p).is_absolute()]
    path = path if home in path else [home, *path]
    return [sys.executable, "-I", "-c", _START.format(path=path), *arguments]


def _working_folder() -> str:
    try:
        return str(Path.cwd())
    except OSError:
        _refuse("the working folder does not exist any more: change to another and call again")


def _refuse(sentence: str) -> NoReturn:
    print(f"vision-conformance: {sentence}", file=sys.stderr)
    sys.exit(2)


def _relative() -> list[str]:
    """What PYTHONPATH names by where one stands. An absolute path was meant, and stays."""
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return [entry for entry in named if entry and not Path(entry).is_absolute()]
