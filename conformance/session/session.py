"""One run of the suite: what is needed is opened, the cases judged, the reports written."""

from __future__ import annotations

import asyncio
import json
import platform
import secrets
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from conformance import data
from conformance.asking.questions import READY
from conformance.controls.abilities import able, controls
from conformance.controls.ceiling import so_many_refused
from conformance.drawing import corpus
from conformance.drawing.write import draw_corpus
from conformance.fingerprint.bill import bill_of_run
from conformance.host.sites import open_sites
from conformance.model import Ability, Case, Exchange, Finding, Json, Lab, Probe, Target, Verdict
from conformance.preflight.hostcheck import verify_own_host
from conformance.preflight.preflight import PreflightError, preflight
from conformance.recording import cassettes, origin
from conformance.recording.replay import RecordMode, Replay, clear, is_worth_keeping
from conformance.redact import Redactor
from conformance.report import document, html, jsonfile
from conformance.running.background import Run
from conformance.running.client import Bounds, Client
from conformance.running.engine import Bug, Outcome, Sender
from conformance.running.live import Live
from conformance.target import Loaded
from conformance.tokens.rules import rule_name_for

COMMITTED = "committed"
Heard = Callable[[Outcome], None]


def _ignore(_: Outcome) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to run. ``loaded`` and ``key`` are None when everything comes from cassettes."""

    loaded: Loaded | None = None
    key: str = ""
    record_mode: RecordMode = RecordMode.NONE
    #: Folder of cassettes; None neither reads nor writes any.
    cassettes: Path | None = None
    #: Folder for the reports; None writes none.
    out: Path | None = None
    seed: str = ""
    concurrency: int = 16
    timeout: float = 120.0
    #: Every option of the run by name, none of them secret.
    options: Mapping[str, Json] = field(default_factory=dict)
    #: How many cases the suite has, whether they were selected or not; 0 where it is not known.
    all_cases: int = 0


class Session:
    """A run under way. Use ``start`` with the selected cases, ``outcome``, then ``finish``."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.is_live = settings.loaded is not None
        self._stack = ExitStack()
        self._started = _now()
        self._cases: tuple[Case, ...] = ()
        self._run: Run | None = None
        self._asked: asyncio.Task[None] | None = None
        #: The report as a document, once the run is finished.
        self.report: dict[str, Any] | None = None
        if settings.loaded is None:
            assert settings.cassettes is not None
            recorded = origin.read(settings.cassettes)
            self.target, self.seed = recorded.target, recorded.seed
            self._redactor = Redactor(())
        else:
            self.target = _with_rule(settings.loaded.target)
            self.seed = settings.seed or _seed_of(settings) or secrets.token_hex(4)
            self._redactor = Redactor((*settings.loaded.secrets, settings.key))
        self.pictures = self._pictures()

    def start(self, cases: Sequence[Case], heard: Heard = _ignore) -> None:
        """Begins to judge the cases. Raises CassetteError, HostError."""
        self._cases = tuple(cases)
        lab = Lab(target=self.target, pictures=self.pictures)
        if self.is_live:
            self._prepare_recording()
            self._open_sites()
        self._heard = heard
        self._started = _now()
        self._run = Run(
            cases,
            lab,
            self._open,
            self._close,
            controls=controls(),
            ceiling=so_many_refused,
            measured=tuple(Ability) if self.is_whole else (),
            heard=self._hear,
        )

    def outcome(self, case: Case) -> Outcome:
        """The outcome of a case; waits for it. Raises PreflightError and our own bugs."""
        assert self._run is not None
        return self._run.outcome(case.id)

    def finish(self, *, interrupted: bool) -> None:
        """Stops what is under way, and makes the report of what was done."""
        done = {o.case.id: o for o in self._run.stop(at_once=interrupted)} if self._run else {}
        self._finished = _now()
        self._stack.close()
        nothing = self._run is None or not (done or interrupted)
        if nothing or any(map(_is_wrong_call, done.values())):
            return
        findings = [_finding_of(case, done.get(case.id)) for case in self._cases]
        bill = bill_of_run(self.target, (e for f in findings for e in f.evidence))
        measured = self._run.abilities if self._run else {}
        for found in measured.values():
            self._keep(found)
        self.report = document.document(
            self._header(), findings, interrupted=interrupted, bill=bill, abilities=able(measured)
        )
        if self.settings.out:
            write_reports(self.settings.out, self.report, self.pictures)

    @property
    def is_whole(self) -> bool:
        """True where every case is judged that there is."""
        return len(self._cases) >= self.settings.all_cases > 0

    # ------------------------------------------------------------ pictures

    def _pictures(self) -> corpus.Corpus:
        if self.seed == COMMITTED:
            return corpus.load(data.folder("fixtures"))
        beside = self._fixtures()
        if _seed_in(beside) != self.seed:
            if beside.resolve() == data.folder("fixtures").resolve():
                raise corpus.CorpusError(
                    f"the pictures of this run would replace the committed ones in {beside}: "
                    "choose another --out, or --seed committed"
                )
            draw_corpus(beside, self.seed)
        return corpus.load(beside)

    def _fixtures(self) -> Path:
        """Where the pictures of this run are: beside its cassettes or reports."""
        if self.settings.cassettes is not None:
            return self.settings.cassettes.parent / "fixtures"
        if self.settings.out is not None:
            return self.settings.out / "fixtures"
        return Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="conformance-")))

    # ------------------------------------------------------------ sending

    async def _open(self) -> Sender:
        settings = self.settings
        if not self.is_live:
            assert settings.cassettes is not None
            return Replay(settings.cassettes, self.target, RecordMode.NONE)
        self._client = self._client_for(self.target)
        self._live = Live(
            self._transmit,
            control=READY,
            concurrency=settings.concurrency,
            per_minute=self.target.requests_per_minute,
        )
        if settings.cassettes and settings.record_mode in (
            RecordMode.ONCE,
            RecordMode.NEW_EPISODES,
        ):
            return Replay(settings.cassettes, self.target, settings.record_mode, self._live)
        return self._live

    async def _transmit(self, probe: Probe) -> Exchange:
        """Sends a probe, the first one after one plain question has been answered."""
        if self._asked is None:
            self._asked = asyncio.create_task(self._verify_call())
        await self._asked
        return await self._client.send(probe)

    async def _verify_call(self) -> None:
        """Raises PreflightError where every case would fail for one reason of the call's own."""
        if self.target.picture_host_url:
            await verify_own_host(self._sites, self.pictures["sheet-01"])
        await preflight(self.target, self._ask_once)

    async def _close(self, sender: Sender) -> None:
        if self.is_live:
            await self._live.close()
            await self._client.__aexit__()

    def _open_sites(self) -> None:
        bind, url = self.target.picture_host_bind, self.target.picture_host_url
        sites = open_sites(bind, url, security=self.target.security)
        self._sites = self._stack.enter_context(sites)

    def _client_for(self, target: Target) -> Client:
        bounds = Bounds(seconds=self.settings.timeout)
        return Client(target, self.settings.key, self._sites, self._redactor, bounds=bounds)

    async def _ask_once(self, target: Target, probe: Probe) -> Exchange:
        async with self._client_for(target) as client:
            return await client.send(probe)

    # ------------------------------------------------------------ recording

    def _prepare_recording(self) -> None:
        folder, mode = self.settings.cassettes, self.settings.record_mode
        if folder is None or mode is RecordMode.NONE:
            return
        if mode is RecordMode.REWRITE:
            clear(folder, (*self._cases, *controls().values()))
        origin.write(folder, self.target, self.seed, self._redactor)

    def _hear(self, outcome: Outcome) -> None:
        self._keep(outcome)
        self._heard(outcome)

    def _keep(self, outcome: Outcome) -> None:
        folder = self.settings.cassettes
        if not self.is_live or folder is None or self.settings.record_mode is RecordMode.NONE:
            return
        if isinstance(outcome, Finding) and is_worth_keeping(outcome):
            cassettes.store(folder, outcome.case, self.target, outcome.evidence)

    # ------------------------------------------------------------ reports

    def _header(self) -> document.Header:
        return document.Header(
            suite_version=origin.suite_version(),
            started=self._started,
            finished=self._finished,
            target=self.target,
            seed=self.seed,
            mode="live" if self.is_live else "replay",
            python=platform.python_version(),
            platform=platform.platform(),
            options=self.settings.options,
            all_cases=self.settings.all_cases or len(self._cases),
        )


