"""The reference endpoint plays every rule and estimator, and is recognised as it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from conformance.fingerprint.asking import Asked, UnmeasuredError, ask
from conformance.fingerprint.shots import Request
from conformance.fingerprint.verdict import conclude
from conformance.host.app import PictureHost
from conformance.model import Exchange, Probe, Target
from conformance.proving.rehearsal import ENDPOINT_URL, HOST_URL
from conformance.redact import Redactor
from conformance.reference.account import KEY
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint
from conformance.reference.eyes.decode import open_picture
from conformance.reference.eyes.looking import Sight
from conformance.running.client import Client
from conformance.tokens.rules import RULES

_SIZES: dict[bytes, tuple[int, int]] = {}


class Blind(Endpoint):
    """Bills as the reference endpoint, and decodes each picture, but once and without reading."""

    def look_at(self, data: bytes, detail: str) -> tuple[Sight, tuple[int, int]]:
        if data not in _SIZES:
            _SIZES[data] = open_picture(data).size
        return Sight(), _SIZES[data]


async def _asked(endpoint: Endpoint, wanted: tuple[Request, ...], sent: list[Probe]) -> Asked:
    host = PictureHost(HOST_URL, refused_url=HOST_URL)
    target = Target(name="played", base_url=ENDPOINT_URL, model=endpoint.model)
    transport = httpx.ASGITransport(app=make_app(endpoint))
    async with Client(target, KEY, host, Redactor([KEY]), transport=transport) as client:

        async def send(probe: Probe) -> Exchange:
            sent.append(probe)
            return await client.send(probe)

        asked = await ask(send, wanted)
    await endpoint.close()
    return asked


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", [rule.name for rule in RULES])
def test_every_rule_is_recognised(name: str, wanted: tuple[Request, ...]) -> None:
    sent: list[Probe] = []
    asked = asyncio.run(_asked(Blind(model=name), wanted, sent))
    assert len(sent) < 16
    assert asked.lost == ()
    found = conclude(name, asked.measured).found
    assert found is not None
    assert name in found.names
    assert found.fit.way.name == "plain"
    assert found.likelihood > 0.99


@pytest.mark.parametrize("name", ["gpt-4o", "qwen2.5-vl"])
def test_endpoint_that_looks_is_recognised_too(name: str, wanted: tuple[Request, ...]) -> None:
    asked = asyncio.run(_asked(Endpoint(model=name), wanted, []))
    found = conclude(name, asked.measured).found
    assert found is not None
    assert name in found.names


class _WithoutUsage(Blind):
    def finish(self, made: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in made.items() if k != "usage"}


class _Absurd(Blind):
    def bill(self, conversation: Any) -> int:
        return 10**9


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(_WithoutUsage, "carries no prompt_tokens"), (_Absurd, "more than 10,000,000")],
)
def test_endpoint_that_gives_no_figures(
    kind: type[Endpoint], reason: str, wanted: tuple[Request, ...]
) -> None:
    with pytest.raises(UnmeasuredError, match=reason):
        asyncio.run(_asked(kind(model="gpt-4o"), wanted, []))
