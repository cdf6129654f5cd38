"""A progress line on a terminal: counts, and the time left."""

from __future__ import annotations

from collections import Counter

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from conformance.model import Finding, Verdict
from conformance.report.screen import Screen
from conformance.running.engine import Outcome


class ProgressLine:
    """Shows nothing unless standard error is a terminal."""

    def __init__(self, total: int) -> None:
        self._counts: Counter[Verdict] = Counter()
        screen = Screen(stderr=True)
        self._progress = Progress(
            TextColumn("judging"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[counts]}"),
            TimeRemainingColumn(),
            console=screen,
            transient=True,
            disable=not screen.is_terminal,
        )
        self._task = self._progress.add_task("", total=total, counts="")
        self._progress.start()

    def heard(self, outcome: Outcome) -> None:
        if isinstance(outcome, Finding):
            self._counts[outcome.verdict] += 1
        counts = ", ".join(f"{n} {verdict}" for verdict, n in sorted(self._counts.items()))
        self._progress.update(self._task, advance=1, counts=counts)

    def close(self) -> None:
        self._progress.stop()
