"""What replies and errors let slip: keys, addresses, and the insides of a program.

The requests are those of other checks, sent once for all of them. Every case looks at the replies
to one group of requests for one kind of leak.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from conformance.asking import prompts, questions, sources
from conformance.checks.base64.spellings import BROKEN
from conformance.checks.errors import PARTS
from conformance.checks.limits.many_pictures import MANY, crowd
from conformance.checks.url.downloads_that_fail import UNREACHED
from conformance.judging import leaks, replies
from conformance.model import (
    Claim,
    Credential,
    Dialogue,
    Exchange,
    Failed,
    Hosted,
    ImagePart,
    Inline,
    Json,
    Lab,
    Level,
    Observed,
    Param,
    Probe,
    Service,
    Steps,
    Symptom,
    Unobserved,
    Verbatim,
    canonical,
)
from conformance.registry import all_checks, check

#: A request and what it is, in a few words.
Request = tuple[str, Probe]
#: About the number of requests in the largest group.
STEPS = 24


def _values(check_id: str) -> list[tuple[str, Json]]:
    """What another check ranges over."""
    found = next(c for c in all_checks() if c.id == check_id)
    if not found.params:
        raise ValueError(f"{check_id} ranges over nothing")
    return [(param.id, param.value) for param in found.params]


def _answers(lab: Lab) -> Iterator[Request]:
    """Requests that are answered, where all is well."""
    yield "a plain question", replace(questions.READY, sample=2)
    yield "the list of models", Probe(service=Service.MODELS)
    if Claim.URL not in lab.target.unclaimed:
        yield "a picture by URL", questions.ask_code(lab.pictures["sheet-01"], Hosted())
    if Claim.DATA_URL not in lab.target.unclaimed:
        yield "a data URL", questions.ask_code(lab.pictures["sheet-01"], Inline())
        if Claim.STREAMING not in lab.target.unclaimed:
            yield "a stream", questions.ask_code(lab.pictures["sheet-02"], Inline(), stream=True)


def _wrong_requests(_: Lab) -> Iterator[Request]:
    """Requests that are wrong whatever pictures they hold."""
    yield "a wrong key", replace(questions.READY, credential=Credential.WRONG)
    yield "no key", replace(questions.READY, credential=Credential.NONE)
    yield "an unknown model", questions.UNKNOWN_MODEL
    for name, body in _values("errors/malformed-json-is-refused"):
        yield f"malformed JSON, {name}", Probe(raw_body=body)
    for member in ("messages", "model"):
        yield f"no {member}", replace(questions.READY, omit=(member,))
    for name, value in PARTS.items():
        part = _verbatim(value, whole_part=True)
        yield f"a malformed part, {name}", questions.ask(part, prompts.READY)


def _bad_pictures(lab: Lab) -> Iterator[Request]:
    """Data URLs that are broken, and pictures that are damaged, undocumented, or too many."""
    for name, via in BROKEN.items():
        yield f"a broken data URL, {name}", questions.ask_code(lab.pictures["sheet-07"], via)
    for check_id in ("base64/damaged-picture-is-refused", "base64/undocumented-format"):
        for name, picture_id in _values(check_id):
            yield f"the picture {name}", questions.ask_code(lab.pictures[picture_id])
    png = Inline(media_type="image/png")
    for name, picture_id in _values("base64/bytes-that-are-no-picture-are-refused"):
        yield f"no picture but {name}", questions.ask_code(lab.pictures[picture_id], png)
    if Claim.STREAMING not in lab.target.unclaimed:
        streamed = questions.ask_code(lab.pictures["text"], png, stream=True)
        yield "no picture but text, streamed", streamed
    missing = _verbatim({"type": "image_url"}, whole_part=True)
    yield "no image_url", questions.ask(missing, prompts.CODE)
    for name, detail in _values("detail/undocumented-value"):
        part = questions.image(lab.pictures["size-512x512"], Inline(), detail)
        yield f"the detail {name}", questions.ask(part, prompts.CODE)
    # Of more of them an endpoint may die, while others ask what it was that it died of.
    yield f"{MANY[0]} pictures", crowd(lab, Inline(), MANY[0], "first")[0]


def _bad_addresses(lab: Lab) -> Iterator[Request]:
    """URLs that are none, or where no picture is."""
    for name, hosted in UNREACHED.items():
        yield f"a failed download, {name}", questions.ask_code(lab.pictures["sheet-04"], hosted)
    if Claim.STREAMING not in lab.target.unclaimed:
        gone = questions.ask_code(lab.pictures["sheet-04"], Hosted(status=404), stream=True)
        yield "a failed download, streamed", gone
    yield "an empty url", questions.ask(_verbatim(""), prompts.CODE)
    for kind in ("url/url-that-is-no-string-is-refused", "url/url-that-is-no-address-is-refused"):
        for name, url in _values(kind):
            yield f"the url {name}", questions.ask(_verbatim(url), prompts.CODE)


def _verbatim(value: Json, *, whole_part: bool = False) -> ImagePart:
    via = Verbatim(json=canonical(value), whole_part=whole_part)
    return ImagePart(picture=None, via=via)


def _group(
    name: str, requests: Callable[[Lab], Iterator[Request]], needs: tuple[Claim, ...] = ()
) -> Param:
    return Param(id=name, value=requests, needs=frozenset(needs))


GROUPS = (
    _group("answers", _answers),
    _group("wrong-requests", _wrong_requests),
    _group("bad-pictures", _bad_pictures, (Claim.DATA_URL,)),
    _group("bad-addresses", _bad_addresses, (Claim.URL,)),
)
Requests = Callable[[Lab], Iterator[Request]]
#: How to look at one reply, knowing the request it answers.
Look = Callable[[Exchange], leaks.Find]


def _lets_nothing_slip(lab: Lab, requests: Requests, look: Look, what: str) -> Steps[Observed]:
    """Every reply is looked at, whatever was found in another."""
    expected = f"no {what} in any reply"
    leaky: dict[Exchange, str] = {}
    clean: list[Exchange] = []
    for name, probe in requests(lab):
        exchange = yield probe
        slip = _slip(exchange, look(exchange))
        if slip:
            leaky[exchange] = f"{slip} of the {exchange.status} to {name}"
        elif exchange.is_judgeable:
            clean.append(exchange)
    if leaky:
        told = next(iter(leaky.values()))
        more = f", and in {len(leaky) - 1} more" if len(leaky) > 1 else ""
        raise Failed(
            f"{told}{more}",
            symptom=Symptom.LEAKED,
            expected=expected,
            shown_by=tuple(leaky),
            spared=clean,
        )
    if not clean:
        raise Unobserved("there was no reply that can be judged", expected=expected)
    return Observed(expected=expected, actual=f"none in {len(clean)} replies", about=clean[-1])


def _slip(exchange: Exchange, find: leaks.Find) -> str:
    """What slipped and where, in words; "" where nothing did, or nothing came."""
    if not exchange.status:
        return ""
    for place, text in leaks.said(exchange):
        found = find(text)
        if found:
            return f"{replies.quote(found)} in {place}"
    return ""


@check(Level.MUST, spec=sources.KEY_SAFETY, over=GROUPS, steps=STEPS)
def key_of_the_caller_is_not_echoed(lab: Lab, requests: Requests) -> Dialogue:
    """No reply repeats the caller's own key in full."""
    return (yield from _lets_nothing_slip(lab, requests, lambda _: leaks.our_key, "key of ours"))


