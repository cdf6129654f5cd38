"""What dialogues are made of: questions to ask, and judgements that end them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator
from dataclasses import replace
from typing import TypeVar

from conformance import answers, prompts, sampling
from conformance.model import (
    Blocked,
    Claim,
    Exchange,
    Failed,
    Hosted,
    ImagePart,
    Inline,
    Json,
    Lab,
    Observed,
    Part,
    Picture,
    Probe,
    TextPart,
    Turn,
    Unobserved,
    Via,
    canonical,
)
from conformance.statuses import BUSY, GATEWAY
from conformance.wire.jsontext import NotJson, at, parse, text_at

T = TypeVar("T")
Steps = Generator[Probe, Exchange, T]

#: Characters of a provider's text that are quoted in a sentence.
QUOTED = 160
#: Characters of it that are looked at for that; a text of blanks may be long.
MOST_FOLDED = 10_000


# ---------------------------------------------------------------- questions


def text(words: str) -> TextPart:
    return TextPart(text=words)


def image(picture: Picture, via: Via | None = None, detail: Json = ...) -> ImagePart:
    """A picture as it is sent; ``detail`` is left out unless given."""
    written = None if detail is ... else canonical(detail)
    return ImagePart(picture=picture, via=via or Inline(), detail=written)


def ask(*parts: Part | str, stream: bool = False, **params: Json) -> Probe:
    """One user turn. Strings are text parts; ``params`` are members of the body."""
    return talk(turn(*parts), stream=stream, **params)


def turn(*parts: Part | str, role: str = "user") -> Turn:
    return Turn(parts=tuple(text(p) if isinstance(p, str) else p for p in parts), role=role)


def talk(*turns: Turn, stream: bool = False, **params: Json) -> Probe:
    """Several turns."""
    written = tuple(sorted((name, canonical(value)) for name, value in params.items()))
    return Probe(turns=turns, stream=stream, params=written)


def ask_code(picture: Picture, via: Via | None = None, **params: Json) -> Probe:
    """The plainest question: what code is in this picture?"""
    return ask(image(picture, via), prompts.CODE, **params)


READY = ask(prompts.READY)


# ---------------------------------------------------------------- replies


def quote(words: str) -> str:
    """Somebody's words as they may stand in a sentence; half characters become "?"."""
    folded = " ".join(words[:MOST_FOLDED].split()).encode("utf-8", "replace").decode()
    return f"“{folded[:QUOTED]}{'…' if len(folded) > QUOTED else ''}”" if folded else "nothing"


def shown(value: Json) -> str:
    """A JSON value as it may stand in a sentence, however deep and long it is."""
    try:
        return quote(canonical(value))
    except (RecursionError, ValueError):
        return "a value that is too deep or too long to be shown"


def told(exchange: Exchange) -> str:
    """What came back, in a few words."""
    if exchange.status == 200 and not exchange.reply.is_error:
        return f"200 and {quote(exchange.reply.text)}"
    words = exchange.reply.error_message or exchange.body[:400].decode("utf-8", "replace")
    return f"{exchange.status} and {quote(words)}"


def judgeable(exchange: Exchange) -> Exchange:
    """The exchange itself; raises Unobserved where nothing can be concluded from it."""
    if exchange.failure:
        raise Unobserved(exchange.failure, expected="a reply that can be judged")
    if exchange.status in BUSY or exchange.status in (402, 408):
        raise Unobserved(
            f"{told(exchange)} after {exchange.attempts} attempts",
            expected="a reply that can be judged",
            hint="the endpoint was busy or out of quota; lower --concurrency or run again",
        )
    if _is_filtered(exchange):
        raise Unobserved(
            f"a content filter stepped in: {told(exchange)}",
            expected="a reply that can be judged",
            hint="the pictures hold nothing but codes, colours and discs; run again",
        )
    return exchange


