"""A run against an endpoint: sent, steadied and recorded."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from conformance.asking.questions import READY
from conformance.drawing.shelf import Shelf
from conformance.host.sites import open_sites
from conformance.judging import sdk
from conformance.judging.replies import told
from conformance.model import Case, Exchange, Json, Probe, Target
from conformance.preflight.gone import is_gone
from conformance.preflight.hostcheck import verify_own_host
from conformance.preflight.preflight import preflight
from conformance.redact import Redactor
from conformance.running.budget import Budget
from conformance.running.client import Bounds, Client
from conformance.running.engine import Sender
from conformance.running.gate import Gate
from conformance.running.lifeline import Lifeline
from conformance.running.live import Live
from conformance.running.passage import Passage
from conformance.session.pictures import pictures_of
from conformance.session.recording import Recorder
from conformance.session.settings import LiveSettings
from conformance.session.spending import Spending
from conformance.tokens.rules import rule_name_for


class LiveRun:
    """A ``Source``. Raises HostError, CassetteError and CorpusError."""

    mode = "live"

    def __init__(self, settings: LiveSettings) -> None:
        self._settings = settings
        target = settings.loaded.target
        self.target = replace(target, rule=target.rule or rule_name_for(target.model))
        self._spending = Spending(_bounded(settings.budget, target), self.target)
        self._redactor = Redactor((*settings.loaded.secrets, settings.key))
        self._recorder = _recorder_of(settings, self.target, self._redactor)
        known = self._recorder.recording.seed if self._recorder else settings.seed
        self.seed = known or secrets.token_hex(4)
        self.pictures = pictures_of(self.seed, settings.cassettes, settings.reporting.out)
        self._stack = ExitStack()
        bind, url = target.picture_host_bind, target.picture_host_url
        self._sites = self._stack.enter_context(open_sites(bind, url, security=target.security))

    def prepare(self, cases: Sequence[Case], *, is_whole: bool) -> None:
        """Of a whole run all is made ready beforehand, so that no reply waits for a drawing."""
        if self._recorder:
            self._recorder.begin(is_whole=is_whole)
        if is_whole:
            sdk.make_ready()
        if is_whole and isinstance(self.pictures, Shelf):
            self.pictures.draw_all()

    @asynccontextmanager
    async def sender(self) -> AsyncIterator[Sender]:
        settings = self._settings
        verified = _Verified(self, self._spending.gate)
        async with self._client_for(self.target) as client:
            live = Live(
                client.send,
                control=READY,
                concurrency=settings.concurrency,
                way=verified,
                lifeline=self._lifeline(),
                patience=settings.budget.patience,
                answered=self._recorder.keep if self._recorder else None,
            )
            try:
                yield self._recorder.sender(live) if self._recorder else live
            finally:
                await live.close()
                await verified.close()

    def _lifeline(self) -> Lifeline:
        patience = self._settings.budget.patience
        gone = partial(is_gone, target=self.target, patience=patience)
        return Lifeline(self._spending.halt, gone)

    async def verify_call(self) -> None:
        """Raises PreflightError where every case would fail for one reason of the call's own."""
        if self.target.picture_host_url:
            await verify_own_host(self._sites, self.pictures["sheet-01"])
        await preflight(self.target, self._ask_once)
        self._spending.halt.note("")

    @property
    def ended(self) -> str:
        return self._spending.ended

    @property
    def spent(self) -> dict[str, Json]:
        return self._spending.told

    @property
    def notice(self) -> str:
        return self._recorder.resumed if self._recorder else ""

    @property
    def recorded(self) -> str:
        return self._recorder.recording.recorded if self._recorder else ""

    def last_look(self, report: dict[str, Any]) -> dict[str, Any]:
        return self._redactor.document(report)

    def close(self, *, is_finished: bool) -> None:
        self._stack.close()
        if self._recorder:
            self._recorder.end(is_finished=is_finished)
        if isinstance(self.pictures, Shelf):
            self.pictures.write_manifest()

    def _client_for(self, target: Target) -> Client:
        bounds = Bounds(seconds=self._settings.timeout)
        return Client(target, self._settings.key, self._sites, self._redactor, bounds=bounds)

    async def _ask_once(self, target: Target, probe: Probe) -> Exchange:
        way = self._spending.gate.passage(probe)
        async with self._client_for(target) as client, way as passage:
            exchange = passage.answered(await client.send(probe))
        met = f"the first plain question met: {told(exchange)}" if exchange.trouble else ""
        self._spending.halt.note(met)
        return exchange


class _Verified:
    """The way of the run, open once one plain question has been answered."""

    def __init__(self, run: LiveRun, gate: Gate) -> None:
        self._run = run
        self._gate = gate
        self._asked: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def passage(self, probe: Probe, /) -> AsyncIterator[Passage]:
        if self._asked is None:
            self._asked = asyncio.create_task(self._run.verify_call())
        await asyncio.shield(self._asked)
        async with self._gate.passage(probe) as passage:
            yield passage

    async def close(self) -> None:
        if self._asked is not None:
            self._asked.cancel()
            await asyncio.gather(self._asked, return_exceptions=True)


def _bounded(budget: Budget, target: Target) -> Budget:
    """The budget, never faster than the target file allows."""
    paces = (budget.requests_per_minute, target.requests_per_minute)
    slowest = min((pace for pace in paces if pace is not None), default=None)
    return replace(budget, requests_per_minute=slowest)


def _recorder_of(settings: LiveSettings, target: Target, redactor: Redactor) -> Recorder | None:
    if settings.cassettes is None or not settings.records:
        return None
    return Recorder(settings.cassettes, settings, target, redactor)
