"""The suite, run by pytest in this process; then the matrix and the exit status."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from conformance import data
from conformance.commands.calls import WRONG_CALL, CallError, refused
from conformance.commands.log import Log
from conformance.commands.stopping import STOPPING
from conformance.commands.telling import complain, tell
from conformance.report.matrix import print_matrix
from conformance.report.screen import Screen
from conformance.suite.conclusion import Conclusion

SUITE = data.PACKAGE / "suite"
#: Plugins of pytest that have nothing to do here and look at each case all the same.
UNUSED = ("logging", "unraisableexception", "threadexception", "doctest", "unittest", "warnings")
#: Garbage is looked for so seldom: what a run makes mostly stays, and is looked at each time.
SELDOM = (10_000, 20, 20)
#: No plugins and options of others.
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "", "PYTEST_PLUGINS": ""}


def judged(arguments: Sequence[str], out: Path, environ: Mapping[str, str] | None = None) -> int:
    """Runs the suite; what pytest says goes to ``pytest.log``, what it concludes to the screen.

    ``environ`` holds variables that are set meanwhile. Exit status: 0 every MUST passed, 1 some
    failed, 2 wrong call, 3 some not observed.
    """
    report, log = out / "report.json", out / "pytest.log"
    conclusion = Conclusion(STOPPING.open)
    report.unlink(missing_ok=True)
    STOPPING.defer()
    gc.set_threshold(*SELDOM)
    try:
        with (
            Log(log) as said,
            contextlib.redirect_stdout(said),
            _surroundings({**ALONE, **(environ or {})}),
        ):
            status = pytest.main(_arguments(arguments, out), [conclusion])
    except OSError as error:
        if conclusion.told:
            return WRONG_CALL
        return refused(CallError(f"nothing more can be written into {out}: {error.strerror}"))
    if conclusion.report is None or not report.is_file():
        _tell_why(status, log)
        return WRONG_CALL
    return _conclude(conclusion.report, report)


def _arguments(arguments: Sequence[str], out: Path) -> list[str]:
    return [
        "-c", str(SUITE / "pytest.ini"), "--rootdir", str(SUITE),
        "-p", "no:cacheprovider", "--capture=no", "--import-mode=importlib",
        "-p", "conformance.plugin", "-p", "pytest_recording.plugin",
        *(f"-pno:{name}" for name in UNUSED), f"--junitxml={out / 'junit.xml'}", *arguments,
        str(SUITE / "test_cases.py"),
    ]  # fmt: skip


@contextlib.contextmanager
def _surroundings(environ: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in environ}
    os.environ.update(environ)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _tell_why(status: int, log: Path) -> None:
    """What the suite itself has told is not told again."""
    is_told = status == pytest.ExitCode.INTERRUPTED and STOPPING.came
    if is_told or status == pytest.ExitCode.USAGE_ERROR:
        return
    none = status == pytest.ExitCode.NO_TESTS_COLLECTED
    why = ": no case is selected by -k, --area and --level" if none else ""
    complain(f"nothing was judged{why}; see {log}")


def _conclude(document: dict[str, Any], report: Path) -> int:
    if STOPPING.came and not document["footer"]["interrupted"]:
        told = "the signal came after the last verdict: the report is complete"
        complain(told)
    print_matrix(document, Screen())
    tell(f"report: {report.with_suffix('.html')}")
    exit_status: int = document["footer"]["exit_status"]
    return exit_status
