"""``prove``: the whole suite against every fault, and what is said of each."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from conformance.commands.calls import WRONG_CALL
from conformance.commands.stopping import STOPPING, left_to_the_parent, until_stopped
from conformance.commands.telling import complain, tell
from conformance.proving import composing, pairs, prooftable
from conformance.proving.proof import Proof, figures, prove_one
from conformance.proving.zoo import findings_of
from conformance.reference import coverage
from conformance.reference.fault import all_faults, fault_named

A = TypeVar("A")
B = TypeVar("B")
PROCESSES = 2


def prove(names: Sequence[str] = (), *, out: Path | None = None, processes: int = PROCESSES) -> int:
    """Proves the faults of these names (all, where none are named) and prints what became of each.

    Where every fault was proved, writes PROVE.md, PAIRS.md, COMPOSED.md and COVERAGE.md into the
    folder ``out``. Exit status 0 where every fault is caught, 1 where not, 2 where a name is
    unknown.
    """
    try:
        wanted = [fault_named(name).name for name in names] or list(all_faults())
    except LookupError as error:
        complain(f"{error}")
        return WRONG_CALL
    with until_stopped():
        return _prove(wanted, None if names else out, processes)
    return 128 + STOPPING.came


def _prove(wanted: Sequence[str], out: Path | None, processes: int) -> int:
    proofs: list[Proof] = []
    with closing(prove_all(wanted, processes=processes)) as proved:
        for proof in proved:
            tell(prooftable.line(proof))
            proofs.append(proof)
    sums = figures(proofs)
    tell("")
    tell(prooftable.closing(sums))
    if out is not None:
        _write(out, proofs, processes)
    return 0 if sums.caught == sums.faults else 1


def _write(out: Path, proofs: Sequence[Proof], processes: int) -> None:
    """The documents that tests hold."""
    composites = list(_in_parallel(composing.composite_of, composing.chosen(), processes))
    documents = {
        "PROVE.md": prooftable.markdown(proofs),
        "PAIRS.md": pairs.markdown(pairs.merged(proofs)),
        "COMPOSED.md": composing.markdown(composites),
        "COVERAGE.md": coverage.markdown(coverage.defects(), coverage.families()),
    }
    for name, text in documents.items():
        (out / name).write_text(text, encoding="utf-8")


def prove_all(names: Sequence[str], *, processes: int = PROCESSES) -> Generator[Proof, None, None]:
    """A proof for each name, in order, as they come."""
    return _in_parallel(proof_of, names, processes)


def _in_parallel(
    work: Callable[[A], B], items: Sequence[A], processes: int
) -> Generator[B, None, None]:
    if processes <= 1:
        yield from map(work, items)
        return
    # A fork of a process that runs threads may hang.
    spawn = multiprocessing.get_context("spawn")
    with left_to_the_parent():
        pool = ProcessPoolExecutor(processes, mp_context=spawn, initializer=_begin_to_prove)
    with pool:
        try:
            with left_to_the_parent():
                proved = pool.map(work, items, chunksize=4)
            yield from proved
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in multiprocessing.active_children():
                child.kill()
            raise


def _begin_to_prove() -> None:
    # Exchanges live as long as a proof does: looking for garbage in between finds none.
    gc.set_threshold(200_000, 50, 100)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A pool whose owner was killed would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def proof_of(name: str) -> Proof:
    """The proof for one fault: the whole suite in this process."""
    fault = fault_named(name)
    began = time.process_time()
    findings = findings_of(fault)
    return prove_one(fault, findings, time.process_time() - began)
