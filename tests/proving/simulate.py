"""Plays modest models, weather, and faults in weather, with many seeds each, and counts.

    python tests/proving/simulate.py [--seeds 100] [--only NAME ...] [--processes 2] [--out FILE]

Prints a line for each: seeds, cases judged, how many of them FAILED, were UNOBSERVED, or open for
another reason; and below them which cases those were. Exit status 1 where anything FAILED that
must not, or more than one check in a hundred did not that must. A variant without chance is played
once. With ``--out`` the table is written as a document as well, when all is played.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from faults_in_weather import FAULTS, cases_of_fault
from modest import Modest
from modest_all import VARIANTS
from modest_slips import Slips
from playing import Make, Tally, played, tallied
from weather import CLEAR, FAILING, GENTLE, HALVING, ROUGH, Mix, weather

from conformance import data
from conformance.drawing import corpus
from conformance.model import Case, Level, Pictures, Verdict, cases_of
from conformance.proving.rehearsal import TARGET
from conformance.proving.zoo import SLOW
from conformance.reference.fault import fault_named
from conformance.registry import all_checks

#: Models that are right by chance are played with one seed in so many.
FEWER = 4
#: Part of the checks that may be UNOBSERVED instead, in weather.
MOST_MISSED = 0.01
#: Cases that are named below each table.
NAMED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that is played with many seeds."""

    name: str
    make: Make
    mix: Mix = CLEAR
    by_chance: bool = True
    #: Checks that may fail, if no more than a MAY.
    noted: frozenset[str] = frozenset()
    #: The fault that must be caught; "" where nothing may be.
    fault: str = ""


_MISREAD = partial(Slips, right=0.95)
WEATHERS = (
    Row(name=f"weather: {GENTLE.name}", make=Modest, mix=GENTLE),
    Row(name=f"weather: {ROUGH.name}", make=Modest, mix=ROUGH),
    Row(name=f"weather: {FAILING.name}", make=Modest, mix=FAILING),
    Row(name=f"weather: {HALVING.name}", make=Modest, mix=HALVING),
    Row(name="weather: 5 % misread", make=_MISREAD),
    Row(name=f"weather: {ROUGH.name}, 5 % misread", make=_MISREAD, mix=ROUGH),
)


def rows() -> Iterator[Row]:
    """Everything that is played."""
    for v in VARIANTS.values():
        name = f"modest: {v.name}"
        yield Row(name=name, make=v.make, by_chance=v.by_chance, noted=v.noted)
    yield from WEATHERS
    for name in FAULTS:
        yield Row(name=f"fault: {name}", make=fault_named(name).make, mix=ROUGH, fault=name)


# ---------------------------------------------------------------- one run


@cache
def _material() -> tuple[Pictures, tuple[Case, ...]]:
    return corpus.load(data.folder("fixtures")), tuple(cases_of(all_checks()))


def play(row: Row, seed: int) -> Tally:
    """One run. What a fault was not caught by counts as missed."""
    pictures, cases = _material()
    if row.fault:
        asked = cases_of_fault(row.fault, cases)
        return tallied(played(row.make, asked, pictures, weather(row.mix, seed), TARGET))
    quick = [case for case in cases if case.check.id not in SLOW]
    make = partial(row.make, seed=seed)
    return tallied(played(make, quick, pictures, weather(row.mix, seed)))


def misses(row: Row, tally: Tally) -> Counter[str]:
    """What is wrong with one run: cases that must not fail, or checks that must have."""
    failed = {case.partition("[")[0] for case in tally.failed}
    if row.fault:
        return Counter(set(fault_named(row.fault).caught_by) - failed)
    may = {case.id for case in _material()[1] if case.check.level is Level.MAY}
    noted = {case for case in may if case.partition("[")[0] in row.noted}
    return Counter(case for case in tally.failed if case not in noted)


def _played(job: tuple[str, int]) -> tuple[Tally, Counter[str]]:
    row = _named(job[0])
    tally = play(row, job[1])
    return tally, misses(row, tally)


@cache
def _by_name() -> dict[str, Row]:
    return {row.name: row for row in rows()}


def _named(name: str) -> Row:
    return _by_name()[name]


# ---------------------------------------------------------------- the table


@dataclass(slots=True, kw_only=True)
class Line:
    """What came of all seeds of a row."""

    row: Row
    seeds: int
    tally: Tally
    wrong: Counter[str]

    def cells(self) -> str:
        """A row of the document."""
        counts = self.tally.verdicts
        others = counts[Verdict.BLOCKED] + counts[Verdict.NOT_APPLICABLE]
        numbers = (
            self.seeds,
            self.tally.cases,
            counts[Verdict.FAILED],
            self.wrong.total(),
            counts[Verdict.UNOBSERVED],
            others,
        )
        return f"| {self.row.name} | {' | '.join(map(str, numbers))} |"

    def __str__(self) -> str:
        counts = self.tally.verdicts
        unseen = counts[Verdict.UNOBSERVED]
        others = counts[Verdict.BLOCKED] + counts[Verdict.NOT_APPLICABLE]
        wrong = self.wrong.total()
        return (
            f"{self.row.name:44} {self.seeds:5} {self.tally.cases:7} {counts[Verdict.FAILED]:6}"
            f" {wrong:6} {unseen:10} {others:6}"
        )


