"""A live run beside the ideal one: no request sent twice, no place ever empty.

The reference endpoint runs in a process of its own, 300 ms added to every reply. The ideal takes as
long as the larger of two: the time spent waiting for all replies, divided by the number of places;
and the longest chain of requests that had to wait for one another. A request that several cases
share may be sent as soon as the first of them has come so far.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from figures import Figure
from processes import COMMAND, ROOT, judging

from conformance.controls.abilities import controls
from conformance.model import cases_of
from conformance.recording.cassettes import path_of
from conformance.registry import all_checks

LATENCY = 0.3
MOST = 1.15

Chain = list[tuple[str, float]]


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
    cases = [*cases_of(all_checks()), *controls().values()]
    files = [(case, path_of(cassettes, case)) for case in cases]
    recorded = [(case, chain_of(file)) for case, file in files if file.is_file()]
    yield [step for case, chain in recorded if case.check.one_by_one for step in chain]
    yield from (chain for case, chain in recorded if not case.check.one_by_one)


def chain_of(cassette: Path) -> Chain:
    """What a case asked, in order: what tells a request from all others, and its seconds."""
    document = yaml.load(cassette.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    pairs = zip(document["interactions"], document["conformance"], strict=True)
    return [(_told_apart(each["request"], beside), beside["elapsed"]) for each, beside in pairs]


def _told_apart(request: Any, beside: Any) -> str:
    apart = [beside[name] for name in ("path", "credential", "headers", "sample")]
    return json.dumps([request["method"], str(request["body"]), *apart])


def earliest_ends(chains: list[Chain]) -> dict[str, float]:
    """Of each request, when its reply can be there at the soonest, in seconds.

    It may be sent when the one before it in some chain is answered. Chains share requests, so the
    times are lowered until none can be lowered any more.
    """
    ends: dict[str, float] = {}
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
