"""Requests to measurements: sends what was planned, and reads the usage."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from conformance.asking import prompts
from conformance.fingerprint.pictures import picture, weighed
from conformance.fingerprint.planned import plan
from conformance.fingerprint.shots import Measured, Request, Shot
from conformance.model import Exchange, ImagePart, Inline, Part, Probe, TextPart, Turn, canonical

Send = Callable[[Probe], Awaitable[Exchange]]
#: Requests under way at once.
AT_ONCE = 4
#: Fewer answers than this say nothing.
LEAST = 9
#: More prompt tokens than this no request of ours can have.
IMPOSSIBLE = 10_000_000


class UnmeasuredError(Exception):
    """Too few requests gave a usage; one sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came back: measurements, and why the other requests gave none."""

    measured: tuple[Measured, ...]
    lost: tuple[str, ...]


def requests() -> tuple[Request, ...]:
    """The plan, with the true weight of each picture."""
    return tuple(weighed(request) for request in plan())


def probe(request: Request, sample: int = 0) -> Probe:
    """The question about the pictures of a request; its text is the same for all."""
    parts: list[Part] = [_part(shot) for shot in request]
    return Probe(turns=(Turn(parts=(*parts, TextPart(text=prompts.NO_PICTURE))),), sample=sample)


def _part(shot: Shot) -> ImagePart:
    drawn = picture(shot.weighing(0))
    return ImagePart(picture=drawn, via=Inline(), detail=canonical(shot.detail))


async def ask(send: Send, wanted: Sequence[Request]) -> Asked:
    """Sends every request once. Raises UnmeasuredError where too few are answered."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, request: Request) -> Measured | str:
        async with gate:
            return _measured(request, await send(probe(request, number)))

    found = await asyncio.gather(*(one(i, r) for i, r in enumerate(wanted)))
    measured = tuple(m for m in found if isinstance(m, Measured))
    lost = tuple(m for m in found if isinstance(m, str))
    if len(measured) < min(LEAST, len(wanted)):
        raise UnmeasuredError(
            f"only {len(measured)} of {len(wanted)} requests gave a usage: {lost[0]}"
        )
    return Asked(measured=measured, lost=lost)


def _measured(request: Request, exchange: Exchange) -> Measured | str:
    if exchange.failure:
        return exchange.failure
    if exchange.status != 200 or exchange.reply.is_error:
        told = exchange.reply.error_message or "no reason given"
        return f"HTTP status {exchange.status}: {told[:200]}"
    usage = exchange.reply.usage
    if usage is None or usage.prompt is None:
        return "the reply carries no prompt_tokens"
    if usage.prompt > IMPOSSIBLE:
        return f"the reply counts more than {IMPOSSIBLE:,} prompt_tokens"
    return Measured(shots=request, tokens=usage.prompt)
