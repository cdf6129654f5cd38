"""The reference endpoint on loopback, with every request counted, and runs against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from conformance.asgi.serving import serve_in_thread
from conformance.model import Case, Finding, Target, cases_of
from conformance.recording.replay import RecordMode
from conformance.reference.account import KEY, MODEL, TEXT_MODEL
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import all_faults
from conformance.registry import all_checks
from conformance.session.live import LiveRun
from conformance.session.replaying import Replaying
from conformance.session.session import Session
from conformance.session.settings import LiveSettings, ReplaySettings, Settings
from conformance.target import Loaded

# Compiled before anything is served: Python 3.11 stumbles where the collector finds an open
# connection of an endpoint that is gone just while a module is compiled (gh-106905).
all_faults()
assert LiveRun
assert Replaying


@dataclass(slots=True)
class Counted:
    """An app and how many requests reached it."""

    app: ASGIApp
    count: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.count += 1
        await self.app(scope, receive, send)


@dataclass(slots=True)
class Lived:
    """An endpoint that runs, and the folder that is recorded into."""

    url: str
    app: Counted
    folder: Path
    #: The plain question before each live run.
    preflight: int = field(default=1)

    def run(self, mode: RecordMode, cases: Sequence[Case], **more: object) -> dict[str, Finding]:
        """Findings by case id of a run in the given mode, with the endpoint up."""
        url = f"{self.url}/v1"
        target = Target(name="t", base_url=url, model=MODEL, rule=MODEL, text_model=TEXT_MODEL)
        settings: Settings = ReplaySettings(cassettes=self.folder)
        if mode is not RecordMode.NONE:
            settings = LiveSettings(
                loaded=Loaded(target=target, secrets=(KEY,)),
                key=KEY,
                record_mode=mode,
                cassettes=self.folder,
                seed="committed",
                **more,
            )
        session = Session(settings, cases)
        session.prepare()
        session.begin()
        try:
            return {case.id: session.outcome(case) for case in cases}
        finally:
            session.finish(interrupted=False)

    def sent_by(self, mode: RecordMode, cases: Sequence[Case]) -> int:
        """How many requests a run sends."""
        before = self.app.count
        self.run(mode, cases)
        return self.app.count - before


@contextmanager
def lived(folder: Path, make: Callable[[], ASGIApp]) -> Iterator[Lived]:
    app = Counted(make())
    with serve_in_thread(app) as url:
        yield Lived(url, app, folder)


@pytest.fixture
def serve(tmp_path: Path) -> Callable[..., object]:
    """``with serve() as live``: the reference endpoint, or the given class or app."""

    def start(kind: type[Endpoint] = Endpoint, wrap: Callable[[ASGIApp], ASGIApp] = lambda a: a):
        return lived(tmp_path / "run" / "cassettes", lambda: wrap(make_app(kind())))

    return start


@pytest.fixture(scope="session")
def all_cases() -> list[Case]:
    """Every case that is asked unless more is wanted."""
    return [case for case in cases_of(all_checks()) if not case.check.opt_in]


@pytest.fixture
def cases(all_cases: list[Case]) -> list[Case]:
    """A few cases of several areas, one with fetches and one with samples of its own."""
    wanted = {
        "base64/plain",
        "url/plain",
        "shape/content-type-is-json",
        "shape/model-list-follows-the-schema",
        "shape/each-reply-has-its-own-id",
    }
    return [case for case in all_cases if case.id in wanted]
