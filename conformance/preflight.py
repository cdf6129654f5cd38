"""One plain question before the suite, so that a wrong call ends with one clear sentence."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from difflib import get_close_matches

from conformance.dialogue import READY, has_error_object, quote
from conformance.model import Exchange, Probe, Service, Target
from conformance.wire.jsontext import NotJson, at, items_at, parse, text_at

Send = Callable[[Target, Probe], Awaitable[Exchange]]


class PreflightError(Exception):
    """The endpoint cannot be tested as called; one sentence says why and what to do."""


async def preflight(target: Target, send: Send) -> None:
    """Raises PreflightError where every case would fail for one and the same trivial reason."""
    exchange = await send(target, READY)
    if exchange.failure:
        raise PreflightError(_unreachable(target, exchange.failure))
    if _is_completion(exchange):
        return
    if exchange.status in (401, 403):
        raise PreflightError(_wrong_key(target, exchange))
    if exchange.status in (404, 405) or exchange.status < 400:
        await _try_v1(target, send)
    if exchange.status in (400, 404) and "model" in exchange.reply.error_message.lower():
        raise PreflightError(await _unknown_model(target, exchange, send))
    if exchange.status in (404, 405) or (exchange.status < 400 and not has_error_object(exchange)):
        raise PreflightError(
            f"{target.base_url}/chat/completions answered {exchange.status} and no chat "
            "completion: check --base-url; it is the address that ends before /chat/completions"
        )


def _is_completion(exchange: Exchange) -> bool:
    value = parse(exchange.body)
    return not isinstance(value, NotJson) and at(value, "choices") is not None


def _unreachable(target: Target, failure: str) -> str:
    url = target.base_url
    lower = failure.lower()
    if "certificate" in lower or "ssl" in lower or "tls" in lower:
        return (
            f"no secure connection to {url}: {failure}; check that the address is https, and for a "
            "certificate of your own set SSL_CERT_FILE to its authority"
        )
    if failure.startswith("cannot connect"):
        return f"{url} cannot be reached: {failure}; check --base-url and that the endpoint runs"
    return f"{url} gives no answer: {failure}; check --base-url, or raise --timeout"


def _wrong_key(target: Target, exchange: Exchange) -> str:
    told = quote(exchange.reply.error_message)
    if target.auth == "none":
        return (
            f"the endpoint wants a key ({exchange.status}: {told}), but the target file says "
            'auth = "none": remove that line and set the key in the environment'
        )
    return (
        f"the endpoint refused the key in {target.key_env} ({exchange.status}: {told}): "
        "check the variable, or name another with --api-key-env"
    )


async def _try_v1(target: Target, send: Send) -> None:
    if target.base_url.endswith("/v1"):
        return
    better = f"{target.base_url}/v1"
    exchange = await send(replace(target, base_url=better), READY)
    if _is_completion(exchange) or has_error_object(exchange):
        raise PreflightError(
            f"there are no chat completions at {target.base_url}, but at {better}: "
            f"use --base-url {better}"
        )


async def _unknown_model(target: Target, exchange: Exchange, send: Send) -> str:
    listed = await send(target, Probe(service=Service.MODELS))
    names = _model_names(listed)
    near = get_close_matches(target.model, names, n=3, cutoff=0.3) or names[:3]
    shown = f"; it lists {', '.join(near)}" if near else ""
    told = quote(exchange.reply.error_message)
    return f"the endpoint does not know the model {target.model!r} ({told}){shown}: check --model"


def _model_names(exchange: Exchange) -> list[str]:
    value = parse(exchange.body)
    if isinstance(value, NotJson):
        return []
    return [n for n in (text_at(m, "id")[:100] for m in items_at(value, "data")[:1000]) if n]
