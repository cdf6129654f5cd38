"""One case run against one behaviour, in a process of its own: what was told, and what it took."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from behaving import Behaviour
from serving import serving

#: Seconds of one request, and of a run.
TIMEOUT, LIMIT = 3.0, 12.0
#: Seconds above it for the start, the end and the report; most memory in MB.
GRACE, MEMORY = 3.0, 200
#: A traceback of ours: endpoints may say that they have one.
_TRACE = re.compile(r'File \\?"[^"]*(conformance|site-packages|lib/python)[^"]*", line')
_HERE = Path(__file__).parent
_KEPT = ("pytest.log", "report.json", "junit.xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What came of one behaviour."""

    told: str
    status: int
    seconds: float
    megabytes: int
    has_trace: bool
    most: float

    @property
    def off(self) -> str:
        """What does not hold; "" where all does."""
        found = {
            "a traceback": self.has_trace,
            f"exit status {self.status}": self.status not in (1, 2, 3),
            "too slow": self.seconds > self.most,
            "too much memory": not 0 < self.megabytes < MEMORY,
            "nothing told": not self.told,
        }
        return ", ".join(words for words, is_so in found.items() if is_so)


async def measure(behaviour: Behaviour, out: Path, *, everywhere: bool = False) -> Measured:
    """Runs the case ``url/plain``; what is written goes below ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    await asyncio.to_thread(lambda: next(iter(behaviour.pieces()), None))
    most = LIMIT + GRACE
    async with serving(behaviour, everywhere=everywhere) as url:
        began = time.monotonic()
        status, said = await _command(url, out, most)
        seconds = time.monotonic() - began
    memory = out / "memory"
    return Measured(
        told=_told(out, said),
        status=status,
        seconds=seconds,
        megabytes=int(memory.read_text()) if memory.exists() else 0,
        has_trace=any(_TRACE.search(text) for text in (said, *_kept(out))),
        most=most,
    )


async def _command(url: str, out: Path, most: float) -> tuple[int, str]:
    """Exit status and all that was said. What takes far too long is killed: -9."""
    words = ["run", "--base-url", url, "--model", "m", "-k", "url/plain", "--out", str(out)]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(_HERE / "launch.py"),
        str(out / "memory"),
        *words,
        f"--timeout={TIMEOUT:g}",
        f"--deadline={LIMIT:g}",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=os.environ | {"OPENAI_API_KEY": "sk-test-0123456789", "COLUMNS": "200"},
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), most + 10)
    except TimeoutError:
        process.kill()
        await process.wait()
        return -9, ""
    return process.returncode or 0, said.decode(errors="replace")


def _kept(out: Path) -> list[str]:
    return [(out / name).read_text("utf-8") for name in _KEPT if (out / name).exists()]


def _told(out: Path, said: str) -> str:
    """What the report says of the case, or else the last words of the command."""
    report = out / "report.json"
    if report.exists():
        cases = json.loads(report.read_text("utf-8")).get("findings", [])
        found = [str(case.get("actual") or case.get("reason") or "") for case in cases]
        if any(found):
            return next(filter(None, found))
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""
