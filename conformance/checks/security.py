"""What must not be fetched, opened or taken whole. Sent on demand only, and after all the rest.

A second host of ours, at another port of this machine, is the witness: what reaches it is proof,
and does no harm.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from dataclasses import replace
from functools import lru_cache, partial
from urllib.parse import urlsplit

from conformance.asking import prompts, questions, sources
from conformance.drawing import bomb, codes, flood
from conformance.judging import aftermath, answers, refusals, replies, ways
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
    Inline,
    Lab,
    Level,
    LocalFile,
    NotApplicable,
    Observed,
    Param,
    Picture,
    Probe,
    Reason,
    Steps,
    Symptom,
    Verbatim,
    canonical,
)
from conformance.registry import check
from conformance.wire import address

#: Every check here could do harm.
risky = partial(check, opt_in=True)

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
FILES = (
    Param(id="url", value="file://"),
    Param(id="url-of-localhost", value="file://localhost"),
    Param(id="upper-case-url", value="FILE://"),
    Param(id="path", value=""),
)
BOMB = "bomb"
DANGERS = (
    *(Param(id=kind, value=kind, needs=frozenset({Claim.URL})) for kind in flood.KINDS),
    Param(id=BOMB, value=BOMB, needs=frozenset({Claim.DATA_URL})),
)
#: Width in pixels of a bomb, 48 times that of the picture it is made of: 377 million pixels.
BOMB_WIDTH = 24576
#: What is asked after a danger is counted from here, apart from what other areas ask.
CONTROL = 1000


def _verify_here(lab: Lab) -> None:
    """The witness and the files are on this machine, and so must be whoever could reach them."""
    host = urlsplit(lab.target.base_url).hostname or ""
    try:
        is_here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_here = host == "localhost"
    if not is_here:
        raise NotApplicable(
            "the endpoint is not on this machine, where the witness is", why=Reason.NOT_OFFERED
        )


# ---------------------------------------------------------------- requests that must not be made


@risky(Level.SHOULD, spec=sources.SSRF, over=SPELLINGS)
def loopback_is_not_fetched(lab: Lab, spelling: str) -> Dialogue:
    """A URL that leads to another port of loopback, however it is spelled, is not fetched."""
    _verify_here(lab)
    exchange = yield questions.ask_code(lab.pictures["sheet-06"], Elsewhere(spelling=spelling))
    return _no_hit(exchange)


@risky(Level.SHOULD, spec=sources.SSRF, over=REDIRECTS, needs=URL)
def redirect_into_loopback_is_not_followed(lab: Lab, via: Elsewhere) -> Dialogue:
    """A redirect of the picture host to another port of loopback is not followed."""
    _verify_here(lab)
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
    if exchange.status in (408, 504) or _TRIED.search(_words(exchange)):
        raise Failed(replies.told(exchange), symptom=Symptom.LET_IN, expected=expected)
    replies.judgeable(exchange, Symptom.REFUSAL_BREAKS)
    return Observed(expected=expected, actual=replies.told(exchange))


def _words(exchange: Exchange) -> str:
    """What an error says; "" for an answer."""
    if exchange.status == 200 and not exchange.reply.is_error:
        return ""
    return exchange.reply.error_message or exchange.body[:10_000].decode("utf-8", "replace")


# ---------------------------------------------------------------- files that must not be opened


@risky(Level.SHOULD, spec=sources.FILE_PATHS, over=FILES)
def file_is_not_opened(lab: Lab, scheme: str) -> Dialogue:
    """A picture that is given by the path of a file of the endpoint's machine is not read."""
    _verify_here(lab)
    picture = lab.pictures["sheet-09"]
    exchange = yield questions.ask_code(picture, LocalFile(scheme=scheme))
    expected = "anything but the code in the file"
    if answers.reads(
        replies.judgeable(exchange, Symptom.REFUSAL_BREAKS).reply.text, picture.facts.code
    ):
        raise Failed(
            f"the file was read: {replies.told(exchange)}",
            symptom=Symptom.LET_IN,
            expected=expected,
        )
    return Observed(expected=expected, actual=replies.told(exchange))


#: What is said of a file only by those who have looked for it.
_LOOKED = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        r"no such file|does ?n[o']t exist|file ?not ?found|not found|cannot find|enoent",
        r"cannot identify|unidentified|not an? (?:valid )?(?:image|picture)|decod|unsupported im",
        r"permission denied|access denied|eacces",
    )
)


@risky(Level.SHOULD, spec=sources.FILE_PATHS, over=(FILES[0], FILES[-1]))
def file_errors_tell_nothing(lab: Lab, scheme: str) -> Dialogue:
    """What is said of a path does not depend on whether a file is there."""
    _verify_here(lab)
    expected = "one answer, whether a file is there or not"
    for sample in range(2):
        there = yield from _said_of(lab, LocalFile(scheme=scheme), sample)
        missing = yield from _said_of(lab, LocalFile(scheme=scheme, missing=True), sample)
        if _kind(there) == _kind(missing):
            return Observed(
                expected=expected, actual=f"{replies.told(there)}; {replies.told(missing)}"
            )
    actual = (
        f"{replies.told(there)} where there is one, {replies.told(missing)} where there is none"
    )
    raise Failed(actual, symptom=Symptom.LEAKED, expected=expected)


def _said_of(lab: Lab, via: LocalFile, sample: int) -> Steps[Exchange]:
    exchange = yield replace(questions.ask_code(lab.pictures["text"], via), sample=sample)
    return replies.judgeable(exchange, Symptom.REFUSAL_BREAKS)


