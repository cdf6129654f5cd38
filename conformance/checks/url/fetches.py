"""What the picture host sees of a fetch: its headers, and how many there are."""

from __future__ import annotations

from conformance.asking import questions, sources
from conformance.checks.url._hosted import READ, URL
from conformance.drawing import codes
from conformance.judging import answers, reading, replies, ways
from conformance.model import (
    Dialogue,
    Exchange,
    Failed,
    Hosted,
    Lab,
    Level,
    Observed,
    Steps,
    Symptom,
    Unobserved,
)
from conformance.registry import check


@check(Level.MUST, spec=sources.CREDENTIALS, needs=URL)
def credentials_are_not_forwarded(lab: Lab) -> Dialogue:
    """The caller's credentials are not sent on to the picture host."""
    fetches = (yield from _fetched(lab)).fetches
    private = {"authorization", "cookie", "api-key", "x-api-key"}
    sent = sorted({k.lower() for f in fetches for k, _ in f.headers} & private)
    expected = "no credentials in any fetch"
    if sent:
        raise Failed(
            f"the picture host was sent {', '.join(sent)}",
            symptom=Symptom.LEAKED,
            expected=expected,
        )
    return Observed(expected=expected, actual=f"none in {len(fetches)} fetches")


@check(Level.SHOULD, spec=sources.IMAGE_INPUT, needs=READ, guess=codes.GUESS)
def picture_given_out_once_is_read(lab: Lab) -> Dialogue:
    """A picture that its host gives out once, as behind a link for one use, is read."""
    yield from ways.through(lab, Hosted(), "url/plain")
    picture = lab.pictures["sheet-08"]
    expected = f"the code {picture.facts.code}"

    def accepts(exchange: Exchange) -> bool:
        if exchange.attempts > 1:
            raise Unobserved("the picture may have gone to an attempt that was not answered")
        return answers.reads(replies.answered(exchange, expected), picture.facts.code)

    exchange = yield from reading.until_reply(
        questions.ask_code(picture, Hosted(once=True)), accepts, expected
    )
    return Observed(expected=expected, actual=replies.told(exchange))


@check(Level.MAY, spec=sources.IMAGE_INPUT, needs=URL)
def fetches_are_few(lab: Lab) -> Dialogue:
    """One picture in one request is fetched once, or a few times at most."""
    fetches = (yield from _fetched(lab)).fetches
    methods = ", ".join(f"{f.method} {f.status}" for f in fetches)
    agents = sorted({v for f in fetches for k, v in f.headers if k.lower() == "user-agent"})
    named = replies.quote(", ".join(agents))
    actual = f"{len(fetches)} fetches: {replies.quote(methods)}; user agent {named}"
    expected = "at most three fetches, by GET or HEAD"
    if len(fetches) > 3 or any(f.method not in ("GET", "HEAD") for f in fetches):
        raise Failed(actual, symptom=Symptom.MALFORMED, expected=expected)
    return Observed(expected=expected, actual=actual)


def _fetched(lab: Lab) -> Steps[Exchange]:
    yield from ways.through(lab, Hosted(), "url/plain")
    exchange = yield questions.ask_code(lab.pictures["sheet-05"], Hosted())
    if not exchange.fetches:
        expected = "at least one fetch of the picture"
        replies.answered(exchange, expected)
        raise Failed(
            "the picture host saw no fetch",
            symptom=Symptom.ANOTHERS,
            expected=expected,
            hint="the answer cannot come from the picture, or it was fetched for another request",
            about=exchange,
        )
    return exchange
