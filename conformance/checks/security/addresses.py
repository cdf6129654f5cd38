"""Addresses beside and behind the endpoint, which must not be asked."""

from __future__ import annotations

import re
from dataclasses import replace

from conformance.asking import prompts, questions, sources
from conformance.checks.security._on_demand import risky, verify_here, words_of
from conformance.judging import replies, ways
from conformance.model import (
    Blocked,
    Claim,
    Credential,
    Dialogue,
    Elsewhere,
    Exchange,
    Failed,
    Hosted,
    ImagePart,
    Lab,
    Level,
    NotApplicable,
    Observed,
    Param,
    Reason,
    Symptom,
    Verbatim,
    canonical,
)
from conformance.wire import address

URL = (Claim.URL,)
#: One address in the forms that C libraries, browsers and resolvers take (WHATWG URL, section 3.5).
SPELLINGS = (
    Param(id="dotted", value="127.0.0.1"),
    Param(id="decimal", value="2130706433"),
    Param(id="octal", value="0177.0.0.1"),
    Param(id="hexadecimal", value="0x7f.0.0.1"),
    Param(id="short", value="127.1"),
    Param(id="ipv6", value="[::1]"),
    Param(id="mapped", value="[::ffff:127.0.0.1]"),
    Param(id="name", value="localhost"),
)
REDIRECTS = (
    Param(id="302", value=Elsewhere(redirects=(302,))),
    Param(id="307", value=Elsewhere(redirects=(307,))),
    Param(id="twice", value=Elsewhere(redirects=(301, 302))),
    Param(id="decimal", value=Elsewhere(spelling="2130706433", redirects=(302,))),
)


@risky(Level.SHOULD, spec=sources.SSRF, over=SPELLINGS)
def loopback_is_not_fetched(lab: Lab, spelling: str) -> Dialogue:
    """A URL that leads to another port of loopback, however it is spelled, is not fetched."""
    verify_here(lab)
    exchange = yield questions.ask_code(lab.pictures["sheet-06"], Elsewhere(spelling=spelling))
    return _no_hit(exchange)


@risky(Level.SHOULD, spec=sources.SSRF, over=REDIRECTS, needs=URL)
def redirect_into_loopback_is_not_followed(lab: Lab, via: Elsewhere) -> Dialogue:
    """A redirect of the picture host to another port of loopback is not followed."""
    verify_here(lab)
    yield from ways.through(lab, Hosted(), "url/plain")
    exchange = yield questions.ask_code(lab.pictures["sheet-07"], via)
    return _no_hit(exchange)


def _no_hit(exchange: Exchange) -> Observed:
    expected = "no request to the witness"
    hits = [fetch for fetch in exchange.fetches if fetch.path.startswith(address.AT_WITNESS)]
    if hits:
        raise Failed(
            f"the witness was asked {len(hits)} times, first by {replies.quote(hits[0].method)}; "
            f"then {_outcome(exchange)}",
            symptom=Symptom.LET_IN,
            expected=expected,
            hint="whoever may send a picture can reach what listens beside the endpoint; "
            "where its operator allows every port of this machine on purpose, this is by intent",
        )
    return Observed(
        expected=expected,
        actual=f"none; {replies.told(replies.judgeable(exchange, Symptom.REFUSAL_BREAKS))}",
    )


def _outcome(exchange: Exchange) -> str:
    return exchange.failure or replies.told(exchange)


@risky(Level.SHOULD, spec=sources.SSRF, needs=URL)
def nothing_is_fetched_without_a_key(lab: Lab) -> Dialogue:
    """The picture of a request with a wrong key is not fetched."""
    if lab.target.auth == "none":
        raise NotApplicable("the endpoint takes no key", why=Reason.UNCLAIMED)
    yield from ways.through(lab, Hosted(), "url/plain")
    probe = questions.ask_code(lab.pictures["sheet-08"], Hosted())
    exchange = yield replace(probe, credential=Credential.WRONG)
    if replies.judgeable(exchange, Symptom.REFUSAL_BREAKS).status not in (401, 403):
        raise Blocked("errors/bad-key-is-401", f"a wrong key is met with {replies.told(exchange)}")
    expected = "no fetch for a request that is refused for its key"
    if exchange.fetches:
        actual = f"{len(exchange.fetches)} fetches, then {replies.told(exchange)}"
        raise Failed(actual, symptom=Symptom.LET_IN, expected=expected)
    return Observed(expected=expected, actual=f"none; {replies.told(exchange)}")


#: What is said of an address only by those who have tried it.
_TRIED = re.compile(
    r"time[d ]*[ -]?out|connection (?:was )?(?:refused|reset|failed|error)|unreachable|no route"
    r"|(?:failed|unable|cannot|could not|couldn't) (?:to )?connect|connect ?error|connectionerror"
    r"|econn|ehostun|enetun|etimedout|dial tcp|max retries",
    re.IGNORECASE,
)


@risky(Level.MAY, spec=sources.SSRF, needs=URL)
def inner_address_is_not_tried(lab: Lab) -> Dialogue:
    """What is said of an address of an inner network does not tell that it was tried."""
    if not lab.target.inner_address:
        raise NotApplicable(
            "the target file names no inner_address under [security]", why=Reason.NOT_ASKED
        )
    # One that says "timed out" of every address tells nothing by saying it of this one.
    yield from ways.through(lab, Hosted(), "url/plain")
    part = ImagePart(picture=None, via=Verbatim(json=canonical(lab.target.inner_address)))
    exchange = yield questions.ask(part, prompts.CODE)
    expected = "a refusal that says nothing of a connection"
    if exchange.status in (408, 504) or _TRIED.search(words_of(exchange)):
        raise Failed(replies.told(exchange), symptom=Symptom.LET_IN, expected=expected)
    replies.judgeable(exchange, Symptom.REFUSAL_BREAKS)
    return Observed(expected=expected, actual=replies.told(exchange))