def _kind(exchange: Exchange) -> tuple[int, ...]:
    """The status of a reply, and which sorts of words are in it."""
    return (exchange.status, *(bool(sort.search(_words(exchange))) for sort in _LOOKED))


# ---------------------------------------------------------------- more than anybody wants


def _flooded(lab: Lab, kind: str) -> Probe:
    return questions.ask_code(lab.pictures["sheet-10"], Hosted(instead=kind))


@risky(Level.SHOULD, spec=sources.RESOURCES, over=(flood.ENDLESS, flood.VAST), needs=URL)
def endless_download_is_cut(lab: Lab, kind: str) -> Dialogue:
    """A download that does not end is cut off, and the request refused with a 4xx."""
    yield from ways.through(lab, Hosted(), "url/plain")
    expected = f"a 4xx with an error object, before {_mega(flood.PADDING)} were sent"
    exchange = yield from _outlived(_flooded(lab, kind), expected, _number(kind))
    # What stands between, such as a tunnel, takes all there is and asks nobody.
    is_direct = not lab.target.picture_host_url
    taken = max((fetch.bytes_sent for fetch in exchange.fetches), default=0)
    if is_direct and taken >= flood.PADDING:
        raise Failed(
            f"it took all {_mega(taken)}, then {replies.told(exchange)}",
            symptom=Symptom.LET_IN,
            expected=expected,
        )
    if is_direct and exchange.status == 200 and _is_read(lab, exchange):
        return Observed(expected=expected, actual=f"read from its first {_mega(taken)}")
    return _refused(exchange, expected, f"after {_mega(taken)}")


@risky(Level.SHOULD, spec=sources.BOMBS, needs=URL)
def inflated_download_is_refused(lab: Lab) -> Dialogue:
    """A download that is small and inflates without end is refused with a 4xx."""
    yield from ways.through(lab, Hosted(), "url/plain")
    expected = f"a 4xx with an error object for {_mega(flood.PADDING)} in less than one"
    exchange = yield from _outlived(
        _flooded(lab, flood.INFLATED), expected, _number(flood.INFLATED)
    )
    if _is_read(lab, exchange):
        raise Failed(
            f"it was all inflated: {replies.told(exchange)}",
            symptom=Symptom.LET_IN,
            expected=expected,
        )
    return _refused(exchange, expected, "at once")


@risky(Level.SHOULD, spec=sources.BOMBS, needs=(Claim.DATA_URL,))
def decompression_bomb_is_survived(lab: Lab) -> Dialogue:
    """A small file of very many pixels is answered or refused, without a crash or a hang."""
    yield from ways.through(lab, Inline(), "base64/plain")
    expected = "an answer, or a 4xx with an error object"
    exchange = yield from _outlived(
        questions.ask_code(_bomb(lab.pictures["sheet-11"])), expected, _number(BOMB)
    )
    if exchange.status == 200 and not exchange.reply.is_error:
        return Observed(expected=expected, actual=replies.told(exchange))
    return _refused(exchange, expected, "refused")


def _outlived(probe: Probe, expected: str, number: int) -> Steps[Exchange]:
    """The reply to a risky probe; Failed where there is none, and there is one to a plain one."""
    exchange = replies.judgeable((yield probe), Symptom.REFUSAL_BREAKS)
    # A question of its own: the reply to a shared one may be older than the damage.
    yield from aftermath.verify_alive(expected, sample=CONTROL + number)
    return exchange


def _refused(exchange: Exchange, expected: str, when: str) -> Observed:
    if not 400 <= exchange.status < 500:
        raise Failed(replies.told(exchange), symptom=Symptom.LET_IN, expected=expected)
    if not refusals.has_error_object(exchange):
        raise Failed(
            f"no error object in {replies.told(exchange)}",
            symptom=Symptom.NO_ERROR_OBJECT,
            expected=expected,
        )
    return Observed(expected=expected, actual=f"{when}: {replies.told(exchange)}")


def _is_read(lab: Lab, exchange: Exchange) -> bool:
    return answers.reads(exchange.reply.text, lab.pictures["sheet-10"].facts.code)


def _mega(size: int) -> str:
    return f"{size / 1e6:.0f} MB"


@lru_cache(maxsize=2)
def _bomb(picture: Picture) -> Picture:
    """The picture at 377 million pixels. It shows the same."""
    # Of what it is made of: zlib's bytes differ from one version to the next.
    digest = hashlib.sha256(f"{picture.sha256} at {BOMB_WIDTH}".encode()).hexdigest()
    return replace(
        picture,
        data=bomb.blown_up(picture.data, BOMB_WIDTH),
        sha256=digest,
        file=f"{picture.id}-bomb.png",
        width=BOMB_WIDTH,
        height=picture.height * BOMB_WIDTH // picture.width,
        mode="1",
    )


def _number(kind: str) -> int:
    """A number of its own for what is asked after each danger."""
    return (*flood.KINDS, BOMB).index(kind)


@risky(
    Level.MUST, spec=sources.ERROR_CODES, over=DANGERS, needs=(Claim.READING,), guess=codes.GUESS
)
def endpoint_is_not_broken(lab: Lab, kind: str) -> Dialogue:
    """After an endless, inflated or exploding picture a plain one is read as before."""
    via = yield from ways.transport(lab)
    probe = (
        questions.ask_code(_bomb(lab.pictures["sheet-11"])) if kind == BOMB else _flooded(lab, kind)
    )
    danger = yield probe
    return (yield from aftermath.still_reads(lab, via, danger, CONTROL + _number(kind)))
