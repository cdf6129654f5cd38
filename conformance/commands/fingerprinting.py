"""``fingerprint``: which rule an endpoint bills by, told from a handful of pictures."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from conformance import outlets
from conformance import target as targets
from conformance.commands.telling import complain, tell
from conformance.fingerprint.asking import Asked, Send, UnmeasuredError, ask, requests
from conformance.fingerprint.bill import bill_of_fingerprint
from conformance.fingerprint.shots import Request, cost
from conformance.fingerprint.verdict import Conclusion, conclude
from conformance.fingerprint.words import named, probability, sentence
from conformance.host.app import PictureHost
from conformance.host.sites import Sites
from conformance.model import Exchange, Probe, Target
from conformance.redact import Redactor
from conformance.report import billchart
from conformance.report.screen import Screen
from conformance.report.text import line
from conformance.running.client import Bounds, Client
from conformance.tokens.rules import RULES, claimed

WRONG_CALL = 2
CANNOT_TELL = 3
#: How many rules of the ranking are shown.
SHOWN = 6
#: Nothing is fetched: every picture is sent as a data URL.
_NO_HOST = "http://127.0.0.1:2"


def fingerprint(
    base_url: str | None,
    model: str | None,
    *,
    api_key_env: str | None = None,
    target: str | None = None,
    chart: str | None = None,
    timeout: float = 120.0,
) -> int:
    """Exit status: 0 the rule was recognised, 2 wrong call, 3 it cannot tell.

    ``chart`` names an SVG file to write.
    """
    given = {"base_url": base_url, "model": model, "key_env": api_key_env}
    path = Path(target).expanduser() if target else None
    try:
        loaded = targets.load(path, overrides=given, environ=os.environ)
        key = targets.api_key(loaded.target, os.environ)
    except targets.TargetError as error:
        complain(f"{error}")
        return WRONG_CALL
    try:
        asked = _measured(loaded, key, timeout)
    except UnmeasuredError as error:
        complain(f"cannot tell: {error}")
        return CANNOT_TELL
    found = conclude(loaded.target.model, asked.measured, claimed(loaded.target.model))
    show(asked, found, Screen())
    return _written(found, chart) or (0 if found.found else CANNOT_TELL)


def _measured(loaded: targets.Loaded, key: str, timeout: float) -> Asked:
    """Says what the requests will cost, and sends them. Raises UnmeasuredError."""
    wanted = requests()
    tell(expectation(loaded.target, wanted))
    return asyncio.run(_asked(loaded, key, timeout, wanted))


async def _asked(
    loaded: targets.Loaded, key: str, timeout: float, wanted: Sequence[Request]
) -> Asked:
    target, redactor = loaded.target, Redactor((*loaded.secrets, key))
    host = Sites(host=PictureHost(_NO_HOST, refused_url=_NO_HOST))
    bounds = Bounds(seconds=timeout)
    async with Client(target, key, host, redactor, bounds=bounds) as client:
        return await ask(_paced(client.send, target.requests_per_minute), wanted)


def _paced(send: Send, per_minute: int | None) -> Send:
    """The same, never faster than the target's rate."""
    if not per_minute:
        return send
    turn = asyncio.Lock()

    async def waiting(probe: Probe) -> Exchange:
        async with turn:
            await asyncio.sleep(60 / per_minute)
        return await send(probe)

    return waiting


def expectation(target: Target, wanted: Sequence[Request]) -> str:
    """What the requests will cost, in a sentence, before they are sent."""
    claims = claimed(target.model)
    known = claims or RULES
    bills = sorted(sum(cost(rule, shots) for shots in wanted) for rule in known)
    tokens = bills[-1] if claims else bills[int(0.9 * len(bills))]
    by = f"by the rule of {claims[0].name}" if claims else "by nine known rules in ten"
    pictures = sum(len(shots) for shots in wanted)
    price = ""
    if target.price_input is not None:
        price = f", {tokens * target.price_input / 1e6:.2f} in money"
    return (
        f"{len(wanted)} requests with {pictures} pictures, at most about {tokens:,} image tokens "
        f"{by}{price}"
    )


def show(asked: Asked, found: Conclusion, console: Console) -> None:
    """The ranking and the conclusion, on the screen."""
    table = Table(box=None, pad_edge=False)
    for heading in ("rule", "likelihood", "factor", "a picture more", "unexplained"):
        table.add_column(heading, justify="left" if heading == "rule" else "right")
    for ranked in found.ranking[:SHOWN]:
        fit = ranked.fit
        unexplained = f"{len(fit.unexplained)} of {len(fit.residuals)}"
        factor, each = f"{fit.factor:.3f}", f"{fit.each:+.0f}"
        table.add_row(
            line(named(ranked)), probability(ranked.likelihood), factor, each, unexplained
        )
    console.print(table)
    for reason in sorted(set(asked.lost)):
        tell(f"a request gave no usage: {reason}")
    tell(sentence(found))


def _written(found: Conclusion, chart: str | None) -> int:
    if chart is None:
        return 0
    try:
        drawn = billchart.chart(bill_of_fingerprint(found), alone=True)
        outlets.write(Path(chart), f"{drawn}\n")
    except OSError as error:
        complain(f"{chart} cannot be written: {error.strerror}")
        return WRONG_CALL
    return 0
