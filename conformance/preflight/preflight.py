"""One plain question before the suite, so that a wrong call ends with one clear sentence.

It knows a wrong call only where every case would come to nothing for one and the same reason.
Whatever else is wrong is for the suite to find out.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from conformance.asking.questions import READY
from conformance.judging.refusals import has_error_object
from conformance.model import Exchange, Probe, Service, Target
from conformance.preflight import gatekeepers, wrongcalls
from conformance.preflight.gatekeepers import GATEWAY
from conformance.running.patience import retry_after
from conformance.wire import trouble
from conformance.wire.jsontext import NotJson, at, items_at, parse, text_at

Send = Callable[[Target, Probe], Awaitable[Exchange]]

#: Seconds before each further try of what may pass by itself. Five tries in a row in trouble, of
#: weather that spoils one reply in five, come to one run in 3,000.
WAITS = (0.3, 0.7, 1.3, 2.2)
#: Tries of what is not likely to pass: one of several back ends may refuse what the others take.
_FEW = 2
#: Wire troubles that pass soon, if they pass.
_SHORT = frozenset({trouble.RESET, trouble.CUT})
#: Statuses that are trouble of the moment, and of servers that never do what they were asked.
_LATER, _NEVER = frozenset({408, 429}), frozenset({501, 505})


class PreflightError(Exception):
    """The endpoint cannot be tested as called; one sentence says why and what to do."""


async def preflight(target: Target, send: Send, waits: Sequence[float] = WAITS) -> None:
    """Raises PreflightError where every case would fail for one and the same trivial reason.

    ``send`` tries once. ``waits`` are seconds before each further try.
    """
    exchange = await _patiently(target, send, waits)
    if is_completion(exchange):
        return
    if exchange.status:
        await _try_v1(target, exchange, send)
    if gatekeepers.is_about_the_model(exchange):
        listed = await send(target, Probe(service=Service.MODELS))
        raise PreflightError(wrongcalls.unknown_model(target, exchange, _model_names(listed)))
    if sentence := wrongcalls.sentence(target, exchange):
        raise PreflightError(sentence)


def is_completion(exchange: Exchange) -> bool:
    """True where a chat completion came, streamed or not."""
    value = parse(exchange.body)
    is_chat = not isinstance(value, NotJson) and at(value, "choices") is not None
    return is_chat or (exchange.status == 200 and bool(exchange.reply.text.strip()))


# ---------------------------------------------------------------- asking


async def _patiently(target: Target, send: Send, waits: Sequence[float]) -> Exchange:
    """A chat completion, or the last of as many tries as are worth it."""
    exchange = await send(target, READY)
    left = sum(waits)
    for tries, wait in enumerate(waits, start=1):
        if is_completion(exchange) or tries >= _most_tries(exchange):
            break
        # Nobody waits a minute at the door: what asks for that is told at once.
        pause = max(wait, retry_after(exchange.header("retry-after")) or 0.0)
        if pause > left:
            break
        left -= pause
        await asyncio.sleep(pause)
        exchange = await send(target, READY)
    return exchange


def _most_tries(exchange: Exchange) -> float:
    if gatekeepers.is_out_of_quota(exchange):
        return 1
    is_page = gatekeepers.is_page(exchange)
    is_broken = exchange.trouble == trouble.MALFORMED and not is_page
    is_later = exchange.status in _LATER or exchange.status >= 500
    is_known = gatekeepers.is_about_the_model(exchange) or exchange.status in _NEVER
    if exchange.trouble in _SHORT or is_broken or (is_later and not is_known):
        return _FEW if gatekeepers.guard_of(exchange) else math.inf
    return _FEW


async def _try_v1(target: Target, first: Exchange, send: Send) -> None:
    """Raises PreflightError where the API is found below /v1."""
    is_elsewhere = first.status in (404, 405) or first.status < 400 or gatekeepers.is_page(first)
    if target.base_url.endswith("/v1") or not is_elsewhere or first.status in GATEWAY:
        return
    better = f"{target.base_url}/v1"
    second = await send(replace(target, base_url=better), READY)
    is_other = not has_error_object(first) or second.status != first.status
    if is_completion(second) or (has_error_object(second) and is_other):
        raise PreflightError(
            f"there are no chat completions at {target.base_url}, but at {better}: "
            f"use --base-url {better}"
        )


def _model_names(exchange: Exchange) -> list[str]:
    value = parse(exchange.body)
    if isinstance(value, NotJson):
        return []
    return [n for n in (text_at(m, "id")[:100] for m in items_at(value, "data")[:1000]) if n]
