"""A live run beside the ideal one: no request sent twice, no place ever empty.

The reference endpoint runs in a process of its own, 300 ms added to every reply. The ideal takes as
long as the larger of two: the time spent waiting for all replies, divided by the number of places;
and the longest chain of requests that had to wait for one another. A request that several cases
share may be sent as soon as the first of them has come so far.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from figures import Figure
from processes import COMMAND, ROOT, judging

from conformance.model import Finding
from conformance.proving.recorded import judged_again
from conformance.recording.line import Key, key_of

LATENCY = 0.3
MOST = 1.15

Chain = list[tuple[Key, float]]


#: Of several runs the one nearest to its ideal counts: the others waited for other processes.
RUNS = 3


def live(out: Path, concurrency: int) -> list[Figure]:
    """The whole suite, at so many requests at once; the last figure is the ratio."""
    runs = [list(_once(out / str(number), concurrency)) for number in range(RUNS)]
    return min(runs, key=lambda figures: figures[-1].value)


def _once(out: Path, concurrency: int) -> Iterator[Figure]:
    serve = [*COMMAND, "serve", "--bind=127.0.0.1:0", f"--latency={LATENCY}"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True, cwd=ROOT) as endpoint:
        assert endpoint.stdout is not None
        url = endpoint.stdout.readline().split()[-1]
        key = endpoint.stdout.readline().split("key ")[1].split(";")[0]
        run = [*COMMAND, "run", f"--base-url={url}", "--model=gpt-4o", f"--out={out}"]
        subprocess.run(
            [*run, f"--concurrency={concurrency}"],
            env={"OPENAI_API_KEY": key, "PATH": os.defpath},
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=ROOT,
        )
        endpoint.terminate()
    yield from compared(list(chains_of(out / "cassettes")), judging(out), concurrency)


def compared(chains: list[Chain], taken: float, concurrency: int) -> Iterator[Figure]:
    """The figures of one run."""
    waited = sum({request: s for chain in chains for request, s in chain}.values())
    # Before all others comes one plain question, which is in no cassette.
    spread = LATENCY + waited / concurrency
    longest = LATENCY + max(earliest_ends(chains).values())
    ideal = max(spread, longest)
    name = f"live, {concurrency} at once"
    yield Figure(name=f"{name}: waiting for replies / {concurrency}", value=spread)
    yield Figure(name=f"{name}: longest chain", value=longest)
    yield Figure(name=f"{name}: judging / ideal", value=taken / ideal, unit="", limit=MOST)


def chains_of(cassettes: Path) -> Iterator[Chain]:
    """One for each case; those of which no two may be under way at once are one chain together."""
    found = judged_again(cassettes).findings
    yield [step for each in found if each.case.check.one_by_one for step in chain_of(each)]
    yield from (chain_of(each) for each in found if not each.case.check.one_by_one)


def chain_of(finding: Finding) -> Chain:
    """What a case asked, in order: what tells a request from all others, and its seconds."""
    return [(key_of(e.probe, e.sent), e.elapsed) for e in finding.evidence]


def earliest_ends(chains: list[Chain]) -> dict[Key, float]:
    """Of each request, when its reply can be there at the soonest, in seconds.

    It may be sent when the one before it in some chain is answered. Chains share requests, so the
    times are lowered until none can be lowered any more.
    """
    ends: dict[Key, float] = {}
    is_settled = False
    while not is_settled:
        is_settled = True
        for chain in chains:
            before = 0.0
            for request, seconds in chain:
                if before + seconds < ends.get(request, float("inf")):
                    ends[request], is_settled = before + seconds, False
                before = max(before, ends[request])
    return ends
