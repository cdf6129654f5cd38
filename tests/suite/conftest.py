"""pytest in an empty folder, against a reference endpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from conformance.asgi.serving import serve_in_thread
from conformance.reference.account import KEY, MODEL
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault_named


@dataclass(slots=True)
class Counted:
    app: ASGIApp
    count: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.count += 1
        await self.app(scope, receive, send)


@dataclass(frozen=True, slots=True)
class Running:
    url: str
    app: Counted


@pytest.fixture(scope="session")
def sound() -> Iterator[Running]:
    """The reference endpoint."""
    app = Counted(make_app(Endpoint()))
    with serve_in_thread(app) as url:
        yield Running(f"{url}/v1", app)


@pytest.fixture(scope="session")
def faulty() -> Iterator[Running]:
    """One that leaves pictures given by URL out."""
    app = Counted(make_app(fault_named("drops-url-pictures").make()))
    with serve_in_thread(app) as url:
        yield Running(f"{url}/v1", app)


@dataclass(slots=True)
class BusyWithPictures:
    """Answers words, and puts off whatever has a picture in it."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", scope["type"] == "http"
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        if b"image_url" in body:
            await _later(send)
            return

        async def again() -> dict[str, object]:
            return {"type": "http.request", "body": body}

        await self.app(scope, again, send)


async def _later(send: Send) -> None:
    headers = [(b"retry-after", b"0")]
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": b"later"})


@pytest.fixture(scope="session")
def silent() -> Iterator[Running]:
    """One that says nothing of pictures."""
    app = Counted(BusyWithPictures(make_app(Endpoint())))
    with serve_in_thread(app) as url:
        yield Running(f"{url}/v1", app)


@pytest.fixture
def suite(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., pytest.RunResult]:
    """``suite(endpoint or None, *options)`` runs ``pytest --pyargs conformance``.

    ``apart`` is for what needs a process of its own.
    """
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)

    def run(endpoint: Running | None, *options: str, apart: bool = False) -> pytest.RunResult:
        at = (f"--conformance-base-url={endpoint.url}",) if endpoint else ()
        start = pytester.runpytest_subprocess if apart else pytester.runpytest_inprocess
        return start(
            "--pyargs",
            "conformance",
            f"--conformance-model={MODEL}",
            "--conformance-seed=committed",
            *at,
            *options,
        )

    return run