def _is_filtered(exchange: Exchange) -> bool:
    if exchange.reply.finish_reason == "content_filter":
        return True
    if exchange.status != 400:
        return False
    body = parse(exchange.body)
    code = "" if isinstance(body, NotJson) else text_at(body, "error", "code")
    return code in ("content_filter", "content_policy_violation", "image_content_policy_violation")


def answered(exchange: Exchange, expected: str) -> str:
    """The text of a good reply. Raises Failed for a refusal, Unobserved for a cut-off one."""
    judgeable(exchange)
    reply = exchange.reply
    if exchange.status != 200 or reply.is_error:
        raise Failed(told(exchange), expected=expected)
    if not reply.text.strip() and reply.finish_reason == "length":
        raise Unobserved(
            "the output limit was used up before the answer began",
            expected=expected,
            hint="raise output_tokens in the target file",
        )
    return reply.text


def until(probe: Probe, accepts: Callable[[str], bool], expected: str) -> Steps[Exchange]:
    """Asks until an answer is accepted, or the sequential test rejects: then raises Failed."""
    return until_reply(probe, lambda exchange: accepts(answered(exchange, expected)), expected)


def until_reply(
    probe: Probe, accepts: Callable[[Exchange], bool], expected: str
) -> Steps[Exchange]:
    """The same for replies as a whole; ``accepts`` may raise Failed by itself."""
    misses = 0
    while True:
        exchange = yield replace(probe, sample=misses)
        if exchange.status < 500 and accepts(exchange):
            return exchange
        judgeable(exchange)
        misses += 1
        if sampling.settled(0, misses) is False:
            actual = f"{told(exchange)}, and no better in {misses} attempts"
            raise Failed(actual, expected=expected)


def gathers(wanted: Collection[str], seen: set[str]) -> Callable[[str], bool]:
    """Accepts once every wanted code was named in some answer; adds what was named to ``seen``.

    One misreading among ten codes must not spoil the other nine.
    """

    def accepts(words: str) -> bool:
        seen.update(answers.codes_in(words))
        return seen.issuperset(wanted)

    return accepts


def reads(probe: Probe, code: str) -> Steps[Observed]:
    """The answer must name the code."""
    expected = f"the code {code}"
    exchange = yield from until(probe, lambda words: answers.reads(words, code), expected)
    return Observed(expected=expected, actual=told(exchange))


def has_content_type(exchange: Exchange, wanted: str) -> Observed:
    """The reply must have this content type, whatever its parameters."""
    found = exchange.header("content-type")
    if found.split(";")[0].strip().lower() != wanted:
        raise Failed(quote(found) if found else "no content type", expected=wanted)
    return Observed(expected=wanted, actual=quote(found))


# ---------------------------------------------------------------- refusals


def has_error_object(exchange: Exchange) -> bool:
    """True where the body is an error object with a message."""
    return bool(text_at(_json(exchange), "error", "message").strip())


def _json(exchange: Exchange) -> Json:
    value = parse(exchange.body)
    return None if isinstance(value, NotJson) else value


def refuses(probe: Probe, what: str) -> Steps[Observed]:
    """The request must be refused with a 4xx and an error object."""
    expected = f"a 4xx with an error object for {what}"
    exchange = yield probe
    if exchange.status in GATEWAY:
        yield from verify_alive(expected)
        yield probe  # What was seen last is what decided.
        raise Failed(f"{told(exchange)}, while it answers other requests", expected=expected)
    judgeable(exchange)
    if not 400 <= exchange.status < 500:
        raise Failed(told(exchange), expected=expected)
    if not has_error_object(exchange):
        raise Failed(f"no error object in {told(exchange)}", expected=expected)
    return Observed(expected=expected, actual=told(exchange))


def verify_alive(expected: str, sample: int = 1) -> Steps[None]:
    """A plain question must be answered; raises Unobserved where it is not."""
    control = yield replace(READY, sample=sample)
    if judgeable(control).status != 200:
        raise Unobserved(f"a plain question fails too: {told(control)}", expected=expected)


