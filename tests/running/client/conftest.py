"""A client for one target, with a picture host that hands out addresses and counts them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx
import pytest
import respx

from conformance.model import Exchange, Fetch, Hosted, Picture, Probe, Target
from conformance.redact import Redactor
from conformance.running.client import Bounds, Client

BASE = "http://127.0.0.1:9/v1"
#: Needs escaping in JSON, in URLs and in regular expressions.
KEY = 'sk-"Q+u/o\\t=e$-0123456789'
BOUNDS = Bounds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    url: str
    token: str


@dataclass(slots=True)
class FakeHost:
    """Places pictures under numbered addresses; remembers what was forgotten."""

    log: dict[str, tuple[Fetch, ...]] = field(default_factory=dict)
    placed: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)

    def place(self, picture: Picture, hosted: Hosted) -> Placed:
        token = f"token-{len(self.placed)}"
        self.placed.append(token)
        return Placed(url=f"http://127.0.0.1:8/{token}/{hosted.path}", token=token)

    def fetches(self, token: str) -> tuple[Fetch, ...]:
        return self.log.get(token, ())

    def forget(self, token: str) -> None:
        self.forgotten.append(token)


Send = Callable[..., Exchange]


@pytest.fixture
def host() -> FakeHost:
    return FakeHost()


@pytest.fixture
def key() -> str:
    return KEY


@pytest.fixture
def target() -> Callable[..., Target]:
    def make(**changes: object) -> Target:
        return Target(**{"name": "t", "base_url": BASE, "model": "m", **changes})

    return make


@pytest.fixture
def send(host: FakeHost, target: Callable[..., Target]) -> Send:
    """Sends one probe: ``send(probe, **changes of target)``."""

    def one(
        probe: Probe, *, key: str = KEY, bounds: Bounds = BOUNDS, **changes: object
    ) -> Exchange:
        async def sent() -> Exchange:
            async with Client(
                target(**changes), key, host, Redactor([key]), bounds=bounds
            ) as client:
                return await client.send(probe)

        return asyncio.run(sent())

    return one


@pytest.fixture
def wire() -> Iterator[respx.MockRouter]:
    """The endpoint, mocked where httpx meets the wire."""
    with respx.mock(base_url=BASE, assert_all_called=False) as router:
        yield router


@pytest.fixture
def chat(wire: respx.MockRouter) -> respx.Route:
    return wire.post("/chat/completions").mock(httpx.Response(200, json={"choices": []}))
