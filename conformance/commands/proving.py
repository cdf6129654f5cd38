"""``prove``: the whole suite against every fault, and who is to blame for each."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any

import click
from starlette.responses import PlainTextResponse, Response

from conformance import corpus, data
from conformance.commands import prooftable
from conformance.commands.proof import Proof, figures, prove_one
from conformance.commands.running import WRONG_CALL
from conformance.model import Case, Finding, Pictures, cases_of
from conformance.reference import coverage
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import Fault, all_faults, fault_named
from conformance.registry import all_checks
from conformance.rehearsal import rehearse

PROCESSES = 2
#: Checks that wait for a clock, move tens of megabytes or hold hundreds of megapixels: run for the
#: faults that name them only.
SLOW = frozenset(
    {
        "url/slow-host-is-waited-for",
        "multi-image/slow-picture-keeps-its-place",
        "url/silent-host-is-given-up",
        "limits/heavy-refusal-is-the-same-each-time",
        "url/heavy-picture-is-read-whole",
        "limits/heavy-picture-is-read-or-refused",
        "limits/heavy-picture-breaks-nothing",
        "limits/large-picture-is-read-or-refused",
        "limits/large-picture-breaks-nothing",
        "security/endless-download-is-cut",
        "security/inflated-download-is-refused",
        "security/endpoint-is-not-broken",
    }
)


def prove(names: Sequence[str] = (), *, out: Path | None = None, processes: int = PROCESSES) -> int:
    """Proves the faults of these names (all, where none are named) and prints what became of each.

    Where every fault was proved, writes PROVE.md and COVERAGE.md into the folder ``out``. Exit
    status 0 where every fault is caught and no other area blamed, 1 where not, 2 where a name is
    unknown.
    """
    try:
        wanted = [fault_named(name).name for name in names] or list(all_faults())
    except LookupError as error:
        click.echo(f"vision-conformance: {error}", err=True)
        return WRONG_CALL
    proofs: list[Proof] = []
    for proof in prove_all(wanted, processes=processes):
        click.echo(prooftable.line(proof))
        proofs.append(proof)
    sums = figures(proofs)
    click.echo(prooftable.closing(sums))
    if out is not None and not names:
        (out / "PROVE.md").write_text(prooftable.markdown(proofs), encoding="utf-8")
        table = coverage.markdown(coverage.defects(), coverage.families())
        (out / "COVERAGE.md").write_text(table, encoding="utf-8")
    return 0 if sums.caught == sums.faults else 1


def prove_all(names: Sequence[str], *, processes: int = PROCESSES) -> Iterator[Proof]:
    """A proof for each name, in order, as they come."""
    if processes <= 1:
        yield from map(proof_of, names)
        return
    # A fork of a process that runs threads may hang.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=spawn, initializer=_collect_seldom) as pool:
        yield from pool.map(proof_of, names, chunksize=4)


def _collect_seldom() -> None:
    """Exchanges live as long as a proof does: looking for garbage in between finds none."""
    gc.set_threshold(200_000, 50, 100)


def proof_of(name: str) -> Proof:
    """The proof for one fault: the whole suite in this process."""
    fault = fault_named(name)
    began = time.process_time()
    findings = findings_of(fault)
    return prove_one(fault, findings, time.process_time() - began)


def findings_of(fault: Fault) -> list[Finding]:
    """The findings of every case against a fault, slow cases that do not concern it apart."""
    skipped = SLOW - set(fault.caught_by)
    cases = [case for case in _cases() if case.check.id not in skipped]
    return asyncio.run(rehearse(cases, _pictures(), partial(_served, fault.make)))


def _served(make: type[Endpoint], **options: Any) -> Endpoint:
    """The endpoint as a server runs it: an exception that it lets through becomes a 500."""
    endpoint = make(**options)
    chat = endpoint.chat

    async def guarded(headers: Any, raw: bytes) -> Response:
        try:
            return await chat(headers, raw)
        except Exception:
            return PlainTextResponse("Internal Server Error", 500)

    endpoint.chat = guarded  # type: ignore[method-assign]
    return endpoint


@cache
def _cases() -> tuple[Case, ...]:
    return tuple(cases_of(all_checks()))


@cache
def _pictures() -> Pictures:
    return corpus.load(data.folder("fixtures"))