HEAD = f"{'':44} seeds   cases FAILED  wrong UNOBSERVED  other"


def lines(wanted: Sequence[Row], seeds: int, processes: int) -> Iterator[Line]:
    """A line for each row, in order, as they come."""
    jobs = [(row.name, seed) for row in wanted for seed in range(_count(row, seeds))]
    with _pool(processes) as run:
        outcomes = run(jobs)
        for row in wanted:
            line = Line(row=row, seeds=_count(row, seeds), tally=Tally(), wrong=Counter())
            for _ in range(line.seeds):
                tally, wrong = next(outcomes)
                line.tally.add(tally)
                line.wrong += wrong
            yield line


def _count(row: Row, seeds: int) -> int:
    """Weather and faults are played with every seed, models with one in so many, or once."""
    if row.mix is not CLEAR or row.name.startswith("weather"):
        return seeds
    return max(1, seeds // FEWER) if row.by_chance else 1


Run = Callable[[Sequence[tuple[str, int]]], Iterator[tuple[Tally, Counter[str]]]]


@contextmanager
def _pool(processes: int) -> Iterator[Run]:
    if processes <= 1:
        yield lambda jobs: map(_played, jobs)
        return
    # A fork of a process that runs threads may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        yield lambda jobs: pool.map(_played, jobs)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument(
        "--only", nargs="*", default=[], help="part of a name; several may be given"
    )
    parser.add_argument("--out", type=Path, help="where to write the table, in Markdown")
    given = parser.parse_args(arguments)
    wanted = [r for r in rows() if not given.only or any(part in r.name for part in given.only)]
    print(HEAD, flush=True)
    made: list[Line] = []
    for line in lines(wanted, given.seeds, given.processes):
        print(line, flush=True)
        made.append(line)
    print(_closing(made))
    if given.out:
        given.out.write_text(markdown(made), encoding="utf-8")
    accused = sum(line.wrong.total() for line in made if not line.row.fault)
    return 1 if accused or _missed(made) > MOST_MISSED * _due(made) else 0


def _due(made: Sequence[Line]) -> int:
    """Checks that were to fail, over all seeds."""
    faults = (line for line in made if line.row.fault)
    return sum(line.seeds * len(fault_named(line.row.fault).caught_by) for line in faults)


def _missed(made: Sequence[Line]) -> int:
    return sum(line.wrong.total() for line in made if line.row.fault)


DOCUMENT = """# Weather, and models that cannot do everything

Generated by `make simulate`; a test holds it. Each row is the whole suite, without the checks that
wait for a clock, played so many times against the reference endpoint with other seeds. Of *fault*
rows only the checks that name the fault are asked, with a plain one beside them, and each of them
must FAIL in every play: *wrong* counts those that did not. In all other rows nothing may FAIL:
*wrong* counts what did. The mixes of weather stand in `weather.py`, what a model lacks in
`modest_*.py`.

"""


def markdown(made: Sequence[Line]) -> str:
    """The table as a document, with its sums first."""
    head = "| What | seeds | cases | FAILED | wrong | UNOBSERVED | other |"
    rows = "".join(f"{line.cells()}\n" for line in made)
    table = f"{head}\n|{' --- |' * 7}\n{rows}"
    return f"{DOCUMENT}{_sums(made)}\n{table}"


def _sums(made: Sequence[Line]) -> str:
    innocent = [line for line in made if not line.row.fault]
    faults = [line for line in made if line.row.fault]
    return (
        "| Figure | Value |\n| --- | --- |\n"
        f"| innocent plays | {sum(line.seeds for line in innocent)} |\n"
        f"| innocent cases judged | {sum(line.tally.cases for line in innocent)} |\n"
        f"| innocent cases FAILED | {sum(line.wrong.total() for line in innocent)} |\n"
        f"| faults in weather | {len(faults)} |\n"
        f"| checks that were to fail, over all seeds | {_due(made)} |\n"
        f"| checks that did not | {_missed(made)} |\n"
    )


def _closing(made: Sequence[Line]) -> str:
    """Which cases were wrong, or had no verdict, and how often."""
    told = []
    for line in made:
        for what, cases in (("wrong", line.wrong), ("open", line.tally.left_open)):
            if cases:
                most = ", ".join(f"{case} {n}x" for case, n in cases.most_common(NAMED))
                more = f", and {len(cases) - NAMED} more" if len(cases) > NAMED else ""
                told.append(f"{line.row.name}, {what}: {most}{more}")
    return "\n".join(["", *told])


if __name__ == "__main__":
    sys.exit(main())
