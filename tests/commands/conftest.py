"""The command in a process of its own, in an empty folder, and endpoints for it to test."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from conformance.asgi.serving import serve_in_thread
from conformance.reference.account import KEY
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint


@pytest.fixture(scope="session", autouse=True)
def signals_are_heard() -> None:
    """Also where the tests run in the background: there a shell has SIGINT ignored, by all
    children too, and a command leaves alone what it finds ignored.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended."""

    status: int
    stdout: str
    stderr: str


class Command:
    """Starts the command; ``environ`` is what it sees of ours."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("OPENAI_", "PYTEST_", "COV_")) and "proxy" not in name.lower()
        } | {"OPENAI_API_KEY": KEY, "COLUMNS": "200"}

    def start(self, *arguments: object, **environ: str | None) -> subprocess.Popen[str]:
        """A process group of its own, so that a signal reaches the children and not us."""
        seen = {k: v for k, v in (self.environ | environ).items() if v is not None}
        return subprocess.Popen(
            [sys.executable, "-m", "conformance.cli", *map(str, arguments)],
            cwd=self.folder,
            env=seen,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def __call__(self, *arguments: object, **environ: str | None) -> Ended:
        return ended(self.start(*arguments, **environ))


def ended(child: subprocess.Popen[str], timeout: float = 90) -> Ended:
    try:
        stdout, stderr = child.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        raise
    return Ended(status=child.returncode, stdout=stdout, stderr=stderr)


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command(tmp_path)


@pytest.fixture
def finished() -> Callable[..., Ended]:
    return ended


@pytest.fixture
def serve() -> Iterator[Callable[[ASGIApp], str]]:
    """Serves an app until the test ends; gives its URL."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(serve_in_thread(app))


@pytest.fixture(scope="session")
def reference() -> Iterator[str]:
    """The base URL of a reference endpoint."""
    with serve_in_thread(make_app(Endpoint())) as url:
        yield f"{url}/v1"


@pytest.fixture(scope="session")
def closed_port() -> Iterator[int]:
    """A port at which nobody listens and nobody else can."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@pytest.fixture(scope="session")
def command_in() -> Callable[[Path], Command]:
    return Command
