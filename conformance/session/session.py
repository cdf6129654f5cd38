"""One run of the suite: its cases are judged, and its reports written."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from conformance.controls.abilities import able, controls
from conformance.controls.ceiling import so_many_refused
from conformance.fingerprint.bill import bill_of_run
from conformance.model import Ability, Case, Finding, Lab, Verdict
from conformance.preflight.preflight import PreflightError
from conformance.recording import origin
from conformance.recording.cassette import CassetteError
from conformance.report import document
from conformance.report.summary import counted
from conformance.running.background import Run
from conformance.running.engine import Bug, Outcome
from conformance.session.reports import write_reports
from conformance.session.settings import LiveSettings, Reporting, Settings
from conformance.session.source import Source

Heard = Callable[[Outcome], None]


def _ignore(_: Outcome) -> None:
    """Nobody listens."""


def opened(settings: Settings) -> Source:
    """The source of a run. Raises CassetteError, CorpusError and HostError."""
    # Imported here: a replay needs no client and no picture host.
    if isinstance(settings, LiveSettings):
        from conformance.session.live import LiveRun

        return LiveRun(settings)
    from conformance.session.replaying import Replaying

    return Replaying(settings)


class Session:
    """A run: ``prepare`` and ``begin`` it, ask for each ``outcome``, then ``finish``.

    It may be finished from the start. ``prepare``, ``outcome`` and ``settle`` may be interrupted.
    """

    def __init__(self, settings: Settings, cases: Sequence[Case], heard: Heard = _ignore) -> None:
        """Raises CassetteError, CorpusError and HostError before anything is sent."""
        self._reporting: Reporting = settings.reporting
        self._cases = tuple(cases)
        self._heard = heard
        self._source = opened(settings)
        self._started = _written(datetime.now(UTC))
        #: The report as a document, once the run is finished.
        self.report: dict[str, Any] | None = None
        self._run: Run | None = None

    def prepare(self) -> None:
        """Makes ready, which may take seconds. Raises CassetteError, CorpusError and OSError."""
        self._source.prepare(self._cases, is_whole=self._is_whole)

    def begin(self) -> None:
        """Begins to judge."""
        self._started = _written(datetime.now(UTC))
        self._run = Run(
            self._cases,
            Lab(target=self._source.target, pictures=self._source.pictures),
            self._source.sender,
            controls=controls(),
            ceiling=so_many_refused,
            measured=tuple(Ability) if self._is_whole else (),
            heard=self._heard,
        )

    @property
    def notice(self) -> str:
        """What whoever started the run should know at once; "" where there is nothing."""
        return self._source.notice

    def outcome(self, case: Case) -> Outcome:
        """The outcome of a case; waits for it. Raises PreflightError and our own bugs."""
        assert self._run is not None, "the run has not begun"
        return self._run.outcome(case.id)

    def settle(self) -> None:
        """Waits for what is asked after the last verdict, where all cases are judged."""
        if self._run is not None:
            self._run.settle()

    def finish(self, *, interrupted: bool, is_given_up: bool = False) -> None:
        """Stops what is under way, and makes the report of what was done.

        A run that was interrupted goes on another time, unless it ``is_given_up``.
        """
        run = self._run
        outcomes = run.stop(at_once=interrupted) if run else []
        done = {outcome.case.id: outcome for outcome in outcomes}
        finished = _written((run and run.ended) or datetime.now(UTC))
        measured = run.abilities if run else {}
        ended = self._source.ended
        is_done = not (interrupted or ended) and len(done) == len(self._cases)
        self._source.close(is_finished=is_done or is_given_up)
        if not (done or interrupted) or any(map(_is_wrong_call, done.values())):
            return
        findings = [_finding_of(case, done.get(case.id)) for case in self._cases]
        evidence = (exchange for finding in findings for exchange in finding.evidence)
        report = document.document(
            self._header(finished),
            findings,
            interrupted=interrupted,
            ended=ended or _own_mistakes(done.values()),
            bill=bill_of_run(self._source.target, evidence),
            abilities=able(measured),
        )
        if self._source.spent:
            report["footer"]["spent"] = self._source.spent
        self.report = self._source.last_look(report)
        if self._reporting.out:
            write_reports(self._reporting.out, self.report, self._source.pictures)

    @property
    def _is_whole(self) -> bool:
        """True where every case is judged that there is."""
        return len(self._cases) >= self._reporting.all_cases > 0

    def _header(self, finished: str) -> document.Header:
        return document.Header(
            suite_version=origin.suite_version(),
            started=self._started,
            finished=finished,
            recorded=self._source.recorded,
            target=self._source.target,
            seed=self._source.seed,
            mode=self._source.mode,
            python=platform.python_version(),
            platform=platform.platform(),
            options=self._reporting.options,
            all_cases=self._reporting.all_cases or len(self._cases),
        )


def _finding_of(case: Case, outcome: Outcome | None) -> Finding:
    if isinstance(outcome, Finding):
        return outcome
    reason = "the run was interrupted before this case was judged"
    if isinstance(outcome, Bug):
        reason = f"the suite itself failed here, not the endpoint: {outcome.error!r}"[:500]
    return Finding(case=case, verdict=Verdict.UNOBSERVED, actual=reason)


def _own_mistakes(outcomes: Iterable[Outcome]) -> str:
    """What kept us from judging, in a clause; "" where nothing did."""
    bugs = [outcome for outcome in outcomes if isinstance(outcome, Bug)]
    if not bugs:
        return ""
    first = f"{type(bugs[0].error).__name__}: {bugs[0].error}"[:200]
    cases = counted(len(bugs), "case")
    return f"the suite itself failed in {cases}, not the endpoint ({first}); please report it"


def _is_wrong_call(outcome: Outcome) -> bool:
    return isinstance(outcome, Bug) and isinstance(outcome.error, PreflightError | CassetteError)


def _written(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds")
