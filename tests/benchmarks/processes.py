"""Whole processes: seconds by the clock, of the processor, and the most memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from figures import Figure

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "conformance.cli"]
#: Of several runs the quickest counts: what is slower waited for others.
RUNS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Seconds by the clock and of the processor, children included; most megabytes of one."""

    wall: float
    cpu: float
    memory: float


def spent(*arguments: str) -> Spent:
    """What one command takes. Raises CalledProcessError where it fails."""
    command = [*COMMAND, *arguments]
    began = time.perf_counter()
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        raise subprocess.CalledProcessError(child.returncode, command)
    # ru_maxrss is in kB, but in bytes on macOS; of the largest process of all.
    memory = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return Spent(wall=wall, cpu=usage.ru_utime + usage.ru_stime, memory=memory)


def quickest(*arguments: str) -> Spent:
    return min((spent(*arguments) for _ in range(RUNS)), key=lambda each: each.wall)


def whole(folder: Path) -> Iterator[Figure]:
    """What answers at once."""
    one = quickest("run", "--reference", "-k", "url/plain", f"--out={folder / 'one'}")
    yield Figure(name="run -k ONE --reference", value=one.wall, limit=2)
    yield Figure(name="plan", value=quickest("plan").wall, limit=1)
    yield Figure(name="list", value=quickest("list").wall, limit=1)


def begins(folder: Path) -> Iterator[Figure]:
    """Until the pictures of a run are served."""
    command = [*COMMAND, "host", "--bind=127.0.0.1:0", str(folder / "one")]
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            taken.append(time.perf_counter() - began)
            child.terminate()
    yield Figure(name="host DIR, until it serves", value=min(taken), limit=1)


def judged(folder: Path) -> Iterator[Figure]:
    """A full run against the embedded endpoint."""
    taken = spent("run", "--reference", f"--out={folder / 'full'}")
    yield Figure(name="run --reference, judging", value=judging(folder / "full"), limit=12)
    yield Figure(name="run --reference, the whole command", value=taken.wall)


def rejudged(folder: Path) -> Iterator[Figure]:
    """Every committed target, from its cassettes."""
    for target in sorted(path.parent for path in (ROOT / "cassettes").glob("*/target.json")):
        taken = quickest("judge", str(target), f"--out={folder / target.name}")
        yield Figure(name=f"judge {target.name}, processor", value=taken.cpu, limit=4)
        yield Figure(name=f"judge {target.name}, memory", value=taken.memory, unit="MB", limit=150)


def judging(out: Path) -> float:
    """Seconds from the first request to the last verdict, as the report has them."""
    header = json.loads((out / "report.json").read_text(encoding="utf-8"))["header"]
    begun, ended = (datetime.fromisoformat(header[name]) for name in ("started", "finished"))
    return (ended - begun).total_seconds()
