"""A host that takes the request and never answers."""

from __future__ import annotations

from dataclasses import replace

from conformance.asking import questions, sources
from conformance.checks.url._hosted import URL
from conformance.drawing import codes
from conformance.judging import aftermath, answers, reading, refusals, replies, ways
from conformance.model import (
    Dialogue,
    Exchange,
    Failed,
    Hosted,
    Lab,
    Level,
    Observed,
    Probe,
    Steps,
    Symptom,
    Unobserved,
)
from conformance.registry import check
from conformance.wire import trouble

#: Seconds before the first byte: longer than a reply is waited for.
SILENT = 150.0
#: Seconds after which a reply that has not come is not just slow.
LONG = 60.0
#: Samples of the controls, so that no reply from before is taken for them.
AFTERWARDS = 4
#: One hang may be weather.
ASKED_TWICE = 2


@check(Level.MAY, spec=sources.IMAGE_INPUT, needs=URL, guess=codes.GUESS, steps=30)
def silent_host_is_given_up(lab: Lab) -> Dialogue:
    """A host that never answers is given up with an error object, not waited for without end."""
    yield from ways.through(lab, Hosted(), "url/plain")
    picture = lab.pictures["sheet-04"]
    expected = "a 4xx or 5xx with an error object for a picture host that never answers"
    silent = questions.ask_code(picture, Hosted(first_byte=SILENT))
    exchange = yield from _replied(silent, expected)
    actual = f"{replies.told(exchange)} after {exchange.elapsed:.0f} s"
    if exchange.status in trouble.LATER:
        raise Unobserved(actual, expected=expected, about=exchange)
    if exchange.status == 200:
        symptom = reading.unread(exchange)
        if not answers.reads(replies.answered(exchange, expected), picture.facts.code):
            raise Failed(actual, symptom=symptom, expected=expected, about=exchange)
    elif not refusals.has_error_object(exchange):
        yield from aftermath.verify_alive(expected, AFTERWARDS)
        symptom = Symptom.NO_ERROR_OBJECT
        raise Failed(actual, symptom=symptom, expected=expected, about=exchange)
    return Observed(expected=expected, actual=actual, about=exchange)


def _replied(silent: Probe, expected: str) -> Steps[Exchange]:
    """The reply, however late. Raises Failed where there is none while others get theirs."""
    for sample in range(ASKED_TWICE):
        # Sent once each time: that it takes long is what it is sent for.
        exchange = yield replace(silent, sample=sample, is_risky=True)
        if not exchange.failure:
            return exchange
        if not exchange.fetches or exchange.elapsed < LONG:
            raise Unobserved(exchange.failure, expected=expected, about=exchange)
        yield from aftermath.verify_alive(expected, AFTERWARDS + sample)
    actual = f"{exchange.failure}, {ASKED_TWICE} times, while it answers other requests"
    hint = "the download has no time limit of its own"
    symptom = Symptom.NO_REPLY
    raise Failed(actual, symptom=symptom, expected=expected, hint=hint, about=exchange)
