"""How fast the suite is, as ratios taken in one run. ``make bench`` prints the table.

Live: the reference endpoint in a process of its own, 300 ms added to every reply, 16 requests at
once. The ideal is the time spent waiting for replies, divided by 16, or the longest chain of
requests of which each needs the reply of the one before, whichever is more. A request that several
cases share is in no chain: another case may have sent it before it was needed here.
Replay: the command as a whole process, on every committed target.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "conformance.cli"]
LATENCY = 0.3
CONCURRENCY = 16


def live(out: Path) -> dict[str, float]:
    """Runs the whole suite live and compares its wall time with the ideal, in seconds."""
    serve = [*COMMAND, "serve", "--bind=127.0.0.1:0", f"--latency={LATENCY}"]
    endpoint = subprocess.Popen(serve, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert endpoint.stdout is not None
    try:
        url = endpoint.stdout.readline().split()[-1]
        key = endpoint.stdout.readline().split("key ")[1].split(";")[0]
        began = time.perf_counter()
        subprocess.run(
            [
                *COMMAND,
                "run",
                f"--base-url={url}",
                "--model=gpt-4o",
                f"--concurrency={CONCURRENCY}",
                f"--out={out}",
            ],
            env={"OPENAI_API_KEY": key, "PATH": os.defpath},
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=ROOT,
        )
        whole = time.perf_counter() - began
    finally:
        endpoint.terminate()
        endpoint.wait()
    return _compared(json.loads((out / "report.json").read_text()), whole)


def _compared(report: dict, whole: float) -> dict[str, float]:
    chains = [[_sent(e) for e in f["evidence"]] for f in report["findings"]]
    sent = Counter(request for chain in chains for request in chain)
    spread = sum(elapsed for _, elapsed in sent) / CONCURRENCY
    chain = max(sum(r[1] for r in chain if sent[r] == 1) for chain in chains)
    header = report["header"]
    begun, ended = (datetime.fromisoformat(header[name]) for name in ("started", "finished"))
    judging = (ended - begun).total_seconds()
    ideal = max(spread, chain)
    return {
        "requests": len(sent),
        "waiting / 16": spread,
        "longest chain": chain,
        "judging": judging,
        "judging / ideal": judging / ideal,
        "whole process": whole,
        "whole process / ideal": whole / ideal,
    }


def _sent(exchange: dict) -> tuple[str, float]:
    """What tells an exchange from all others, and its seconds."""
    return json.dumps(exchange["request"]), exchange["elapsed"]


def replay(target: Path, out: Path) -> float:
    """Seconds to judge a folder of cassettes again, as a whole process."""
    began = time.perf_counter()
    subprocess.run(
        [*COMMAND, "judge", str(target), f"--out={out}"], stdout=subprocess.DEVNULL, cwd=ROOT
    )
    return time.perf_counter() - began


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, figure in live(Path(folder) / "live").items():
            print(f"live, {name:24} {figure:8.2f}")
        targets = sorted(p.parent for p in (ROOT / "cassettes").glob("*/target.json"))
        spent = [replay(target, Path(folder) / target.name) for target in targets]
        for target, seconds in zip(targets, spent, strict=True):
            print(f"replay, {target.name:22} {seconds:8.2f}")
        print(f"replay, {'all':22} {sum(spent):8.2f}")


if __name__ == "__main__":
    main()
