"""The most tokens that a request may take, before it is sent."""

from __future__ import annotations

from typing import Final

from conformance.model import Json, Probe, Service, Target, pictures_of
from conformance.running.budget import NOTHING, Tokens
from conformance.tokens.dearest import dearest
from conformance.wire import address, chat
from conformance.wire.jsontext import NotJson, parse, whole_at

#: Tokens of an answer that nobody bounds: the most output of GPT-5 (OpenAI's page of the model,
#: "128,000 max output tokens", 2025-08).
UNBOUNDED: Final = 128_000
#: Tokens around the words of a request: what begins and ends it, and instructions of the house.
FRAME: Final = 100
_OUTPUT: Final = ("max_tokens", "max_completion_tokens", "max_output_tokens")


def most_tokens(probe: Probe, target: Target) -> Tokens:
    """Prompt: a token for each byte of the words, and pictures by the dearest reading.

    No tokenizer that falls back on bytes makes more tokens than that. Completion: the output limit
    of the request, for each answer that it asks for.
    """
    body = chat.write_body(probe, target, address.symbolic)
    if not body:
        return NOTHING
    pictures = sum(dearest(p, target.rule, target.model) for p in pictures_of(probe))
    prompt = len(body) + FRAME + pictures
    if probe.service is Service.COUNT_TOKENS:
        return Tokens(prompt=prompt)
    return Tokens(prompt=prompt, completion=_completion(parse(body), target.output_tokens))


def _completion(body: Json | NotJson, usual: int) -> int:
    value = {"max_tokens": usual} if isinstance(body, NotJson) else body
    said = [n for name in _OUTPUT if (n := whole_at(value, name)) is not None]
    return (max(said) if said else UNBOUNDED) * max(1, whole_at(value, "n") or 1)
