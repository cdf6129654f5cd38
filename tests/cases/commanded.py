"""The command in a process of its own, and servers on this machine for it to test."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.reference.account import KEY, MODEL

HERE = Path(__file__).parent
#: Seconds after which a command is taken to hang.
PATIENCE = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended, in how many seconds, and the folder of its reports."""

    status: int
    stdout: str
    stderr: str
    seconds: float
    out: Path

    @property
    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.out / "report.json").read_text("utf-8"))
        return found

    @property
    def page(self) -> str:
        return (self.out / "report.html").read_text("utf-8")

    @property
    def junit(self) -> str:
        return (self.out / "junit.xml").read_text("utf-8")

    @property
    def verdicts(self) -> dict[str, str]:
        return {found["case"]: found["verdict"] for found in self.report["findings"]}

    @property
    def is_reported(self) -> bool:
        return (self.out / "report.json").exists()

    @property
    def said(self) -> str:
        return self.stdout + self.stderr


def command(folder: Path, *arguments: object) -> Ended:
    """Runs the command in a folder; its children end with it."""
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "conformance.cli", *map(str, arguments)],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as child:
        try:
            stdout, stderr = child.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            raise
    return Ended(
        status=child.returncode,
        stdout=stdout,
        stderr=stderr,
        seconds=time.monotonic() - began,
        out=folder / "out",
    )


def at(url: str) -> tuple[str, ...]:
    """The arguments for an endpoint at this base URL, with the pictures that are shipped."""
    return ("run", "--base-url", url, "--model", MODEL, "--seed", "committed")


def environment() -> dict[str, str]:
    ours = ("OPENAI_", "PYTEST_", "COV_")
    seen = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    kept = {name: value for name, value in seen.items() if "proxy" not in name.lower()}
    return kept | {"OPENAI_API_KEY": KEY, "COLUMNS": "200"}
