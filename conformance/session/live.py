"""A run against an endpoint: sent, steadied and recorded."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace

from conformance.asking.questions import READY
from conformance.controls.abilities import controls
from conformance.drawing.shelf import Shelf
from conformance.host.sites import open_sites
from conformance.judging import sdk
from conformance.model import Case, Exchange, Finding, Probe, Target
from conformance.preflight.hostcheck import verify_own_host
from conformance.preflight.preflight import preflight
from conformance.recording import cassettes, origin
from conformance.recording.replay import RecordMode, Replay, clear, is_worth_keeping
from conformance.redact import Redactor
from conformance.running.client import Bounds, Client
from conformance.running.engine import Outcome, Sender
from conformance.running.live import Live
from conformance.session.pictures import pictures_of
from conformance.session.settings import LiveSettings
from conformance.tokens.rules import rule_name_for


class LiveRun:
    """A ``Source``. Raises HostError, CassetteError and CorpusError."""

    mode = "live"

    def __init__(self, settings: LiveSettings) -> None:
        self._settings = settings
        target = settings.loaded.target
        self.target = replace(target, rule=target.rule or rule_name_for(target.model))
        self.seed = settings.seed or _seed_of_continued(settings) or secrets.token_hex(4)
        self.pictures = pictures_of(self.seed, settings.cassettes, settings.reporting.out)
        self._redactor = Redactor((*settings.loaded.secrets, settings.key))
        #: Ids of the cases for which something was sent; None where that is so for all.
        self._sent_for: set[str] | None = None
        self._stack = ExitStack()
        bind, url = target.picture_host_bind, target.picture_host_url
        self._sites = self._stack.enter_context(open_sites(bind, url, security=target.security))

    def prepare(self, cases: Sequence[Case], *, is_whole: bool) -> None:
        """Clears what is to be recorded again, and says whose cassettes these are.

        Of a whole run all is made ready beforehand, so that no reply waits for a drawing.
        """
        settings = self._settings
        if settings.cassettes is not None and settings.records:
            if settings.record_mode is RecordMode.REWRITE:
                # In a part, controls are asked where something fails: those of before stay.
                clear(settings.cassettes, (*cases, *(controls().values() if is_whole else ())))
            origin.write(settings.cassettes, self.target, self.seed, self._redactor)
        if is_whole:
            sdk.make_ready()
        if is_whole and isinstance(self.pictures, Shelf):
            self.pictures.draw_all()

    @asynccontextmanager
    async def sender(self) -> AsyncIterator[Sender]:
        settings = self._settings
        async with self._client_for(self.target) as client:
            live = Live(
                _Verified(self, client).transmit,
                control=READY,
                concurrency=settings.concurrency,
                per_minute=self.target.requests_per_minute,
            )
            try:
                if settings.cassettes is not None and settings.replays:
                    replay = Replay(settings.cassettes, self.target, settings.record_mode, live)
                    self._sent_for = replay.sent_for
                    yield replay
                else:
                    yield live
            finally:
                await live.close()

    async def verify_call(self) -> None:
        """Raises PreflightError where every case would fail for one reason of the call's own."""
        if self.target.picture_host_url:
            await verify_own_host(self._sites, self.pictures["sheet-01"])
        await preflight(self.target, self._ask_once)

    def keep(self, outcome: Outcome) -> None:
        """Writes the cassette of a case that was asked, where a later run should not ask again."""
        settings = self._settings
        if settings.cassettes is None or not settings.records:
            return
        if self._sent_for is not None and outcome.case.id not in self._sent_for:
            return
        if isinstance(outcome, Finding) and is_worth_keeping(outcome):
            cassettes.store(settings.cassettes, outcome.case, self.target, outcome.evidence)

    def close(self) -> None:
        self._stack.close()
        if isinstance(self.pictures, Shelf):
            self.pictures.write_manifest()

    def _client_for(self, target: Target) -> Client:
        bounds = Bounds(seconds=self._settings.timeout)
        return Client(target, self._settings.key, self._sites, self._redactor, bounds=bounds)

    async def _ask_once(self, target: Target, probe: Probe) -> Exchange:
        async with self._client_for(target) as client:
            return await client.send(probe)


class _Verified:
    """Sends probes, the first one after one plain question has been answered."""

    def __init__(self, run: LiveRun, client: Client) -> None:
        self._run = run
        self._client = client
        self._asked: asyncio.Task[None] | None = None

    async def transmit(self, probe: Probe) -> Exchange:
        if self._asked is None:
            self._asked = asyncio.create_task(self._run.verify_call())
        await self._asked
        return await self._client.send(probe)


def _seed_of_continued(settings: LiveSettings) -> str:
    """The seed of a run that is continued; "" where there is none to continue."""
    folder = settings.cassettes
    continued = settings.replays or settings.record_mode is RecordMode.ALL
    if folder is None or not continued or not (folder / origin.FILE).is_file():
        return ""
    return origin.read(folder).seed