def refuses_or(
    probe: Probe, accepts: Callable[[str], bool], what: str, seen: str
) -> Steps[Observed]:
    """The request must be refused with an error object, or its picture read; never ignored."""
    expected = f"{seen}, or a 4xx with an error object, for {what}"
    exchange = yield probe
    if 400 <= exchange.status < 500:
        judgeable(exchange)
        if has_error_object(exchange):
            return Observed(expected=expected, actual=f"refused: {told(exchange)}")
        raise Failed(f"no error object in {told(exchange)}", expected=expected)
    if exchange.status in GATEWAY:
        yield from verify_alive(expected)
        yield probe
        raise Failed(f"{told(exchange)}, while it answers other requests", expected=expected)
    exchange = yield from until(probe, accepts, expected)
    return Observed(expected=expected, actual=f"accepted: {told(exchange)}")


def reads_or_refuses(probe: Probe, code: str, what: str) -> Steps[Observed]:
    """The code must be read, or the request refused with an error object."""
    seen = f"the code {code}"
    return refuses_or(probe, lambda words: answers.reads(words, code), what, seen)


# ---------------------------------------------------------------- prerequisites


def transport(lab: Lab) -> Steps[Via]:
    """The way pictures get through here: a data URL, or else an http URL. Raises Blocked."""
    ways: list[tuple[Claim, str, Via]] = [
        (Claim.DATA_URL, "base64/plain", Inline()),
        (Claim.URL, "url/plain", Hosted()),
    ]
    claimed = [(by, via) for claim, by, via in ways if claim not in lab.target.unclaimed]
    for _, via in claimed:
        if (yield from gets_through(lab, via)):
            return via
    by = claimed[0][0] if claimed else "base64/plain"
    raise Blocked(by, "no picture gets through, neither as a data URL nor by http URL")


def through(lab: Lab, via: Via, by: str) -> Steps[None]:
    """Raises Blocked by the named check unless the plainest picture gets through this way."""
    if not (yield from gets_through(lab, via)):
        raise Blocked(by, "the plainest picture does not get through this way")


def gets_through(lab: Lab, via: Via) -> Steps[bool]:
    """True where the plainest question about a picture is answered rightly."""
    try:
        yield from plainest(lab, via)
    except Failed:
        return False
    return True


def plainest(lab: Lab, via: Via) -> Steps[Observed]:
    """One clear picture, one plain question. An engine with test weights need only answer."""
    picture = lab.pictures["sheet-01"]
    probe = ask_code(picture, via)
    if Claim.READING not in lab.target.unclaimed:
        try:
            return (yield from reads(probe, picture.facts.code))
        except Failed as failed:
            if failed.actual.startswith("4"):
                claim = "url" if isinstance(via, Hosted) else "data_url"
                failed.hint = f"if it is refused by design, say {claim} = false under [claims]"
            raise
    exchange = yield probe
    answered(exchange, "an answer")
    return Observed(expected="an answer", actual=told(exchange))


# ---------------------------------------------------------------- usage

#: Several gateways add a token or two around a picture.
FRAMING = 4


def prompt_tokens(exchange: Exchange) -> int:
    """The prompt tokens of a good reply. Raises Blocked where no usage can be read."""
    answered(exchange, "a reply with usage")
    usage = exchange.reply.usage
    if usage is None or usage.prompt is None:
        raise Blocked("usage/counts-are-whole", "the reply carries no prompt_tokens")
    return usage.prompt


def cost(probe: Probe) -> Steps[int]:
    """Asks, and returns the prompt tokens."""
    exchange = yield probe
    return prompt_tokens(exchange)


def value_of(exchange: Exchange) -> Json:
    """The JSON value of a body. Raises Failed where it is none."""
    value = parse(exchange.body)
    if isinstance(value, NotJson):
        raise Failed(
            f"{exchange.status} and bytes that are not JSON: {value.reason}", expected="JSON"
        )
    return value


def member(exchange: Exchange, *path: str | int) -> Json:
    """A member of the body at a path; None where it is missing."""
    return at(_json(exchange), *path)
