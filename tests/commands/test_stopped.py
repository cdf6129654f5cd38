"""Being stopped: by any signal, to the command alone or to its group, at any moment."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from conformance.commands.stopping import Stopping
from conformance.data import PACKAGE
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint
from conformance.wire import contract

#: Seconds within which a command must have ended.
MOST = 3.0
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
MOMENTS = random.Random("moments").sample(range(100, 12_000), 12)
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


class Heard:
    """An endpoint that knows when it was asked last."""

    def __init__(self, latency: float) -> None:
        self._app = make_app(Endpoint(), latency=latency)
        self.requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests += 1
        await self._app(scope, receive, send)


def processes(word: str) -> list[str]:
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid,args"], capture_output=True, text=True, check=True
    )
    return [line for line in listed.stdout.splitlines() if word in line]


def wait_until(holds: Callable[[], Any], seconds: float = 30) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := holds():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen")


def send(child: subprocess.Popen[str], name: str, to: str) -> None:
    number = getattr(signal, name)
    (os.killpg if to == "group" else os.kill)(child.pid, number)


def report_in(folder: Path) -> dict[str, Any]:
    document = json.loads((folder / "out" / "report.json").read_text())
    assert contract.problems("report", document) == []
    return document


def moments() -> Iterator[object]:
    """Twelve moments, three signals, two addressees; one more is quick."""
    quick = {("SIGTERM", "pid"): 300}
    for (name, to), after in quick.items():
        yield pytest.param(after, name, to, id=f"{name}-{to}-{after}")
    for after in MOMENTS:
        for name in SIGNALS:
            for to in ("pid", "group"):
                slow = pytest.mark.long
                yield pytest.param(after, name, to, id=f"{name}-{to}-{after}", marks=slow)


@pytest.mark.parametrize(("after", "name", "to"), [*moments()])
def test_the_report_of_what_was_done_is_written(
    after: int, name: str, to: str, command, serve, finished, tmp_path: Path
) -> None:
    app = Heard(latency=0.4)
    at = ("--base-url", f"{serve(app)}/v1", "--model", "gpt-4o")
    child = command.start("run", *at)
    time.sleep(after / 1000)
    began = time.monotonic()
    send(child, name, to)
    ended = finished(child)
    assert time.monotonic() - began < MOST
    asked = app.requests
    assert ended.status in (1, 3), ended
    assert "Traceback" not in ended.stdout + ended.stderr
    assert ended.stderr == "interrupted; writing the report of what was done …\n"
    assert report_in(tmp_path)["footer"]["interrupted"] is True
    time.sleep(0.2)
    assert app.requests == asked


@pytest.mark.long
@pytest.mark.parametrize("to", ["pid", "group"])
@pytest.mark.parametrize("name", [*SIGNALS, "SIGKILL"])
def test_the_embedded_endpoint_ends_with_the_command(
    name: str, to: str, command, finished, tmp_path: Path
) -> None:
    fault = "drops-url-pictures"
    child = command.start("run", "--reference", "--fault", fault)
    wait_until(lambda: list(tmp_path.glob("out/cassettes/exchanges.yaml")))
    ours = processes(f"--fault={fault}")
    assert ours
    send(child, name, to)
    finished(child)
    wait_until(lambda: not set(ours) & set(processes(f"--fault={fault}")), MOST)
    if name != "SIGKILL":
        assert report_in(tmp_path)["footer"]["interrupted"] is True


@pytest.mark.long
def test_an_endpoint_that_stalls_holds_nobody(command, serve, finished, tmp_path: Path) -> None:
    app = Heard(latency=120)
    at = ("--base-url", f"{serve(app)}/v1", "--model", "gpt-4o", "--area", "url")
    child = command.start("run", *at, "--seed", "committed")
    wait_until(lambda: app.requests)
    began = time.monotonic()
    send(child, "SIGTERM", "pid")
    ended = finished(child)
    assert time.monotonic() - began < MOST
    assert ended.status == 3
    assert report_in(tmp_path)["footer"]["verdicts"].keys() == {"unobserved"}


@pytest.mark.long
@pytest.mark.parametrize("pause", [0.0, 0.05, 0.2, 0.5])
def test_a_second_signal_spoils_nothing(
    pause: float, command, serve, finished, tmp_path: Path
) -> None:
    app = Heard(latency=0.3)
    child = command.start("run", "--base-url", f"{serve(app)}/v1", "--model", "gpt-4o")
    wait_until(lambda: app.requests > 30)
    send(child, "SIGINT", "group")
    time.sleep(pause)
    send(child, "SIGINT", "group")
    ended = finished(child)
    assert ended.status in (1, 3), ended
    assert "Traceback" not in ended.stderr + (tmp_path / "out" / "pytest.log").read_text()
    assert report_in(tmp_path)["footer"]["interrupted"] is True


@pytest.mark.long
@pytest.mark.parametrize("name", SIGNALS)
@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("serve", "--bind", "127.0.0.1:0"), 0),
        (("host", "--bind", "127.0.0.1:0"), 0),
        (("prove",), None),
        (("fingerprint", "--base-url", "http://127.0.0.1:9/v1", "--model", "gpt-4o"), None),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
@pytest.mark.parametrize("after", [0.4, 3.0])
def test_other_commands_end_at_once(
    name: str, arguments: tuple[str, ...], status: int | None, after: float, command, finished
) -> None:
    child = command.start(*arguments)
    time.sleep(after)
    began = time.monotonic()
    send(child, name, "group")
    ended = finished(child)
    assert time.monotonic() - began < MOST
    assert "Traceback" not in ended.stderr
    stopped = 128 + getattr(signal, name)
    assert ended.status in {stopped, status} or arguments[0] == "fingerprint"


@pytest.mark.long
def test_judging_is_stopped_as_running_is(command, finished, tmp_path: Path) -> None:
    recorded = PACKAGE.parent / "cassettes" / "reference"
    child = command.start("judge", recorded, "--out", tmp_path / "out")
    time.sleep(0.8)
    began = time.monotonic()
    send(child, "SIGTERM", "pid")
    ended = finished(child)
    assert time.monotonic() - began < MOST
    assert "Traceback" not in ended.stderr
    assert report_in(tmp_path)["footer"]["interrupted"] is True


@pytest.mark.long
def test_workers_of_a_killed_command_end(command) -> None:
    """Nobody hands them work any more, and they would wait for it for ever."""
    child = command.start("prove")
    try:
        workers = wait_until(lambda: children(child.pid) if len(children(child.pid)) > 1 else None)
        time.sleep(1)
    finally:
        child.kill()
        child.communicate()
    wait_until(lambda: not [pid for pid in workers if Path(f"/proc/{pid}").exists()])


def children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-ww", "-eo", "pid,ppid,args"], capture_output=True, text=True)
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()[1:]]
    return [int(p) for p, parent, args in rows if int(parent) == pid and "spawn_main" in args]


def test_handlers_are_the_commands_alone() -> None:
    """Whoever uses the plugin has handlers of their own."""
    code = (
        "import signal; import conformance.plugin, conformance.suite.conftest, conformance.cli;"
        "print(signal.getsignal(signal.SIGTERM) is signal.SIG_DFL)"
    )
    environ = os.environ | {"PYTHONPATH": str(PACKAGE.parent)}
    said = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True)
    assert said.stdout == "True\n", said.stderr


def test_a_signal_that_was_swallowed_is_raised_by_the_next_part() -> None:
    stopping = Stopping()
    stopping.defer()
    stopping._hear(signal.SIGTERM, None)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt), stopping.open():
            raise AssertionError("the part must not begin")
    assert stopping.came == signal.SIGTERM
