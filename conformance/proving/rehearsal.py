"""The suite against the reference endpoint in one process, without sockets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from conformance.asgi.inprocess import InProcess
from conformance.asking.questions import READY
from conformance.controls.abilities import controls
from conformance.controls.ceiling import so_many_refused
from conformance.host.app import PictureHost
from conformance.host.sites import Sites
from conformance.model import Ability, Case, Exchange, Finding, Lab, Pictures, Probe, Target
from conformance.redact import Redactor
from conformance.reference.account import KEY, MODEL, TEXT_MODEL
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint
from conformance.running.client import Client
from conformance.running.engine import Bug, Judging
from conformance.running.live import Live

Around = Callable[[httpx.AsyncBaseTransport], httpx.AsyncBaseTransport]

#: Names only: nothing is ever sent to them.
ENDPOINT_URL = "http://127.0.0.1:1/v1"
HOST_URL = "http://127.0.0.1:2"
REFUSED_URL = "http://127.0.0.1:3"
WITNESS_URL = "http://127.0.0.1:4"

#: Seconds for a download: more than the slowest takes on a busy machine, whose time this shares.
PATIENCE = 40.0

#: Its inner address is of a range that is for documents only (RFC 5737).
TARGET = Target(
    name="reference",
    base_url=ENDPOINT_URL,
    model=MODEL,
    rule=MODEL,
    text_model=TEXT_MODEL,
    security=True,
    vouched=frozenset(Ability),
    most_pictures=50,
    most_bytes=20_000_000,
    inner_address="http://192.0.2.1/picture.png",
)


async def rehearse(
    cases: Sequence[Case],
    pictures: Pictures,
    make: Callable[..., Endpoint] = Endpoint,
    *,
    target: Target = TARGET,
    sent: Callable[[Probe], None] = lambda _: None,
    around: Around = lambda transport: transport,
    patience: float = PATIENCE,
) -> list[Finding]:
    """The findings of every case, in order. Raises our own bug, if there is one.

    ``around`` puts something between client and endpoint, such as weather; ``patience`` is how
    many seconds the endpoint waits for a download.
    """
    with TemporaryDirectory(prefix="conformance-") as folder:
        sites = _sites(Path(folder).resolve())
        endpoint = make(downloads=_routes(sites), pictures_from=(HOST_URL,))
        endpoint.downloader.patience = patience
        transport = around(httpx.ASGITransport(app=make_app(endpoint)))
        called = replace(target, base_url=ENDPOINT_URL, auth="bearer")
        async with Client(called, KEY, sites, Redactor([KEY]), transport=transport) as client:
            # Whether the endpoint is on this machine decides what is asked.
            lab = Lab(target=replace(called, base_url=target.base_url), pictures=pictures)
            found = await _judged(cases, lab, client, sent)
        await endpoint.close()
        return found


def _sites(folder: Path) -> Sites:
    host = PictureHost(HOST_URL, refused_url=REFUSED_URL)
    return Sites(host=host, witness=PictureHost(WITNESS_URL), folder=folder)


async def _judged(
    cases: Sequence[Case], lab: Lab, client: Client, sent: Callable[[Probe], None]
) -> list[Finding]:
    found: dict[str, Finding | Bug] = {}

    async def transmit(probe: Probe) -> Exchange:
        sent(probe)
        return await client.send(probe)

    judging = Judging(
        cases,
        lab,
        Live(transmit, control=READY, concurrency=16, is_hurried=True),
        controls=controls(),
        ceiling=so_many_refused,
        done=lambda outcome: found.__setitem__(outcome.case.id, outcome),
    )
    await judging.run()
    return [_finding(found[case.id]) for case in cases]


def _routes(sites: Sites) -> InProcess:
    """What the endpoint can connect to."""
    assert sites.witness is not None
    return InProcess({2: sites.host, 3: sites.host, 4: sites.witness})


def _finding(outcome: Finding | Bug) -> Finding:
    if isinstance(outcome, Bug):
        raise outcome.error
    return outcome