def write_reports(out: Path, report: dict[str, Any], pictures: corpus.Corpus) -> None:
    """Writes ``report.json`` and ``report.html``; raises OSError."""
    out.mkdir(parents=True, exist_ok=True)
    jsonfile.write(out / "report.json", report)
    (out / "report.html").write_text(html.render(report, pictures), encoding="utf-8")


def _finding_of(case: Case, outcome: Outcome | None) -> Finding:
    if isinstance(outcome, Finding):
        return outcome
    reason = "the run was interrupted before this case was judged"
    if isinstance(outcome, Bug):
        reason = f"the suite itself failed here, not the endpoint: {outcome.error!r}"[:500]
    return Finding(case=case, verdict=Verdict.UNOBSERVED, actual=reason)


def _is_wrong_call(outcome: Outcome) -> bool:
    return isinstance(outcome, Bug) and isinstance(outcome.error, PreflightError)


def _with_rule(target: Target) -> Target:
    return target if target.rule else replace(target, rule=rule_name_for(target.model))


def _seed_of(settings: Settings) -> str:
    """The seed of a run that is continued; "" where there is none to continue."""
    continued = (RecordMode.ONCE, RecordMode.NEW_EPISODES, RecordMode.ALL)
    if settings.cassettes is None or settings.record_mode not in continued:
        return ""
    if not (settings.cassettes / origin.FILE).is_file():
        return ""
    return origin.read(settings.cassettes).seed


def _seed_in(folder: Path) -> str:
    """The seed of a folder of pictures; "" where its manifest cannot be read."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return str(manifest["seed"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
