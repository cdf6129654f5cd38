"""The suite in a process of its own, run by pytest; then the matrix and the exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from conformance import data
from conformance.commands.calls import WRONG_CALL, refused

SUITE = data.PACKAGE / "suite"
#: pytest's exit status where no test was collected.
NONE_SELECTED = 5
#: Plugins of pytest that have nothing to do here and look at each case all the same.
UNUSED = ("logging", "unraisableexception", "threadexception", "doctest", "unittest", "warnings")


def judged(arguments: Sequence[str], out: Path, environ: Mapping[str, str]) -> int:
    """Runs the suite; what pytest says goes to ``pytest.log``, what it concludes to the screen.

    Exit status: 0 every MUST passed, 1 some failed, 2 wrong call, 3 some not observed.
    """
    report = out / "report.json"
    report.unlink(missing_ok=True)
    log = out / "pytest.log"
    with log.open("w", encoding="utf-8") as stdout:
        child = subprocess.Popen(_command(arguments, out), stdout=stdout, env=_environment(environ))
        status = _wait(child)
    return _conclude(status, report, log)


def _command(arguments: Sequence[str], out: Path) -> list[str]:
    return [
        sys.executable, "-m", "pytest", "-c", str(SUITE / "pytest.ini"),
        "--rootdir", str(SUITE), "-p", "no:cacheprovider", "--capture=no",
        "-p", "conformance.plugin", "-p", "pytest_recording.plugin",
        *(f"-pno:{name}" for name in UNUSED), f"--junitxml={out / 'junit.xml'}", *arguments,
        str(SUITE / "test_cases.py"),
    ]  # fmt: skip


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Without plugins of others, and so that the child finds the package as this process did."""
    made = {name: value for name, value in environ.items() if name != "PYTEST_ADDOPTS"}
    path = filter(None, [str(data.PACKAGE.parent), made.get("PYTHONPATH", "")])
    return made | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": os.pathsep.join(path)}


def _wait(child: subprocess.Popen[bytes]) -> int:
    """Waits for the child, which on Ctrl-C still writes its report."""
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            click.echo("interrupted; writing the report of what was done …", err=True)


def _conclude(status: int, report: Path, log: Path) -> int:
    # Imported here: the child begins sooner.
    from rich.console import Console

    from conformance.report.jsonfile import ReportError, read
    from conformance.report.matrix import print_matrix

    if not report.is_file():
        if status not in (2, 4):
            why = (
                ": no case is selected by -k, --area and --level" if status == NONE_SELECTED else ""
            )
            click.echo(f"vision-conformance: nothing was judged{why}; see {log}", err=True)
        return WRONG_CALL
    try:
        document = read(report)
    except ReportError as error:
        return refused(error)
    print_matrix(document, Console())
    click.echo(f"report: {report.with_suffix('.html')}")
    exit_status: int = document["footer"]["exit_status"]
    return exit_status
