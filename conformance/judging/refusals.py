"""Judgements of refusals: an open one is due, or as good as an answer; one in disguise never is."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from conformance.judging import answers
from conformance.judging.reading import picks, until
from conformance.judging.replies import judgeable, member, told
from conformance.model import Exchange, Failed, Observed, Probe, Steps, Symptom
from conformance.wire.jsontext import NotJson, at, parse, text_at


def has_error_object(exchange: Exchange) -> bool:
    """True where the body is an error object with a message."""
    return bool(text_at(member(exchange), "error", "message").strip())


def is_refusal(exchange: Exchange) -> bool:
    """True for a 4xx with an error object. Raises as ``judgeable`` does."""
    return 400 <= judgeable(exchange).status < 500 and has_error_object(exchange)


def refuses(probe: Probe, what: str) -> Steps[Observed]:
    """The request must be refused with a 4xx and an error object."""
    expected = f"a 4xx with an error object for {what}"
    exchange = yield probe
    verify_refusal(exchange, expected)
    return Observed(expected=expected, actual=told(exchange), about=exchange)


def verify_refusal(exchange: Exchange, expected: str) -> None:
    """Raises Failed unless a reply is a 4xx with an error object."""
    if not 400 <= judgeable(exchange, Symptom.REFUSAL_BREAKS).status < 500:
        raise Failed(
            told(exchange), symptom=overlooked(exchange), expected=expected, about=exchange
        )
    if not has_error_object(exchange):
        actual = f"no error object in {told(exchange)}"
        symptom = Symptom.NO_ERROR_OBJECT
        raise Failed(actual, symptom=symptom, expected=expected, about=exchange)


def overlooked(exchange: Exchange) -> Symptom:
    """What a reply that is no refusal is, where a refusal was due."""
    is_error = exchange.reply.is_error or is_error_text(exchange.reply.text)
    is_said = exchange.status == 200 and is_error
    return Symptom.ERROR_AS_ANSWER if is_said else Symptom.OVERLOOKED


def refuses_or(
    probe: Probe,
    accepts: Callable[[str], bool],
    what: str,
    seen: str,
    symptom: Symptom | None = None,
) -> Steps[Observed]:
    """The request must be refused with an error object, or its picture read; never ignored."""
    expected = f"{seen}, or a 4xx with an error object, for {what}"
    exchange = yield probe
    if 400 <= judgeable(exchange, Symptom.REFUSAL_BREAKS).status < 500:
        verify_refusal(exchange, expected)
        actual = f"refused: {told(exchange)}"
        return Observed(expected=expected, actual=actual, about=exchange)
    exchange = yield from until(probe, accepts, expected, symptom)
    return Observed(expected=expected, actual=f"accepted: {told(exchange)}", about=exchange)


def reads_or_refuses(probe: Probe, code: str, what: str) -> Steps[Observed]:
    """The code must be read, or the request refused with an error object."""
    seen = f"the code {code}"
    return refuses_or(probe, lambda words: answers.reads(words, code), what, seen)


def picks_or_refuses(
    probe: Probe, code: str, all_codes: Collection[str], what: str
) -> Steps[Observed]:
    """As ``picks``, where the request may be refused with an error object as well."""
    expected = f"the code {code} and no other, or a 4xx with an error object, for {what}"
    exchange = yield probe
    if 400 <= judgeable(exchange, Symptom.REFUSAL_BREAKS).status < 500:
        verify_refusal(exchange, expected)
        return Observed(expected=expected, actual=f"refused: {told(exchange)}", about=exchange)
    return (yield from picks(probe, code, all_codes))


#: How libraries and gateways begin to say that a request failed, and what models do not add.
_BEGINS = re.compile(
    r"\W{0,3}(?:api |upstream |provider )?(?:error\b|[\w.]{0,60}(?:error|exception):)",
    re.IGNORECASE,
)
_TECHNICAL = re.compile(
    r"\b[45]\d\d\b|\binvalid_\w|\bupstream\b|unsupported image|cannot identify image|Traceback"
)


def is_error_text(words: str) -> bool:
    """Whether an answer is an error message that was written where an answer stands."""
    head = words[:2000].strip()
    value = parse(re.sub(r"^\w{0,20}:\s*(?={)", "", head).encode("utf-8", "replace"))
    if not isinstance(value, NotJson) and isinstance(at(value, "error"), dict):
        return True
    return bool(_BEGINS.match(head) and _TECHNICAL.search(head))