@check(Level.MUST, spec=sources.KEY_SAFETY, over=GROUPS, steps=STEPS)
def key_of_another_is_not_told(lab: Lab, requests: Requests) -> Dialogue:
    """No reply holds a key of the provider or of an upstream."""
    what = "key of somebody else"
    return (yield from _lets_nothing_slip(lab, requests, lambda _: leaks.their_key, what))


@check(Level.SHOULD, spec=sources.LEAKS, over=GROUPS, steps=STEPS)
def internal_address_is_not_told(lab: Lab, requests: Requests) -> Dialogue:
    """No reply names a host of a private network that the request did not name."""

    def look(exchange: Exchange) -> leaks.Find:
        return partial(leaks.internal_address, ours=leaks.our_hosts(lab.target, exchange))

    return (yield from _lets_nothing_slip(lab, requests, look, "internal address"))


@check(Level.SHOULD, spec=sources.LEAKS, over=GROUPS, steps=STEPS)
def traceback_is_not_told(lab: Lab, requests: Requests) -> Dialogue:
    """No reply holds a traceback."""
    return (yield from _lets_nothing_slip(lab, requests, lambda _: leaks.traceback, "traceback"))


@check(Level.SHOULD, spec=sources.LEAKS, over=GROUPS, steps=STEPS)
def heap_address_is_not_told(lab: Lab, requests: Requests) -> Dialogue:
    """No reply tells where in memory an object lies."""
    what = "address in memory"
    return (yield from _lets_nothing_slip(lab, requests, lambda _: leaks.heap_address, what))


@check(Level.SHOULD, spec=sources.LEAKS, over=GROUPS, steps=STEPS)
def object_is_not_spelled_out(lab: Lab, requests: Requests) -> Dialogue:
    """No reply shows an object as its programming language prints it."""
    what = "printed object"
    return (
        yield from _lets_nothing_slip(lab, requests, lambda _: leaks.object_representation, what)
    )


@check(Level.SHOULD, spec=sources.ERROR, over=GROUPS, steps=STEPS)
def base64_is_not_echoed(lab: Lab, requests: Requests) -> Dialogue:
    """No reply repeats the base64 of a picture."""

    def look(exchange: Exchange) -> leaks.Find:
        return partial(leaks.echoed_base64, payloads=leaks.payloads(exchange))

    return (yield from _lets_nothing_slip(lab, requests, look, "base64 of a picture"))


@check(Level.MAY, spec=sources.LEAKS, over=GROUPS, steps=STEPS)
def parser_is_not_named(lab: Lab, requests: Requests) -> Dialogue:
    """No reply names types or fields of the program that parsed the request."""
    what = "name from inside a parser"
    return (yield from _lets_nothing_slip(lab, requests, lambda _: leaks.parser_internals, what))
