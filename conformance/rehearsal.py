"""The suite against the reference endpoint in one process, without sockets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import httpx

from conformance.client import Client
from conformance.engine import Bug, judge_all
from conformance.host.app import PictureHost
from conformance.model import Case, Exchange, Finding, Lab, Pictures, Probe, Target
from conformance.redact import Redactor
from conformance.reference.app import make_app
from conformance.reference.endpoint import KEY, MODEL, Endpoint
from conformance.senders import Live

#: Names only: nothing is ever sent to them.
ENDPOINT_URL = "http://127.0.0.1:1/v1"
HOST_URL = "http://127.0.0.1:2"

TARGET = Target(name="reference", base_url=ENDPOINT_URL, model=MODEL, rule=MODEL)


async def rehearse(
    cases: Sequence[Case],
    pictures: Pictures,
    make: Callable[..., Endpoint] = Endpoint,
    *,
    target: Target = TARGET,
    sent: Callable[[Probe], None] = lambda _: None,
) -> list[Finding]:
    """The findings of every case, in order. Raises our own bug, if there is one."""
    host = PictureHost(HOST_URL, refused_url="http://127.0.0.1:3")
    endpoint = make(downloads=httpx.ASGITransport(app=host))
    redactor = Redactor([KEY])
    transport = httpx.ASGITransport(app=make_app(endpoint))
    rehearsed = replace(target, base_url=ENDPOINT_URL, auth="bearer")
    found: dict[str, Finding | Bug] = {}

    async with Client(rehearsed, KEY, host, redactor, transport=transport) as client:

        async def transmit(probe: Probe) -> Exchange:
            sent(probe)
            return await client.send(probe)

        live = Live(transmit, concurrency=16)
        lab = Lab(target=rehearsed, pictures=pictures)
        await judge_all(cases, lab, live, done=lambda o: found.__setitem__(o.case.id, o))
    await endpoint.close()
    return [_finding(found[case.id]) for case in cases]


def _finding(outcome: Finding | Bug) -> Finding:
    if isinstance(outcome, Bug):
        raise outcome.error
    return outcome
