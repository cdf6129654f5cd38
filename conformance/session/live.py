"""A run against an endpoint: sent, steadied and recorded."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

from conformance.asking.questions import READY
from conformance.drawing.shelf import Shelf
from conformance.host.sites import open_sites
from conformance.judging import sdk
from conformance.model import Case, Exchange, Probe, Target
from conformance.preflight.hostcheck import verify_own_host
from conformance.preflight.preflight import preflight
from conformance.redact import Redactor
from conformance.running.budget import Budget
from conformance.running.client import Bounds, Client
from conformance.running.engine import Sender
from conformance.running.live import Live
from conformance.session.pictures import pictures_of
from conformance.session.recording import Recorder
from conformance.session.settings import LiveSettings
from conformance.tokens.rules import rule_name_for


class LiveRun:
    """A ``Source``. Raises HostError, CassetteError and CorpusError."""

    mode = "live"

    def __init__(self, settings: LiveSettings) -> None:
        self._settings = settings
        self._budget = Budget(requests=settings.max_requests, seconds=settings.deadline)
        target = settings.loaded.target
        self.target = replace(target, rule=target.rule or rule_name_for(target.model))
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
        async with self._client_for(self.target) as client:
            live = Live(
                _Verified(self, client, self._budget).transmit,
                control=READY,
                concurrency=settings.concurrency,
                per_minute=self.target.requests_per_minute,
                budget=self._budget,
                answered=self._recorder.keep if self._recorder else None,
            )
            try:
                yield self._recorder.sender(live) if self._recorder else live
            finally:
                await live.close()

    async def verify_call(self) -> None:
        """Raises PreflightError where every case would fail for one reason of the call's own."""
        if self.target.picture_host_url:
            await verify_own_host(self._sites, self.pictures["sheet-01"])
        await preflight(self.target, self._ask_once)

    @property
    def notice(self) -> str:
        return self._recorder.resumed if self._recorder else ""

    @property
    def recorded(self) -> str:
        return self._recorder.recording.recorded if self._recorder else ""

    @property
    def ended(self) -> str:
        return self._budget.ended

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
        async with self._client_for(target) as client:
            self._budget.take()
            return await client.send(probe)


class _Verified:
    """Sends probes, the first one after one plain question has been answered."""

    def __init__(self, run: LiveRun, client: Client, budget: Budget) -> None:
        self._run = run
        self._client = client
        self._budget = budget
        self._asked: asyncio.Task[None] | None = None

    async def transmit(self, probe: Probe) -> Exchange:
        if self._asked is None:
            self._asked = asyncio.create_task(self._run.verify_call())
        # Who is given up takes nobody else's answer along.
        await asyncio.shield(self._asked)
        self._budget.take()
        return await self._client.send(probe)


def _recorder_of(settings: LiveSettings, target: Target, redactor: Redactor) -> Recorder | None:
    if settings.cassettes is None or not settings.records:
        return None
    return Recorder(settings.cassettes, settings, target, redactor)
